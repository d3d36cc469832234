"""The lives of a report and of a town's sheet as tables. Guards speak of one row and one person."""

from __future__ import annotations

from typing import Any

from bianwang.platform.workflow.table import State, Transition, Workflow

WAITED_FOR = ("asked", "returned")
"""States of a sheet in which its town has to act."""


def _open(sheet: Any, user: Any) -> str | None:
    return None if sheet.report.state == "collecting" else f"{sheet.report}{sheet.report.state_row.name}，不能再改。"


REPORT = Workflow(
    "disaster report",
    (
        State("collecting", "填报汇总中", "orange", todo="disasters.file"),
        State("filed", "已上报", "green", final=True),
        State("dropped", "已取消", final=True),
    ),
    (
        Transition(
            "file",
            "上报",
            ("collecting",),
            "filed",
            "disasters.file",
            verb="disasters.report_file",
            clears_deadline=True,
            primary=True,
        ),
        Transition("escalate", "逾期上报局领导", ("collecting",), "*", "", verb="disasters.report_late"),
        Transition("drop", "取消", ("collecting",), "dropped", "", verb="disasters.report_drop", clears_deadline=True),
    ),
)

SHEET = Workflow(
    "town sheet",
    (
        State("asked", "待填报", "orange", todo="disasters.fill"),
        State("returned", "已退回", "red", todo="disasters.fill"),
        State("filled", "已填报", "blue"),
        State("summed", "已汇总", "green", final=True),
        State("missing", "未报", "red", final=True),
        State("dropped", "已取消", final=True),
    ),
    (
        Transition(
            "fill",
            "填报",
            WAITED_FOR,
            "filled",
            "disasters.fill",
            verb="disasters.sheet_fill",
            guard=_open,
            clears_deadline=True,
            primary=True,
        ),
        Transition(
            "enter",
            "代填（电话上报）",
            (*WAITED_FOR, "filled"),
            "filled",
            "disasters.file",
            verb="disasters.sheet_enter",
            reason=True,
            clears_deadline=True,
            guard=_open,
        ),
        Transition(
            "change", "更正填报", ("filled",), "*", "disasters.fill", verb="disasters.sheet_change", guard=_open
        ),
        Transition(
            "return",
            "退回重填",
            ("filled",),
            "returned",
            "disasters.file",
            verb="disasters.sheet_return",
            reason=True,
            guard=_open,
        ),
        Transition("escalate", "逾期提醒", WAITED_FOR, "*", "", verb="disasters.sheet_late"),
        Transition("sum", "汇总", ("filled",), "summed", "", verb="disasters.sheet_sum", clears_deadline=True),
        Transition("miss", "未报", WAITED_FOR, "missing", "", verb="disasters.sheet_miss", clears_deadline=True),
        Transition("drop", "取消", ("*",), "dropped", "", verb="disasters.sheet_drop", clears_deadline=True),
    ),
)
