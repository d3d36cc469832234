"""The life of a task as a table."""

from __future__ import annotations

from bianwang.platform.workflow.table import State, Transition, Workflow

TASK = Workflow(
    "emergency task",
    (
        State("sent", "待签收", "orange", todo="emergency.answer"),
        State("signed", "执行中", "blue"),
        State("done", "已完成", "green", final=True),
        State("cancelled", "已取消", final=True),
    ),
    (
        Transition(
            "sign",
            "签收",
            ("sent",),
            "signed",
            "emergency.answer",
            verb="emergency.task_sign",
            clears_deadline=True,
            primary=True,
        ),
        Transition(
            "phone",
            "登记电话签收",
            ("sent",),
            "signed",
            "emergency.command",
            verb="emergency.task_phone",
            reason=True,
            clears_deadline=True,
        ),
        Transition("report", "反馈进展", ("signed",), "*", "emergency.answer", verb="emergency.task_report"),
        Transition(
            "finish", "报告完成", ("signed",), "done", "emergency.answer", verb="emergency.task_done", primary=True
        ),
        Transition(
            "settle",
            "登记电话报告完成",
            ("signed",),
            "done",
            "emergency.command",
            verb="emergency.task_done",
            reason=True,
        ),
        Transition(
            "cancel",
            "取消任务",
            ("sent", "signed"),
            "cancelled",
            "emergency.command",
            verb="emergency.task_cancel",
            reason=True,
            clears_deadline=True,
        ),
    ),
)
