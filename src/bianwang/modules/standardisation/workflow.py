"""The lives of a self-rating, a grade and a subsidy as tables. Guards speak of one row and one person."""

from __future__ import annotations

from typing import Any

from bianwang.platform.clock import today
from bianwang.platform.workflow.table import State, Transition, Workflow

OPEN = ("applied", "reviewing", "publicity")
"""States of a grade that is being decided."""


def _conclude(grade: Any, user: Any) -> str | None:
    if grade.notice_until and today() <= grade.notice_until:
        return f"公示到 {grade.notice_until} 为止，期满次日才能定级。"
    return None


def _record(grade: Any, user: Any) -> str | None:
    return None if grade.is_imported else "申请定级的须经评审和公示，不能直接登记。"


def _standing(subsidy: Any, user: Any) -> str | None:
    return "这次定级已被撤销，不能再办理奖补。" if subsidy.grade.state == "revoked" else None


def _approve(subsidy: Any, user: Any) -> str | None:
    if user is not None and subsidy.checked_by_id == user.pk:
        return "审核人不能审批自己审核的奖补，请由他人审批。"
    return _standing(subsidy, user)


def _pay(subsidy: Any, user: Any) -> str | None:
    if user is not None and user.pk in {subsidy.checked_by_id, subsidy.decided_by_id}:
        return "审核人和审批人不能发放奖补，请由他人发放。"
    return _standing(subsidy, user)


RATING = Workflow(
    "rating",
    (
        State("draft", "填报中", todo="standardisation.rate"),
        State("submitted", "已提交", "green"),
    ),
    (
        Transition(
            "submit", "提交自评", ("draft",), "submitted", "standardisation.rate", "standardisation.rate", primary=True
        ),
        Transition(
            "return", "退回重填", ("submitted",), "draft", "standardisation.grade",
            "standardisation.rating_return", reason=True,
        ),
    ),
)  # fmt: skip

GRADE = Workflow(
    "grade",
    (
        State("applied", "已申请", todo="standardisation.grade"),
        State("reviewing", "现场评审", todo="standardisation.grade"),
        State("publicity", "公示中", todo="standardisation.grade"),
        State("valid", "有效", "green"),
        State("expired", "已到期", "orange", final=True),
        State("revoked", "已撤销", "red", final=True),
        State("replaced", "已换新证", final=True),
        State("refused", "未定级", final=True),
        State("withdrawn", "已撤回", final=True),
    ),
    (
        Transition(
            "arrange", "安排现场评审", ("applied",), "reviewing", "standardisation.grade",
            "standardisation.arrange", primary=True,
        ),
        Transition(
            "review", "登记评审结论", ("reviewing",), "publicity", "standardisation.grade",
            "standardisation.review", primary=True,
        ),
        Transition(
            "conclude", "定级", ("publicity",), "valid", "standardisation.grade",
            "standardisation.conclude", guard=_conclude, primary=True,
        ),
        Transition(
            "record", "登记已有证书", ("applied",), "valid", "standardisation.import",
            "standardisation.record_valid", guard=_record,
        ),
        Transition(
            "refuse", "不予定级", OPEN, "refused", "standardisation.grade",
            "standardisation.refuse", reason=True, clears_deadline=True,
        ),
        Transition(
            "withdraw", "撤回申请", ("applied",), "withdrawn", "standardisation.rate",
            "standardisation.withdraw", reason=True, clears_deadline=True,
        ),
        Transition(
            "revoke", "撤销等级", ("valid",), "revoked", "standardisation.revoke",
            "standardisation.revoke", reason=True, clears_deadline=True,
        ),
        Transition("expire", "到期", ("valid",), "expired", "", "standardisation.expire", clears_deadline=True),
        Transition("replace", "换新证", ("valid",), "replaced", "", "standardisation.replace", clears_deadline=True),
    ),
)  # fmt: skip

SUBSIDY = Workflow(
    "subsidy",
    (
        State("applied", "待审核", todo="standardisation.subsidise"),
        State("checked", "待审批", todo="standardisation.approve"),
        State("approved", "待发放", todo="standardisation.pay"),
        State("paid", "已发放", "green", final=True),
        State("refused", "未通过", final=True),
    ),
    (
        Transition(
            "check", "审核通过", ("applied",), "checked", "standardisation.subsidise",
            "standardisation.subsidy_check", guard=_standing, primary=True,
        ),
        Transition(
            "approve", "批准", ("checked",), "approved", "standardisation.approve",
            "standardisation.subsidy_approve", guard=_approve, primary=True,
        ),
        Transition(
            "pay", "发放", ("approved",), "paid", "standardisation.pay",
            "standardisation.subsidy_pay", guard=_pay, primary=True,
        ),
        Transition(
            "refuse", "不予奖补", ("applied",), "refused", "standardisation.subsidise",
            "standardisation.subsidy_refuse", reason=True,
        ),
        Transition(
            "reject", "不批准", ("checked", "approved"), "refused", "standardisation.approve",
            "standardisation.subsidy_refuse", reason=True,
        ),
    ),
)  # fmt: skip
