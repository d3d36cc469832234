"""Subsidies: applied for by the enterprise, checked by the office, approved by a leader, paid by finance."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bianwang.modules.standardisation import pack
from bianwang.modules.standardisation.models import Grade, Subsidy
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.services import advance, start


@transaction.atomic
def apply_subsidy(user: User, grade: Grade, *, is_demo: bool = False) -> Subsidy:
    """Apply for what the policy of the day of grading gives; once for each grade of an enterprise.

    Raises PermissionDenied or Http404 (access door), Refused.
    """
    access.check(user, Grade, grade.pk, "standardisation.rate")
    policy = policy_of(grade)
    made = Subsidy(
        owner_id=grade.owner_id,
        grade=grade,
        level=grade.level,
        policy=policy.code,
        document=policy.document,
        budget_line=policy.budget_line,
        amount=policy.amounts[grade.level],
        applied_by=user,
        applied_on=today(),
        is_demo=is_demo,
    )
    try:
        with transaction.atomic():
            start(made, by=user, verb="standardisation.subsidy_apply", changes={"amount": (None, str(made.amount))})
    except IntegrityError as error:
        raise Refused(_TWICE) from error
    return made


def policy_of(grade: Grade) -> pack.Policy:
    """The policy under which a grade may be subsidised now. Raises Refused that says why there is none."""
    if grade.graded_on is None or grade.state == "revoked":
        raise Refused("没有取得等级或等级已被撤销，不能申请奖补。")
    policy = pack.policy(grade.graded_on)
    if policy is None or grade.level not in policy.amounts:
        raise Refused(f"定级之日 {grade.graded_on} 没有这个等级的奖补政策。")
    if Subsidy.objects.filter(owner_id=grade.owner_id, level=grade.level).exclude(state="refused").exists():
        raise Refused(_TWICE)
    return policy


def check_subsidy(subsidy: Subsidy, user: User, reason: str = "") -> None:
    """The office has looked at it."""
    advance(subsidy, "check", user, reason=reason, fields={"checked_by": user})


def approve_subsidy(subsidy: Subsidy, user: User, reason: str = "") -> None:
    """Approve; never what one has checked oneself."""
    advance(subsidy, "approve", user, reason=reason, fields={"decided_by": user})


def refuse_subsidy(subsidy: Subsidy, user: User, reason: str) -> None:
    """The office does not agree; another application may follow."""
    advance(subsidy, "refuse", user, reason=reason, fields={"checked_by": user})


def reject_subsidy(subsidy: Subsidy, user: User, reason: str) -> None:
    """The leader does not agree; another application may follow."""
    advance(subsidy, "reject", user, reason=reason, fields={"decided_by": user})


def pay_subsidy(subsidy: Subsidy, user: User, voucher: str) -> None:
    """Paid today, with the number of the voucher."""
    if not voucher.strip():
        raise ValidationError({"voucher": "请填写付款凭证号。"})
    advance(subsidy, "pay", user, fields={"paid_by": user, "paid_on": today(), "voucher": voucher.strip()})


_TWICE = "这家企业的这个等级已经申请过奖补，同一等级只奖补一次。"
