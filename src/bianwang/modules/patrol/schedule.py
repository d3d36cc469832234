"""When a plan's rounds are due: windows of a day, or a week. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_WINDOW = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至]\s*(\d{1,2})[:：](\d{2})")
MOST = 12
"""Windows of a day."""


@dataclass(frozen=True, order=True)
class Window:
    """From and to in minutes after midnight; one that ends no later than it begins ends the next day."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end)}"

    def on(self, day: date) -> tuple[datetime, datetime]:
        """When it begins and ends on a day, in Shanghai."""
        begin = datetime.combine(day, time(), SHANGHAI) + timedelta(minutes=self.start)
        length = (self.end - self.start) % 1440 or 1440
        return begin, begin + timedelta(minutes=length)


def parse(text: str) -> tuple[Window, ...]:
    """Windows as people write them, one a line: 08:00-12:00. Raises ValueError with one Chinese sentence."""
    found = []
    for line in filter(None, (line.strip() for line in re.split(r"[\n,，;；、]", text))):
        match = _WINDOW.fullmatch(line)
        hours = [int(part) for part in match.groups()] if match else []
        if not hours or hours[0] > 23 or hours[2] > 24 or max(hours[1], hours[3]) > 59 or hours[2:] > [24, 0]:
            raise ValueError(f"时段“{line}”写法不对，请写成 08:00-12:00，一行一个。")
        found.append(Window(60 * hours[0] + hours[1], (60 * hours[2] + hours[3]) % 1440))
    if not found or len(found) > MOST:
        raise ValueError(f"请写 1 至 {MOST} 个时段，一行一个，如 08:00-12:00。")
    if len({window.start for window in found}) < len(found):
        raise ValueError("有两个时段同时开始，请删去一个。")
    return tuple(sorted(found))


def turns(day: date, *, weekly: bool, weekdays: str, windows: Iterable[Window]) -> list[tuple[datetime, datetime]]:
    """The rounds that begin on a day, or the one of its week: when each begins and has to be done.

    `weekdays` are the days of a daily plan, "1" Monday to "7" Sunday.
    """
    if weekly:
        monday = datetime.combine(day - timedelta(days=day.weekday()), time(), SHANGHAI)
        return [(monday, monday + timedelta(days=7))]
    if str(day.isoweekday()) not in weekdays:
        return []
    return [window.on(day) for window in windows]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
