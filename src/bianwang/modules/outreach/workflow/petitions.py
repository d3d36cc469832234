"""The life of a petition (信访) as a table: its limits of time are rows of the policy table."""

from __future__ import annotations

from typing import Any

from bianwang.platform.clock import now
from bianwang.platform.workflow.table import Deadline, State, Transition, Workflow

_OPEN = ("registered", "accepted", "handling", "answered", "reviewing", "reviewed", "rechecking")
_ASK = Deadline("outreach.petition_ask")


def _extend(petition: Any, user: Any) -> str | None:
    return "办理期限只能延长一次，已经延长过。" if petition.extended else None


def _may_ask(petition: Any, user: Any) -> str | None:
    if petition.due_at is not None and petition.due_at < now():
        return "申请复查、复核的期限已过，不再受理。"
    return None


def _close(petition: Any, user: Any) -> str | None:
    if petition.due_at is not None and petition.due_at >= now():
        return "信访人还可以申请复查或复核，期满后才能办结；已书面同意的请“息诉办结”。"
    return None


def _step(
    code: str, name: str, sources: tuple[str, ...], target: str, permission: str = "petition", **more: Any
) -> Transition:
    return Transition(code, name, sources, target, f"outreach.{permission}", f"outreach.petition_{code}", **more)


PETITION = Workflow(
    "petition",
    (
        State("registered", "待受理", todo="outreach.petition"),
        State("accepted", "已受理", todo="outreach.petition"),
        State("handling", "办理中", "blue", todo="outreach.petition_handle"),
        State("answered", "已答复", todo="outreach.petition"),
        State("reviewing", "复查中", "blue", todo="outreach.petition"),
        State("reviewed", "已复查", todo="outreach.petition"),
        State("rechecking", "复核中", "blue", todo="outreach.petition"),
        State("closed", "办结", "green", final=True),
        State("declined", "不予受理", final=True),
    ),
    (
        _step(
            "accept",
            "受理并告知",
            ("registered",),
            "accepted",
            deadline=Deadline("outreach.petition_answer"),
            primary=True,
        ),
        _step("transfer", "转办", ("accepted",), "handling", primary=True),
        _step("answer", "书面答复", ("handling",), "answered", "petition_handle", deadline=_ASK, primary=True),
        _step(
            "close", "期满办结", ("answered", "reviewed"), "closed", guard=_close, clears_deadline=True, primary=True
        ),
        _step(
            "review",
            "登记复查申请",
            ("answered",),
            "reviewing",
            deadline=Deadline("outreach.petition_review"),
            guard=_may_ask,
        ),
        _step("reviewed", "登记复查意见", ("reviewing",), "reviewed", deadline=_ASK, primary=True),
        _step(
            "recheck",
            "登记复核申请",
            ("reviewed",),
            "rechecking",
            deadline=Deadline("outreach.petition_recheck"),
            guard=_may_ask,
        ),
        _step("rechecked", "登记复核意见", ("rechecking",), "closed", clears_deadline=True, primary=True),
        _step("settle", "息诉办结", ("answered", "reviewed"), "closed", reason=True, clears_deadline=True),
        _step("recall", "收回重新转办", ("handling",), "accepted", reason=True),
        _step("extend", "批准延长办理", ("handling",), "*", "petition_extend", reason=True, guard=_extend),
        _step("decline", "不予受理", ("registered",), "declined", reason=True, clears_deadline=True),
        Transition("identity", "登记信访人信息", _OPEN, "*", "outreach.petition"),
    ),
)
