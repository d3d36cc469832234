"""The hours in which a rule raises alarms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache

from bianwang.platform.calendar.queries import is_working_day
from bianwang.platform.clock import SHANGHAI, from_ms

Windows = Sequence[Mapping[str, str]]
"""[{days: all|working|rest, from: "08:00", to: "18:00"}]; a window may run past midnight and belongs to the
day on which it begins; empty means always."""


def is_within(windows: Windows, at_ms: int, is_working: Callable[[date], bool] | None = None) -> bool:
    """Whether a moment lies in one of the windows (beginning included, end not), in Shanghai time."""
    if not windows:
        return True
    local = from_ms(at_ms).astimezone(SHANGHAI)
    clock, today = local.strftime("%H:%M"), local.date()
    working = is_working or lru_cache(is_working_day)
    for window in windows:
        opens, closes = window["from"], window["to"]
        overnight = closes <= opens
        if clock >= opens and (overnight or clock < closes):
            day = today
        elif overnight and clock < closes:
            day = today - timedelta(days=1)
        else:
            continue
        days = window.get("days", "all")
        if days == "all" or working(day) == (days == "working"):
            return True
    return False
