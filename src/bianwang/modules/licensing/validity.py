"""How long a licence is valid, and when its end is to be announced. Plain dates.

>>> end_of_validity(date(2026, 3, 1), 3)
datetime.date(2029, 2, 28)
>>> months_before(date(2028, 3, 31), 1)
datetime.date(2028, 2, 29)
>>> stage(date(2026, 6, 1), date(2026, 8, 31), (6, 3, 1))
3
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta


def end_of_validity(first: date, years: int) -> date:
    """The last day of so many years that begin with a day."""
    return months_before(first, -12 * years) - timedelta(days=1)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of a shorter month."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def stage(today: date, valid_to: date, months: Sequence[int]) -> int | None:
    """The smallest number of months before the end that is reached; None: it is too early."""
    reached = [number for number in months if today >= months_before(valid_to, number)]
    return min(reached, default=None)
