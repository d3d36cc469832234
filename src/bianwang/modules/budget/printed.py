"""Totals as papers print them: what they mean in 元 and how far rounding may have moved them. Free of Django.

>>> yuan("4140.58", "wan")
Decimal('41405800.00')
>>> half_unit("4140.58", "wan")
Decimal('50.00')
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
FACTORS = {"yuan": Decimal(1), "wan": Decimal(10000)}
_NUMBER = re.compile(r"-?\d{1,3}(,\d{3})*(\.\d+)?|-?\d+(\.\d+)?")


def is_number(text: str) -> bool:
    """Whether a text is a number as papers print it, thousands separated or not."""
    return _NUMBER.fullmatch(text.strip()) is not None


def yuan(text: str, unit: str) -> Decimal:
    """A printed number in 元."""
    return (_number(text) * FACTORS[unit]).quantize(CENT)


def half_unit(text: str, unit: str) -> Decimal:
    """Half of one in the last printed place, in 元."""
    places = len(text.strip().partition(".")[2])
    return FACTORS[unit] / Decimal(10) ** places / 2


def wan(amount: Decimal) -> Decimal:
    """元 in 万元, exactly: two places of 元 are six of 万元."""
    return amount / FACTORS["wan"]


def shown_wan(amount: Decimal) -> str:
    """元 as 万元 with two places, thousands separated."""
    return f"{wan(amount).quantize(CENT, ROUND_HALF_UP):,}"


def percent(rate: Decimal | None) -> str:
    """A rate with one place; none is a dash."""
    return "—" if rate is None else f"{rate.quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def _number(text: str) -> Decimal:
    return Decimal(text.strip().replace(",", ""))
