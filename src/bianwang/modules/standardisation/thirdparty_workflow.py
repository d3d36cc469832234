"""The life of a service visit as a table."""

from __future__ import annotations

from typing import Any

from bianwang.platform.workflow.table import State, Transition, Workflow

DONE = ("accepted", "paid")
"""Visits that count as service."""


def _open(visit: Any) -> int:
    found: int = visit.findings.filter(hazard__isnull=True).count()
    return found


def _transfer(visit: Any, user: Any) -> str | None:
    return None if _open(visit) else "没有待转入的问题。"


def _accept(visit: Any, user: Any) -> str | None:
    if waiting := _open(visit):
        return f"还有 {waiting} 个问题没有转入隐患，请先“问题转入隐患”。"
    if user is not None and visit.made_by_id == user.pk:
        return "登记人不能验收自己登记的服务，请由他人验收。"
    return None


def _reject(visit: Any, user: Any) -> str | None:
    kept = visit.findings.filter(hazard__isnull=False).exists()
    return "问题已转入隐患，服务已经发生，不能不予验收。" if kept else None


VISIT = Workflow(
    "service_visit",
    (
        State("entered", "待验收", todo="standardisation.contract"),
        State("accepted", "已验收", "blue"),
        State("paid", "已付款", "green", final=True),
        State("rejected", "不予验收", final=True),
    ),
    (
        Transition(
            "transfer", "问题转入隐患", ("entered",), "*", "standardisation.serve",
            "standardisation.visit_transfer", guard=_transfer,
        ),
        Transition(
            "accept", "验收", ("entered",), "accepted", "standardisation.contract",
            "standardisation.visit_accept", guard=_accept, primary=True,
        ),
        Transition(
            "reject", "不予验收", ("entered",), "rejected", "standardisation.contract",
            "standardisation.visit_reject", reason=True, guard=_reject,
        ),
        Transition("pay", "付款", ("accepted",), "paid", "", "standardisation.visit_pay"),
    ),
)  # fmt: skip
