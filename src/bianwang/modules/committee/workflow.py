"""The lives of an assignment and of a supervised matter as tables. Guards speak of one row and one person."""

from __future__ import annotations

from typing import Any

from bianwang.modules.committee.units import answers_for
from bianwang.platform.workflow.table import State, Transition, Workflow

PENDING = ("issued", "signed")
"""States in which the unit has to act."""

COUNTED = ("issued", "signed", "submitted", "passed", "closed")
"""States of what was neither cancelled nor revoked."""


def _own(row: Any, user: Any) -> str | None:
    """Only the unit itself answers."""
    if user is not None and not answers_for(user, row.unit_id):
        return f"只能由{row.unit}的人员签收和答复。"
    return None


def _apply(row: Any, user: Any) -> str | None:
    if _waiting(row) is not None:
        return "已有一份延期申请等待审批，请等审批后再申请。"
    return _own(row, user)


def _decide(row: Any, user: Any) -> str | None:
    wish = _waiting(row)
    if wish is None:
        return "没有等待审批的延期申请。"
    if user is not None and wish.applied_by_id == user.pk:
        return "申请人不能审批自己的延期申请，请由他人审批。"
    return None


def _verify(row: Any, user: Any) -> str | None:
    if user is not None and row.submitted_by_id == user.pk:
        return "报结人不能核验自己办理的事项，请由他人核验。"
    return None


def _unlist(row: Any, user: Any) -> str | None:
    if row.hazard is not None and not row.hazard.state_row.final:
        return f"隐患 {row.hazard.number} 尚未销号，不能摘牌，请先办结隐患。"
    if row.assignment is not None and not row.assignment.state_row.final:
        return f"任务 {row.assignment.task.number} 尚未销号，不能摘牌，请先办结任务。"
    return _verify(row, user)


def _waiting(row: Any) -> Any:
    return row.wishes.filter(approved__isnull=True).first()


ASSIGNMENT = Workflow(
    "assignment",
    (
        State("issued", "待签收", todo="committee.answer"),
        State("signed", "办理中", todo="committee.answer"),
        State("submitted", "待审核", todo="committee.assign"),
        State("passed", "待销号", todo="committee.decide"),
        State("closed", "已销号", "green", final=True),
        State("cancelled", "已取消", final=True),
    ),
    (
        Transition("sign", "签收", ("issued",), "signed", "committee.answer", guard=_own, primary=True),
        Transition(
            "submit",
            "报告办结",
            ("signed",),
            "submitted",
            "committee.answer",
            guard=_own,
            clears_deadline=True,
            primary=True,
        ),
        Transition("report", "反馈进展", ("signed",), "*", "committee.answer", guard=_own),
        Transition("pass", "审核通过", ("submitted",), "passed", "committee.assign", guard=_verify, primary=True),
        Transition("return", "退回", ("submitted",), "signed", "committee.assign", reason=True, guard=_verify),
        Transition("close", "销号", ("passed",), "closed", "committee.decide", clears_deadline=True, primary=True),
        Transition("postpone", "调整时限", PENDING, "*", "committee.decide", reason=True),
        Transition("cancel", "取消", PENDING, "cancelled", "committee.assign", reason=True, clears_deadline=True),
        Transition("escalate", "逾期上报", PENDING, "*", ""),
    ),
)

SUPERVISION = Workflow(
    "supervision",
    (
        State("issued", "待签收", todo="committee.answer"),
        State("signed", "督办中", todo="committee.answer"),
        State("submitted", "待核验", todo="committee.decide"),
        State("closed", "已摘牌", "green", final=True),
        State("revoked", "已撤销", final=True),
    ),
    (
        Transition(
            "sign",
            "签收",
            ("issued",),
            "signed",
            "committee.answer",
            "committee.supervise_sign",
            guard=_own,
            primary=True,
        ),
        Transition(
            "submit",
            "报告办结",
            ("signed",),
            "submitted",
            "committee.answer",
            "committee.supervise_submit",
            guard=_own,
            clears_deadline=True,
            primary=True,
        ),
        Transition(
            "apply",
            "申请延期",
            ("signed",),
            "*",
            "committee.answer",
            "committee.supervise_apply",
            reason=True,
            guard=_apply,
        ),
        Transition(
            "decide", "审批延期", ("signed",), "*", "committee.decide", "committee.supervise_decide", guard=_decide
        ),
        Transition(
            "unlist",
            "核验摘牌",
            ("submitted",),
            "closed",
            "committee.decide",
            "committee.supervise_unlist",
            reason=True,
            guard=_unlist,
            clears_deadline=True,
            primary=True,
        ),
        Transition(
            "return",
            "退回",
            ("submitted",),
            "signed",
            "committee.decide",
            "committee.supervise_return",
            reason=True,
            guard=_verify,
        ),
        Transition(
            "revoke",
            "撤销督办",
            PENDING,
            "revoked",
            "committee.decide",
            "committee.supervise_revoke",
            reason=True,
            clears_deadline=True,
        ),
        Transition("escalate", "逾期上报", PENDING, "*", "", "committee.supervise_escalate"),
    ),
)

RECEIPT = Workflow(
    "receipt",
    (
        State("pending", "未送达"),
        State("delivered", "待阅", todo="committee.answer"),
        State("read", "已阅", todo="committee.answer"),
        State("done", "已落实", "green", final=True),
    ),
    (
        Transition("deliver", "送达", ("pending",), "delivered", "", "committee.deliver"),
        Transition("phone", "登记电话送达", ("pending",), "delivered", "committee.assign", reason=True, primary=True),
        Transition("read", "确认已阅", ("delivered",), "read", "committee.answer", guard=_own, primary=True),
        Transition(
            "done",
            "报告已落实",
            ("read",),
            "done",
            "committee.answer",
            guard=_own,
            clears_deadline=True,
            primary=True,
        ),
        Transition("remind", "提醒", ("delivered", "read"), "*", "", "committee.remind"),
    ),
)

UNANSWERED = ("pending", "delivered", "read")
"""States of a receipt in which nothing was reported back."""
