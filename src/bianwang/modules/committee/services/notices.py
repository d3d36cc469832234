"""Risk notices: issued to units and enterprises, delivered, read, acted upon; who is silent is reminded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.committee.models import Receipt, RiskNotice
from bianwang.modules.committee.pack import kind_choices
from bianwang.modules.committee.services.writing import create, take_number
from bianwang.platform import access
from bianwang.platform.accounts.models import Post, User
from bianwang.platform.clock import now
from bianwang.platform.files.services import attach
from bianwang.platform.jobs.services import each
from bianwang.platform.places.models import Party
from bianwang.platform.places.queries import bureau
from bianwang.platform.registry import permissions
from bianwang.platform.workflow.services import advance

_AT_ONCE = 200
_PAUSE = timedelta(hours=1)
"""Nobody is reminded twice within it."""


@transaction.atomic
def issue(
    user: User, values: Mapping[str, Any], audience: str, recipients: Iterable[Party], *, is_demo: bool = False
) -> RiskNotice:
    """Issue a notice to units and enterprises; `deliver_pending` then brings it to each. `values` are columns.

    Raises PermissionDenied, ValidationError.
    """
    access.require(user, "committee.assign")
    units = list({unit.pk: unit for unit in recipients}.values())
    if not units:
        raise ValidationError("没有符合条件的接收单位，请选择单位或放宽企业条件。")
    moment = now()
    notice = RiskNotice(
        owner=bureau(),
        number=take_number("notice"),
        audience=audience,
        made_by=user,
        made_at=moment,
        is_demo=is_demo,
        **values,
    )
    if notice.kind not in dict(kind_choices()):
        raise ValidationError({"kind": "请选择类别。"})
    if notice.answer_by <= moment:
        raise ValidationError({"answer_by": "落实时限必须晚于现在。"})
    notice.clean_fields()
    create(notice, "committee.notice", title=notice.title, audience=audience, recipients=len(units))
    rows = [Receipt(notice=notice, unit=unit, state="pending", state_since=moment) for unit in units]
    Receipt.objects.bulk_create(rows, batch_size=500)
    return notice


def deliver_pending(notice: RiskNotice | None = None) -> None:
    """Put notices on the lists of duties of recipients that have somebody to answer; the others stay 未送达."""
    roles = permissions()["committee.answer"].roles
    answering = Post.objects.filter(role__in=roles, user__in=User.objects.admitted()).order_by().values("party")
    rows = Receipt.objects.filter(state="pending", unit__in=answering)
    if notice is not None:
        rows = rows.filter(notice=notice)
    each(list(rows.select_related("notice", "unit").order_by("pk")[:_AT_ONCE]), _deliver)


def phone(row: Receipt, user: User, reason: str) -> None:
    """Somebody without an account was told by telephone."""
    advance(row, "phone", user, reason=reason, fields={"delivered_at": now()}, due_at=row.notice.answer_by)


def confirm(row: Receipt, user: User, reason: str = "") -> None:
    """The recipient has read it."""
    advance(row, "read", user, reason=reason, fields={"read_at": now()})


@transaction.atomic
def answer(row: Receipt, user: User, measures: str, files: Iterable[Any] = ()) -> None:
    """The recipient has acted upon it."""
    if not measures.strip():
        raise ValidationError({"measures": "请写明落实情况。"})
    for file in files:
        attach(row, file, user=user, label="落实情况")
    advance(row, "done", user, fields={"measures": measures.strip(), "done_at": now()})


def remind(notice: RiskNotice, user: User) -> int:
    """Remind everybody who got the notice and has not answered, but nobody twice within the hour; returns how many.

    Raises PermissionDenied or Http404 (access door).
    """
    access.check(user, RiskNotice, notice.pk, "committee.assign")
    rows = Receipt.objects.filter(notice=notice, state__in=("delivered", "read")).exclude(
        reminded_at__gt=now() - _PAUSE
    )
    return each(list(rows.select_related("notice", "unit").order_by("pk")), remind_one).done


def remind_one(row: Receipt) -> None:
    """Tell one recipient again; the reminder stands in what happened to the receipt."""
    advance(row, "remind", None, fields={"reminders": row.reminders + 1, "reminded_at": now()})


def audience_words(units: Iterable[Party], filters: Iterable[str], number: int) -> str:
    """To whom a notice goes, in words that fit its column."""
    levels = len(list(units))
    parts = [f"成员单位 {levels} 个"] if levels else []
    if number:
        chosen = "、".join(filters) or "全部"
        parts.append(f"企业 {number} 家（{chosen}）")
    return "；".join(parts)[:300]


def _deliver(row: Receipt) -> None:
    advance(row, "deliver", None, fields={"delivered_at": now()}, due_at=row.notice.answer_by)
