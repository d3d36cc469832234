"""How far spending should be by a day, and how it stands against that. Shares are per cent; free of Django.

>>> expected((Decimal(10), Decimal(40), Decimal(75), Decimal(100)), 2022, date(2022, 6, 30))
Decimal('40')
>>> judged(Decimal("23.99"), Decimal(40), Marks(Decimal("0.6"), Decimal("0.8")))
'red'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Colour = Literal["red", "yellow", "green"]
WORDS: dict[str, str] = {"red": "明显滞后", "yellow": "滞后", "green": "正常"}
EVEN = (Decimal(25), Decimal(50), Decimal(75), Decimal(100))


@dataclass(frozen=True)
class Marks:
    """Ratios of done to expected: below `red` it is red, below `yellow` yellow (省级监控规则)."""

    red: Decimal
    yellow: Decimal


def elapsed(year: int, day: date) -> Decimal:
    """How much of a year has passed by the end of a day."""
    return _passed(date(year, 1, 1), date(year, 12, 31), day) * 100


def expected(plan: Sequence[Decimal], year: int, day: date) -> Decimal:
    """What should be spent by the end of a day: `plan` names the ends of the quarters, between them by days."""
    before = Decimal(0)
    for number, share in enumerate(plan):
        first = date(year, 3 * number + 1, 1)
        last = _quarter_end(year, number)
        if day <= last:
            return before + (share - before) * _passed(first, last, day)
        before = share
    return before


def judged(rate: Decimal | None, wanted: Decimal, marks: Marks) -> Colour | None:
    """The colour of an execution rate; none where there is nothing to spend."""
    if rate is None:
        return None
    if rate < marks.red * wanted:
        return "red"
    return "yellow" if rate < marks.yellow * wanted else "green"


def _passed(first: date, last: date, day: date) -> Decimal:
    days = min(max((day - first).days + 1, 0), (last - first).days + 1)
    return Decimal(days) / ((last - first).days + 1)


def _quarter_end(year: int, number: int) -> date:
    return (date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31))[number]
