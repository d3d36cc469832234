"""The life of an inspection as a table. Guards speak of one inspection and one person."""

from __future__ import annotations

from typing import Any

from bianwang.platform.workflow.table import State, Transition, Workflow

OPEN = ("draft", "submitted", "signed")
"""States in which something is still to be done."""

FROZEN = ("submitted", "signed", "done", "void")
"""States in which what was filled in never changes: the party has signed, or it counts no more."""

OWING = ("draft", "submitted")
"""States in which pictures are still received."""


def _sign(inspection: Any, user: Any) -> str | None:
    missing = len(inspection.missing())
    return f"还有 {missing} 张照片或签字没有收到，请等手机上传完成。" if missing else None


def _complete(inspection: Any, user: Any) -> str | None:
    return inspection.obstacle(user) or None


WORKFLOW = Workflow(
    "inspection",
    (
        State("draft", "检查中"),
        State("submitted", "待上传", "orange"),
        State("signed", "待办结", "orange", todo="inspections.inspect"),
        State("done", "已办结", "green", final=True),
        State("void", "已作废", final=True),
    ),
    (
        Transition("submit", "提交", ("draft",), "submitted", ""),
        Transition("sign", "签字确认", ("submitted",), "signed", "", guard=_sign),
        Transition("complete", "办结", ("signed",), "done", "inspections.inspect", guard=_complete, primary=True),
        Transition("discard", "弃用草稿", ("draft",), "void", "inspections.inspect", reason=True),
        Transition("void", "作废", ("submitted", "signed"), "void", "inspections.void", reason=True),
    ),
)
