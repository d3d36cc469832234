"""Working days: the office's own changes over the published calendar (国务院办公厅 holiday notices)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar
from chinese_calendar.constants import holidays

from bianwang.platform.calendar.models import DayChange

_FIRST_YEAR = min(holidays).year
_LAST_YEAR = max(holidays).year
_HOLIDAY_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}
# An add over more days than this is a mistake of the caller; it also bounds the query.
_LONGEST = 3660


@dataclass(frozen=True)
class Day:
    """One day of the year page."""

    day: date
    is_working: bool
    name: str
    change: DayChange | None

    @property
    def is_exception(self) -> bool:
        """Whether the day is not what its weekday says."""
        return self.is_working != (self.day.weekday() < 5)


def version() -> str:
    """Which calendar a judgement used: the published years, and the office's changes so far."""
    return f"国务院办公厅放假安排至{_LAST_YEAR}年，本局调整{DayChange.objects.count()}日"


def is_working_day(day: date) -> bool:
    """Whether people work on `day`: the office's change, the published calendar, or Monday to Friday."""
    change = DayChange.objects.filter(day=day).values_list("is_working", flat=True).first()
    return _published(day) if change is None else change


def add_working_days(start: date, days: int) -> date:
    """The `days`-th working day after `start` (the first day is not counted, 民法典第201条).

    0 gives `start` itself, or the next working day when `start` is none. Raises ValueError outside 0–2,000.
    """
    if not 0 <= days <= 2000:
        raise ValueError(f"工作日数应在 0 到 2000 之间，不能是 {days}。")
    window = start + timedelta(days=days * 2 + 30)
    left = days
    for day in _working_days(start if days == 0 else start + timedelta(days=1), window):
        left -= 1
        if left <= 0:
            return day
    raise ValueError(f"从 {start} 起找不到第 {days} 个工作日，请检查工作日历中的放假安排。")


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start)
    return sum(1 for _ in _working_days(start + timedelta(days=1), end))


def is_published(year: int) -> bool:
    """Whether the installed calendar knows the year; else only weekends and the office's changes count."""
    return bool(_FIRST_YEAR <= year <= _LAST_YEAR)


def notice(year: int) -> str:
    """The sentence to show above anything computed in a year whose holidays are not known, or ''."""
    if is_published(year):
        return ""
    return (
        f"{year}年的放假安排尚未载入，目前只把周六、周日算作休息日；"
        "国务院办公厅公布放假通知后，请在工作日历中逐日登记。"
    )


def year(number: int) -> list[Day]:
    """Every day of a year with its status."""
    first, last = date(number, 1, 1), date(number, 12, 31)
    changes = {row.day: row for row in DayChange.objects.filter(day__range=(first, last))}
    return [_day(day, changes.get(day)) for day in _days(first, last)]


def _day(day: date, change: DayChange | None) -> Day:
    if change:
        return Day(day, change.is_working, change.name, change)
    name: str | None = chinese_calendar.get_holiday_detail(day)[1] if is_published(day.year) else None
    return Day(day, _published(day), _HOLIDAY_NAMES.get(name or "", name or ""), None)


def _published(day: date) -> bool:
    if is_published(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5


def _working_days(first: date, last: date) -> Iterator[date]:
    """Working days of a closed interval, with one query."""
    if (last - first).days > _LONGEST * 2:
        raise ValueError("日期间隔过长，工作日只能在二十年以内计算。")
    changes = dict(DayChange.objects.filter(day__range=(first, last)).values_list("day", "is_working"))
    for day in _days(first, last):
        working = changes.get(day)
        if _published(day) if working is None else working:
            yield day


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
