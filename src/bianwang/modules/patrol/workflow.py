"""The lives of the module's things as tables."""

from __future__ import annotations

from typing import Any

from bianwang.platform.workflow.table import Deadline, State, Transition, Workflow


def _another(suspicion: Any, user: Any) -> str | None:
    if user is not None and suspicion.raised_by_id == user.pk:
        return "您提请复核的情形须由他人复核。"
    return None


def _judgement(code: str, name: str, target: str, *, primary: bool = False) -> Transition:
    """One of the three answers; what nobody could tell may still be judged when more is known."""
    sources = ("open",) if target == "unclear" else ("open", "unclear")
    return Transition(
        code,
        name,
        sources,
        target,
        "patrol.judge",
        reason=True,
        clears_deadline=True,
        guard=_another,
        primary=primary,
    )


SUSPICION = Workflow(
    "suspicion",
    (
        State("open", "待复核", "orange", todo="patrol.judge_duty"),
        State("confirmed", "属实", "red", final=True),
        State("rejected", "不属实", "secondary", final=True),
        State("unclear", "无法判断", "yellow"),
    ),
    (
        _judgement("confirm", "属实", "confirmed", primary=True),
        _judgement("reject", "不属实", "rejected"),
        _judgement("unclear", "无法判断", "unclear"),
        Transition(
            "reopen",
            "更正复核",
            ("confirmed", "rejected"),
            "open",
            "patrol.judge",
            reason=True,
            deadline=Deadline("patrol.judge"),
        ),
    ),
)
