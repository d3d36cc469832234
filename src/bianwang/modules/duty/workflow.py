"""The life of a roster as a table."""

from __future__ import annotations

from bianwang.platform.workflow.table import State, Transition, Workflow

ROSTER = Workflow(
    "roster",
    (
        State("draft", "编制中", "orange", todo="duty.roster"),
        State("published", "已发布", "green"),
        State("discarded", "已作废", final=True),
    ),
    (
        Transition("publish", "发布", ("draft",), "published", "duty.roster", "duty.publish", primary=True),
        Transition("discard", "作废", ("draft",), "discarded", "duty.roster", "duty.discard", reason=True),
    ),
)
