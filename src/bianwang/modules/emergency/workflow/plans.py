"""The life of a plan (预案) as a table."""

from __future__ import annotations

from typing import Any

from bianwang.platform.workflow.table import State, Transition, Workflow

IN_FORCE = ("issued", "filed")
_PREPARE = "emergency.prepare"


def _complete(plan: Any, user: Any) -> str | None:
    """What a plan must have before others judge it."""
    return None if plan.has_file else "还没有上传预案文本，请先“更正”并上传文件。"


PLAN = Workflow(
    "emergency plan",
    (
        State("drafting", "编制中", "orange"),
        State("review", "评审中", "blue", todo=_PREPARE),
        State("issued", "已发布", "green"),
        State("filed", "已备案", "green"),
        State("repealed", "已废止", final=True),
    ),
    (
        Transition(
            "submit",
            "送评审",
            ("drafting",),
            "review",
            _PREPARE,
            verb="emergency.plan_submit",
            guard=_complete,
            primary=True,
        ),
        Transition("return", "退回修改", ("review",), "drafting", _PREPARE, verb="emergency.plan_return", reason=True),
        Transition("issue", "批准并发布", ("review",), "issued", _PREPARE, verb="emergency.plan_issue", primary=True),
        Transition(
            "file", "登记备案", ("issued",), "filed", _PREPARE, verb="emergency.plan_file", reason=True, primary=True
        ),
        Transition("assess", "登记评估", IN_FORCE, "*", _PREPARE, verb="emergency.plan_assess", reason=True),
        Transition(
            "repeal",
            "废止",
            ("drafting", "review", *IN_FORCE),
            "repealed",
            _PREPARE,
            verb="emergency.plan_repeal",
            reason=True,
            clears_deadline=True,
        ),
    ),
)
