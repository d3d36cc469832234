"""The life of a drill (演练) as a table."""

from __future__ import annotations

from typing import Any

from bianwang.platform.workflow.table import State, Transition, Workflow

HELD = ("held", "evaluated", "closed")
_PREPARE = "emergency.prepare"


def _improved(drill: Any, user: Any) -> str | None:
    """Everything that was found is put right before a drill is closed."""
    left = drill.items.filter(done_on__isnull=True).count()
    return f"还有 {left} 项整改没有完成，请先逐项登记完成。" if left else None


DRILL = Workflow(
    "emergency drill",
    (
        State("planned", "计划中", "orange"),
        State("held", "已开展，待评估", "blue", todo=_PREPARE),
        State("evaluated", "已评估，整改中", "blue"),
        State("closed", "已办结", "green", final=True),
        State("cancelled", "已取消", final=True),
    ),
    (
        Transition("hold", "登记开展情况", ("planned",), "held", _PREPARE, verb="emergency.drill_hold", primary=True),
        Transition("evaluate", "评估", ("held",), "evaluated", _PREPARE, verb="emergency.drill_evaluate", primary=True),
        Transition(
            "close",
            "整改完成并办结",
            ("evaluated",),
            "closed",
            _PREPARE,
            verb="emergency.drill_close",
            guard=_improved,
            primary=True,
        ),
        Transition(
            "cancel", "取消演练", ("planned",), "cancelled", _PREPARE, verb="emergency.drill_cancel", reason=True
        ),
    ),
)
