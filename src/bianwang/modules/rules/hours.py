"""Whether a moment lies in a rule's day windows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from bianwang.modules.rules.schedule import Window
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
