"""The clock of one application: its pauses and the way its law counts days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import NamedTuple

from bianwang.modules.licensing import clocks
from bianwang.modules.licensing.models import Application
from bianwang.platform.calendar.queries import add_working_days, working_days_between
from bianwang.platform.clock import SHANGHAI, today

WORKING = clocks.Days(working_days_between, add_working_days)
_END_OF_DAY = time(23, 59, 59)


class Clock(NamedTuple):
    """Days used and left (negative: too late) today, and the last day; None while the clock stands still."""

    used: int
    left: int
    due: date | None


def end_of(day: date) -> datetime:
    """The last moment of a day."""
    return datetime.combine(day, _END_OF_DAY, SHANGHAI).astimezone(UTC)


def clock(application: Application) -> Clock | None:
    """How far the clock is; None before the acceptance. What is decided or handed up keeps what it used."""
    if application.accepted_on is None or application.whole_limit is None:
        return None
    last = due_day(application)
    if application.spent_days is not None:
        return Clock(application.spent_days, application.whole_limit - application.spent_days, last)
    spent = used(application, today())
    return Clock(spent, application.whole_limit - spent, last)


def used(application: Application, on: date) -> int:
    """Days of the limit used up at the end of a day."""
    return clocks.used(_accepted(application), _pauses(application), on, _days(application))


def due_day(application: Application) -> date | None:
    """The last day of the limit, None while the clock stands still."""
    return clocks.due(_accepted(application), _pauses(application), application.whole_limit or 1, _days(application))


def due_at(application: Application) -> datetime | None:
    """The last moment of the limit."""
    day = due_day(application)
    return end_of(day) if day else None


def _accepted(application: Application) -> date:
    return application.accepted_on or application.submitted_on


def _pauses(application: Application) -> list[clocks.Pause]:
    return [clocks.Pause(*pair) for pair in application.pauses.values_list("started_on", "ended_on")]


def _days(application: Application) -> clocks.Days:
    return WORKING if application.rules.unit == "working" else clocks.CALENDAR
