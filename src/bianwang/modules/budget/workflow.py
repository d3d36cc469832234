"""A year's budget is drawn up, replied to by the finance bureau, carried out, and settled."""

from __future__ import annotations

from datetime import date
from typing import Any

from bianwang.platform.clock import today
from bianwang.platform.workflow.table import State, Transition, Workflow

EDIT = "budget.edit"


def _is_over(year: Any, user: Any) -> str | None:
    """A final account is of a year that has passed."""
    return None if today() > date(year.year, 12, 31) else f"{year.year}年还没有结束，不能登记决算批复。"


YEAR = Workflow(
    "budget.year",
    states=(
        State("draft", "编制中", "secondary"),
        State("approved", "执行中", "blue"),
        State("closed", "已决算", "green"),
    ),
    transitions=(
        Transition("approve", "登记预算批复", ("draft",), "approved", EDIT, primary=True),
        Transition("close", "登记决算批复", ("approved",), "closed", EDIT, guard=_is_over),
        Transition("reopen", "退回执行中", ("closed",), "approved", EDIT, reason=True),
        Transition("redraft", "退回编制", ("approved",), "draft", EDIT, reason=True),
    ),
)
