"""督办: listed, signed for, extended with another's approval, and taken off the list after another's verification."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.committee.models import Supervision, SupervisionExtension
from bianwang.modules.committee.services.writing import end_of, members_only, take_number
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now, today
from bianwang.platform.files.services import attach
from bianwang.platform.places.models import Party
from bianwang.platform.workflow.errors import Conflict
from bianwang.platform.workflow.queries import deadline, limit
from bianwang.platform.workflow.services import advance, start


@transaction.atomic
def supervise(user: User, unit: Party, values: Mapping[str, Any], until: date, *, is_demo: bool = False) -> Supervision:
    """List a hazard, a task, a case or any matter; `values` are columns. Raises PermissionDenied, ValidationError."""
    access.require(user, "committee.decide")
    [member] = members_only([unit], "unit")
    if until < today():
        raise ValidationError({"until": "督办时限不能早于今天。"})
    moment, last = now(), end_of(until)
    row = Supervision(
        number=take_number("supervision"),
        unit=member,
        deadline=last,
        due_at=min(deadline(limit("committee.sign", today()), moment), last),
        made_by=user,
        made_at=moment,
        is_demo=is_demo,
        **values,
    )
    if row.hazard is not None and row.hazard.state_row.final:
        raise ValidationError({"hazard": f"隐患 {row.hazard.number} 已{row.hazard.state_row.name}，不必督办。"})
    if row.assignment is not None and row.assignment.unit_id != row.unit_id:
        raise ValidationError({"assignment": f"这份任务由{row.assignment.unit}承办，不是{row.unit}，请重新选择。"})
    row.clean_fields(
        exclude=["state", "state_since", "signed_at", "submitted_at", "closed_at", "submitted_by", "verified_by"]
    )
    start(row, by=user, verb="committee.supervise", changes={"deadline": (None, last)})
    return row


def sign(row: Supervision, user: User, reason: str = "") -> None:
    """The unit has it; from now on the time limit of the matter counts."""
    advance(row, "sign", user, reason=reason, fields={"signed_at": now(), "escalation": 0}, due_at=row.deadline)


@transaction.atomic
def conclude(row: Supervision, user: User, result: str, files: Iterable[Any] = ()) -> None:
    """The unit says that it is done."""
    if not result.strip():
        raise ValidationError({"result": "请写明办理结果。"})
    for file in files:
        attach(row, file, user=user, label="办理结果")
    advance(row, "submit", user, fields={"result": result.strip(), "submitted_by": user, "submitted_at": now()})


@transaction.atomic
def apply_extension(row: Supervision, user: User, until: date, reason: str) -> SupervisionExtension:
    """Ask for a later time limit, as often as the limit allows. Raises ValidationError, Refused."""
    wanted = end_of(until)
    if wanted <= row.deadline:
        raise ValidationError({"until": f"申请延至的日期必须晚于现时限 {row.deadline.astimezone(SHANGHAI).date()}。"})
    most = int(limit("committee.extensions", today()).value)
    if row.extensions >= most:
        raise ValidationError(f"这件督办已延期 {row.extensions} 次，最多可延期 {most} 次。")
    advance(row, "apply", user, reason=reason, changes={"wanted": (row.deadline, wanted)})
    return SupervisionExtension.objects.create(
        supervision=row, wanted=wanted, reason=reason.strip(), applied_by=user, applied_at=now()
    )


@transaction.atomic
def decide_extension(row: Supervision, user: User, *, approve: bool, reason: str = "") -> None:
    """Answer the open application; the applicant may not."""
    wish = row.wishes.filter(approved__isnull=True).first()
    if wish is not None and approve:
        fields = {"deadline": wish.wanted, "extensions": row.extensions + 1, "escalation": 0}
        advance(row, "decide", user, reason=reason or "同意延期", fields=fields, due_at=wish.wanted)
    else:
        advance(row, "decide", user, reason=reason or "不同意延期")
    decided = {"approved": approve, "decided_by": user, "decided_at": now()}
    if not row.wishes.filter(approved__isnull=True).update(**decided):
        raise Conflict("这份延期申请已由他人审批，请刷新后查看。")


def send_back(row: Supervision, user: User, reason: str) -> None:
    """Not good enough: the unit goes on, and the time limit counts again."""
    advance(
        row, "return", user, reason=reason, fields={"submitted_at": None, "submitted_by": None}, due_at=row.deadline
    )


def unlist(row: Supervision, user: User, opinion: str) -> None:
    """Somebody other than who handled it has verified it."""
    fields = {"verified_by": user, "opinion": opinion.strip(), "closed_at": now()}
    advance(row, "unlist", user, reason=opinion, fields=fields)


def revoke(row: Supervision, user: User, reason: str) -> None:
    """Listed by mistake."""
    advance(row, "revoke", user, reason=reason)
