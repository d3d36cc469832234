"""The lives of an application and of a licence as tables. Guards speak of one row and one person."""

from __future__ import annotations

from typing import Any

from bianwang.platform.workflow.table import Deadline, State, Transition, Workflow

PENDING = ("submitted", "reviewing", "decided")
"""States in which a time limit runs for the bureau."""

FINAL = ("rejected", "delivered", "recalled")


def _once(application: Any, user: Any) -> str | None:
    return "补正已经一次性告知过，不能再次告知，请受理或决定不予受理。" if application.corrected else None


def _stop(application: Any, user: Any) -> str | None:
    return None if application.rules.stops else "这类事项的规定没有可以扣除的时间。"


def _extend(application: Any, user: Any) -> str | None:
    return "办理期限只能延长一次，已经延长过。" if application.extended_days else None


def _forward(application: Any, user: Any) -> str | None:
    if not application.rules.forwarded:
        return "这类事项由本局决定，不转报。"
    return not_visited(application)


def not_visited(application: Any) -> str | None:
    """Why nothing can be granted or handed up yet."""
    if application.needs_visit and not application.visits.exists():
        return "这类事项须现场核查，请先登记现场核查。"
    return None


def _decide(application: Any, user: Any) -> str | None:
    if application.state == "reviewing" and application.rules.forwarded:
        return f"这类事项由{application.rules.decided_by}决定，请先“转报”。"
    return None


APPLICATION = Workflow(
    "application",
    (
        State("submitted", "待受理", todo="licensing.accept"),
        State("correcting", "待补正", todo="licensing.apply"),
        State("reviewing", "审查中", "blue", todo="licensing.review"),
        State("stopped", "时限中止", todo="licensing.review"),
        State("forwarded", "已转报", todo="licensing.decide"),
        State("decided", "待送达", "blue", todo="licensing.deliver"),
        State("delivered", "已办结", "green", final=True),
        State("rejected", "不予受理", final=True),
        State("recalled", "已撤回", final=True),
    ),
    (
        Transition("accept", "受理", ("submitted",), "reviewing", "licensing.accept", primary=True),
        Transition(
            "correct",
            "一次性告知补正",
            ("submitted",),
            "correcting",
            "licensing.accept",
            reason=True,
            guard=_once,
            clears_deadline=True,
        ),
        Transition(
            "resubmit",
            "提交补正材料",
            ("correcting",),
            "submitted",
            "licensing.apply",
            deadline=Deadline("licensing.accept"),
            primary=True,
        ),
        Transition(
            "reject", "不予受理", ("submitted",), "rejected", "licensing.accept", reason=True, clears_deadline=True
        ),
        Transition("visit", "登记现场核查", ("reviewing", "stopped"), "*", "licensing.review"),
        Transition(
            "stop",
            "中止计时",
            ("reviewing",),
            "stopped",
            "licensing.review",
            reason=True,
            guard=_stop,
            clears_deadline=True,
        ),
        Transition("resume", "恢复计时", ("stopped",), "reviewing", "licensing.review", primary=True),
        Transition("extend", "批准延长期限", ("reviewing",), "*", "licensing.extend", reason=True, guard=_extend),
        Transition(
            "forward",
            "转报",
            ("reviewing",),
            "forwarded",
            "licensing.review",
            guard=_forward,
            clears_deadline=True,
            primary=True,
        ),
        Transition(
            "decide",
            "决定",
            ("reviewing", "forwarded"),
            "decided",
            "licensing.decide",
            guard=_decide,
            deadline=Deadline("licensing.deliver"),
            primary=True,
        ),
        Transition(
            "deliver", "送达", ("decided",), "delivered", "licensing.deliver", clears_deadline=True, primary=True
        ),
        Transition(
            "recall",
            "撤回申请",
            ("submitted", "correcting", "reviewing", "stopped"),
            "recalled",
            "licensing.apply",
            reason=True,
            clears_deadline=True,
        ),
        Transition("escalate", "逾期上报", PENDING, "*", ""),
    ),
)

# What follows from an application's decision is the platform's own step: nobody changes a licence without one.
LICENCE = Workflow(
    "licence",
    (
        State("valid", "有效", "green"),
        State("expired", "已到期", "red", todo="licensing.register"),
        State("cancelled", "已注销", final=True),
        State("withdrawn", "已撤销", final=True),
        State("revoked", "已吊销", final=True),
    ),
    (
        Transition("revoke", "登记吊销", ("valid", "expired"), "revoked", "licensing.register", reason=True),
        Transition("correct", "更正", ("valid", "expired"), "*", "", "licensing.licence_correct"),
        Transition("remind", "到期提醒", ("valid",), "*", ""),
        Transition("expire", "到期", ("valid",), "expired", ""),
        Transition("renew", "延期", ("valid", "expired"), "valid", "", "licensing.licence_renew"),
        Transition("change", "变更", ("valid", "expired"), "*", "", "licensing.licence_change"),
        Transition("replace", "补发", ("valid", "expired"), "*", "", "licensing.licence_replace"),
        Transition("cancel", "注销", ("valid", "expired"), "cancelled", "", "licensing.licence_cancel"),
        Transition("withdraw", "撤销", ("valid", "expired"), "withdrawn", "", "licensing.licence_withdraw"),
    ),
)
