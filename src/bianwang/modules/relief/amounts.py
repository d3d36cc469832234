"""What a household is due, and how long money has rested: arithmetic alone, in `Decimal` with two places.

>>> due(Rate("person", Decimal("406.25")), Measure(persons=3))
Decimal('1218.75')
>>> due(Rate("room", Decimal("5000"), ceiling=Decimal("20000")), Measure(persons=2, rooms=5))
Decimal('20000.00')
>>> due(Rate("person_day", Decimal("20"), most_days=90), Measure(persons=2, days=100))
Decimal('3600.00')
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
PER = {"person": "人", "person_day": "人·日", "room": "间", "household": "户"}
"""What a rate can be for, and its word."""

COUNTED = {"room": "rooms", "person_day": "days"}
"""What a rate counts of a household besides its people, as a field of `Measure`."""


@dataclass(frozen=True)
class Rate:
    """So much for each, up to a ceiling for the household (None: none) and a number of days (0: any)."""

    per: str
    amount: Decimal
    ceiling: Decimal | None = None
    most_days: int = 0

    def __post_init__(self) -> None:
        if self.per not in PER:
            raise ValueError(f"计发单位“{self.per}”不认识，可用：{'、'.join(PER)}")
        if self.amount <= 0 or (self.ceiling is not None and self.ceiling < self.amount):
            raise ValueError("标准应大于零，每户上限不能低于标准")


@dataclass(frozen=True)
class Measure:
    """What is counted of a household."""

    persons: int
    rooms: int = 0
    days: int = 0


def quantity(rate: Rate, measure: Measure) -> int:
    """How many units the rate is for."""
    if rate.per == "household":
        return 1
    if rate.per == "room":
        return measure.rooms
    if rate.per == "person_day":
        return measure.persons * (min(measure.days, rate.most_days) if rate.most_days else measure.days)
    return measure.persons


def due(rate: Rate, measure: Measure) -> Decimal:
    """The household's amount."""
    plain = (rate.amount * quantity(rate, measure)).quantize(CENT, ROUND_HALF_UP)
    return plain if rate.ceiling is None else min(plain, rate.ceiling.quantize(CENT))


def working(rate: Rate, measure: Measure) -> str:
    """The sum in words, as it is printed on the form."""
    text = f"{rate.amount:,.2f}元/{PER[rate.per]}×{quantity(rate, measure)}{PER[rate.per]}={due(rate, measure):,.2f}元"
    capped = rate.ceiling is not None and rate.amount * quantity(rate, measure) > rate.ceiling
    return f"{text}（按每户上限{rate.ceiling:,.2f}元）" if capped else text


@dataclass(frozen=True)
class Rest:
    """A part of a receipt that has not been spent."""

    day: date
    amount: Decimal


def resting(receipts: Iterable[Rest], spent: Decimal) -> Sequence[Rest]:
    """What is left of each receipt, the oldest being spent first.

    >>> resting([Rest(date(2022, 1, 1), Decimal(10)), Rest(date(2022, 3, 1), Decimal(5))], Decimal(12))
    [Rest(day=datetime.date(2022, 3, 1), amount=Decimal('3'))]
    """
    left, found = spent, []
    for receipt in sorted(receipts, key=lambda row: row.day):
        kept = max(receipt.amount - left, Decimal(0))
        left = max(left - receipt.amount, Decimal(0))
        if kept:
            found.append(Rest(receipt.day, kept))
    return found
