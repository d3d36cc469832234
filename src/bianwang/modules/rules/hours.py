"""The calendar as rules see it: whether a moment lies in a rule's day windows, and the days off for the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from bianwang.engine.calendar import RestDays
from bianwang.modules.rules.schedule import Window
from bianwang.platform.calendar.queries import year
from bianwang.platform.clock import SHANGHAI, from_ms


def is_within(windows: Sequence[Window], at_ms: int, is_working: Callable[[date], bool]) -> bool:
    """Whether a moment lies in one of the windows, as `rules.schedule` defines them; no windows: always."""
    if not windows:
        return True
    local = from_ms(at_ms).astimezone(SHANGHAI)
    clock, today = local.strftime("%H:%M"), local.date()
    for window in windows:
        opens, closes = window.start, window.end
        overnight = closes <= opens
        if clock >= opens and (overnight or clock < closes):
            day = today
        elif overnight and clock < closes:
            day = today - timedelta(days=1)
        else:
            continue
        if window.days == "all" or is_working(day) == (window.days == "working"):
            return True
    return False


def rest_days(start_ms: int, end_ms: int) -> RestDays:
    """The office's days off over a period, and some before and after it for what looks back and holds on."""
    first, last = (from_ms(ms).astimezone(SHANGHAI).year for ms in (start_ms - _AROUND_MS, end_ms + _AROUND_MS))
    is_rest_day = {day.day: not day.is_working for number in range(first, last + 1) for day in year(number)}
    return RestDays.of(is_rest_day.__getitem__, date(first, 1, 1), date(last, 12, 31))


_AROUND_MS = 8 * 86_400_000
