"""Months and years after a day. Plain dates.

>>> months_after(date(2026, 1, 31), 1)
datetime.date(2026, 2, 28)
>>> months_after(date(2026, 11, 30), 36)
datetime.date(2029, 11, 30)
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
