"""What time brings: reminders of the end of a certificate, and the end."""

from __future__ import annotations

from datetime import UTC, datetime, time

from django.db import transaction

from bianwang.modules.standardisation import pack
from bianwang.modules.standardisation.models import Grade, Reminder
from bianwang.modules.standardisation.services.standing import settle
from bianwang.modules.standardisation.validity import add_months, reminders_due
from bianwang.platform.clock import SHANGHAI, now, today
from bianwang.platform.jobs.services import each
from bianwang.platform.ledger.services import record
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow.services import advance


def expire_due() -> None:
    """End certificates whose last day has passed; the enterprise then has no grade."""
    each(Grade.objects.filter(state="valid", valid_until__lt=today()).select_related("owner"), _expire)


def remind_due() -> None:
    """Put the end of a certificate on the list of the enterprise, once for each number of months."""
    day = today()
    months = max(pack.procedure(day).reminders, default=0)
    near = Grade.objects.filter(state="valid", valid_until__gte=day, valid_until__lte=add_months(day, months + 1))
    each(near.select_related("owner").prefetch_related("reminders"), _remind)


@transaction.atomic
def _expire(grade: Grade) -> None:
    advance(grade, "expire", None)
    settle(grade.owner_id, today())


@transaction.atomic
def _remind(grade: Grade) -> None:
    """Where several have come at once (a certificate entered late), only the last is put on the list."""
    if grade.valid_until is None:
        return
    sent = {row.months for row in grade.reminders.all()}
    new = [number for number in reminders_due(grade.valid_until, today(), pack.procedure(today()).reminders)
           if number not in sent]  # fmt: skip
    if not new:
        return
    Reminder.objects.bulk_create(Reminder(grade=grade, months=number, sent_at=now()) for number in new)
    todo.close_for(grade)
    todo.open_for(
        grade,
        title=f"{grade.owner.name}标准化{grade.get_level_display()}证书 {grade.valid_until} 到期，请完成自评并申请换证",
        url=grade.get_absolute_url(),
        owner=grade.owner_id,
        permission="standardisation.rate",
        due_at=datetime.combine(grade.valid_until, time(23, 59, 59), SHANGHAI).astimezone(UTC),
    )
    record("standardisation.remind", grade, owner=grade.owner_id, changes={"months": (None, min(new))})
