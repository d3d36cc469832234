"""A response ends, somebody looks every day, and the event is closed or taken up again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.emergency import watching
from bianwang.modules.emergency.models import Event, Note, WatchDay
from bianwang.modules.emergency.services.notes import add_note
from bianwang.modules.emergency.services.reviews import owe_review
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now, today
from bianwang.platform.jobs.services import each
from bianwang.platform.workflow import queries as limits, services as workflow
from bianwang.platform.workflow.errors import Refused


@transaction.atomic
def end(event: Event, user: User, ended_at: datetime | None, reason: str) -> None:
    """The response is over and the watch begins; a review is owed where a response was started.

    Raises PermissionDenied, Http404, ValidationError, Refused, Conflict.
    """
    moment = ended_at or now()
    if not event.received_at <= moment <= now():
        raise ValidationError({"ended_at": "处置结束时间不能早于接报时间，也不能晚于现在。"})
    workflow.advance(event, "end", user, reason=reason, fields={"ended_at": moment})
    open_days(event)
    if event.level:
        owe_review(event)


@transaction.atomic
def resume(event: Event, user: User, reason: str) -> None:
    """It broke out again: what was still to be looked at is settled by the new response. Raises Refused, Conflict."""
    workflow.advance(event, "resume", user, reason=reason)
    for day in WatchDay.objects.filter(event=event, state="owed"):
        workflow.advance(day, "stop", None, reason=reason)


@transaction.atomic
def close(event: Event, user: User, waiver: str, reason: str) -> None:
    """The watch is over. Before its least days, or with a day missing, `waiver` says why.

    Raises PermissionDenied, Http404, ValidationError, Refused, Conflict.
    """
    access.get(user, Event, event.pk, "emergency.command")
    row = Event.objects.select_for_update().get(pk=event.pk)
    lacking = lacking_days(row)
    if lacking and not waiver.strip():
        raise ValidationError({"waiver": f"盯守检查还缺 {named(lacking)}，请先登记；确需提前结束的，在这里写明理由。"})
    changes = {"waiver": (None, waiver.strip())} if lacking else None
    workflow.advance(event, "close", user, reason=reason, changes=changes)
    for day in WatchDay.objects.filter(event=event, state="owed"):
        workflow.advance(day, "miss", None, reason=waiver.strip())


@transaction.atomic
def check(
    day: WatchDay,
    user: User,
    outcome: str,
    text: str,
    *,
    seen_at: datetime | None = None,
    place: str = "",
    photos: Iterable[Any] = (),
) -> None:
    """Somebody looked; what was seen joins the record. Raises ValidationError, Refused, Conflict."""
    moment = seen_at or now()
    if moment.astimezone(SHANGHAI).date() != day.day:
        raise ValidationError({"seen_at": f"这里登记 {day.day.month}月{day.day.day}日的检查，请填当天的检查时间。"})
    if moment < day.ended_at:
        raise ValidationError({"seen_at": "检查时间不能早于处置结束时间。"})
    note = add_note(
        user, day.event, Note.Kind.CHECK, text, happened_at=moment, place=place, photos=photos, is_demo=day.is_demo
    )
    fields = {"outcome": outcome, "note": note, "checked_by": user, "checked_at": now()}
    workflow.advance(day, "check", user, fields=fields)


def open_watch_days() -> None:
    """Put the days that are owed on the list; the loop calls this."""
    each(list(Event.objects.filter(state="watching", ended_at__isnull=False)), open_days)


@transaction.atomic
def open_days(event: Event) -> None:
    """The rows of a watch up to today."""
    since, ended, hours = _begin(event)
    known = set(WatchDay.objects.filter(event=event, ended_at=since).values_list("day", flat=True))
    for day in watching.days(ended, hours, today()):
        if day not in known:
            until = watching.due(day, hours).replace(tzinfo=SHANGHAI).astimezone(UTC)
            row = WatchDay(event=event, ended_at=since, day=day, due_at=until, is_demo=event.is_demo)
            workflow.start(row, verb="emergency.watch_owe")


def lacking_days(event: Event) -> list[date]:
    """The days that still have to be looked at before the event may be closed."""
    if event.ended_at is None:
        return []
    since, ended, hours = _begin(event)
    least = int(limits.limit(f"emergency.watch_days.{event.kind}", event.day).value)
    rows = WatchDay.objects.filter(event=event, ended_at=since, state="checked")
    moment = now().astimezone(SHANGHAI).replace(tzinfo=None)
    return watching.lacking(ended, hours, least, moment, set(rows.values_list("day", flat=True)))


def named(days: list[date]) -> str:
    """Days in words; of many the first ones."""
    words = "、".join(f"{day.month}月{day.day}日" for day in days[:5])
    return f"{words}等 {len(days)} 天" if len(days) > 5 else words


def _begin(event: Event) -> tuple[datetime, datetime, Decimal]:
    """When the watch began, also in local time, and the hour of the day by which somebody must have looked."""
    if event.ended_at is None:
        raise Refused(f"“{event}”还没有结束处置，不用盯守。")
    ended = event.ended_at.astimezone(SHANGHAI).replace(tzinfo=None)
    return event.ended_at, ended, limits.limit(f"emergency.watch_check.{event.kind}", event.day).value
