"""The life of an inspection as a table. Guards speak of one inspection and one person."""

from __future__ import annotations

from typing import Any

from bianwang.platform.workflow.table import State, Transition, Workflow

OPEN = ("draft", "submitted", "signed")
"""States in which something is still to be done."""

FROZEN = ("signed", "done", "void")
"""States in which what was filled in never changes: the party has signed, or it counts no more."""


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
        Transition("reopen", "继续检查", ("submitted",), "draft", ""),
        Transition("sign", "签字确认", ("submitted",), "signed", "", guard=_sign),
        Transition("complete", "办结", ("signed",), "done", "inspections.inspect", guard=_complete, primary=True),
        Transition("void", "作废", OPEN, "void", "inspections.void", reason=True),
    ),
)
