"""The lives of the module's things as tables."""

from __future__ import annotations

from typing import Any

from bianwang.platform.access import role_codes
from bianwang.platform.roles import NAMES
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


def _turn(round_: Any, user: Any) -> str | None:
    if user is None:
        return None
    if round_.assignee_id is not None:
        return None if round_.assignee_id == user.pk else f"这一轮由{round_.assignee}巡检。"
    if round_.role not in role_codes(user):
        return f"这一轮由{NAMES[round_.role]}巡检。"
    return None


def walks(round_: Any, user: Any) -> str | None:
    """Why this person may not look in this round now, or None."""
    if round_.state != "walking":
        return f"这一轮现为“{round_.state_row.name}”，不在巡检中。"
    return None if round_.walked_by_id == user.pk else f"这一轮由{round_.walked_by}开始，须由本人完成。"


def _started(round_: Any, user: Any) -> str | None:
    if round_.walked_by_id is not None and user is not None and round_.walked_by_id != user.pk:
        return f"这一轮由{round_.walked_by}开始，须由本人完成。"
    left = round_.looks.filter(result="").count()
    return f"还有 {left} 台摄像机没有看，看完后再完成。" if left else None


ROUND = Workflow(
    "round",
    (
        State("planned", "待巡检", "secondary", todo="patrol.walk"),
        State("walking", "巡检中", "blue"),
        State("finished", "已完成", "green", final=True),
        State("missed", "漏检", "red", final=True),
        State("cancelled", "已取消", "secondary", final=True),
    ),
    (
        Transition("start", "开始巡检", ("planned",), "walking", "patrol.walk", guard=_turn, primary=True),
        Transition(
            "finish",
            "完成巡检",
            ("walking",),
            "finished",
            "patrol.walk",
            guard=_started,
            primary=True,
            clears_deadline=True,
        ),
        Transition("late", "逾时", ("planned", "walking"), "*", ""),
        Transition("miss", "漏检", ("planned", "walking"), "missed", "", clears_deadline=True),
        Transition("cancel", "取消本轮", ("planned",), "cancelled", "patrol.plan", reason=True, clears_deadline=True),
    ),
)
