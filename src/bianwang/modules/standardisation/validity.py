"""Days of a certificate: how long it is valid, and when its end is to be announced. Pure.

A period of years starts to run on the day after and ends on the day with the same number; where the last month has
no such day, on its last (民法典第二百零一、二百零二条). The last day still counts.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date


def add_months(day: date, months: int) -> date:
    """The day with the same number some months later (earlier when negative), or the last of that month.

    >>> add_months(date(2024, 2, 29), 36)
    datetime.date(2027, 2, 28)
    >>> add_months(date(2025, 8, 31), -6)
    datetime.date(2025, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day(graded: date, years: int) -> date:
    """The last day on which a grade is valid.

    >>> last_day(date(2023, 5, 10), 3)
    datetime.date(2026, 5, 10)
    """
    return add_months(graded, years * 12)


def reminders_due(until: date, today: date, months: Iterable[int]) -> list[int]:
    """Which reminders (months before the end) have come, the last first; none once the grade has ended.

    >>> reminders_due(date(2026, 5, 10), date(2026, 2, 10), (6, 3))
    [3, 6]
    """
    return [] if today > until else sorted(number for number in months if today >= add_months(until, -number))
