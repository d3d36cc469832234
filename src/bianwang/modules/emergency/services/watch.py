"""A response ends, somebody looks every day, and the event is closed or taken up again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.emergency import watching
from bianwang.modules.emergency.models import Event, Note, WatchDay
from bianwang.modules.emergency.services.events import end_messages
from bianwang.modules.emergency.services.notes import add_note
from bianwang.modules.emergency.services.reviews import owe_review
from bianwang.modules.emergency.workflow.watch import begin, lacking_days
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now, today
from bianwang.platform.jobs.services import each
from bianwang.platform.workflow import services as workflow


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


def close(event: Event, user: User, reason: str) -> None:
    """The watch is over and nothing is lacking. Raises PermissionDenied, Http404, Refused, Conflict."""
    _close(event, user, "close", reason)


def close_early(event: Event, user: User, reason: str) -> None:
    """The watch is given up before its least days, or with a day missing. Raises as `close`."""
    _close(event, user, "close_early", reason)


@transaction.atomic
def _close(event: Event, user: User, step: str, reason: str) -> None:
    """The event is locked, so that nobody calls people or resources to it meanwhile."""
    access.check(user, Event, event.pk, "emergency.command")
    lacking = lacking_days(Event.objects.select_for_update().get(pk=event.pk))
    workflow.advance(event, step, user, reason=reason)
    for day in WatchDay.objects.filter(event=event, state="owed"):
        workflow.advance(day, "miss" if day.day in lacking else "stop", None, reason=reason)
    end_messages(event, reason)


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
    since, ended, hours = begin(event)
    known = set(WatchDay.objects.filter(event=event, ended_at=since).values_list("day", flat=True))
    for day in watching.days(ended, hours, today()):
        if day not in known:
            until = watching.due(day, hours).replace(tzinfo=SHANGHAI).astimezone(UTC)
            row = WatchDay(event=event, ended_at=since, day=day, due_at=until, is_demo=event.is_demo)
            workflow.start(row, verb="emergency.watch_owe")
