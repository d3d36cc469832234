"""Printed numbers are intervals: what they may have been before they were rounded, and what follows from that."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from bianwang.audit import units
from bianwang.audit.model import Figure, Precision, Verdict

_ULP = Decimal("1e-12")
_FEWEST_DIGITS = 3


class Interval(NamedTuple):
    """[low, high], in the base unit."""

    low: Decimal
    high: Decimal

    @classmethod
    def of(cls, figure: Figure) -> Interval:
        """What a figure may have been before it was rounded to what is printed."""
        return cls(figure.base - figure.half, figure.base + figure.half)

    def plus(self, other: Interval) -> Interval:
        """The sum."""
        return Interval(self.low + other.low, self.high + other.high)

    def minus(self, other: Interval) -> Interval:
        """The difference."""
        return Interval(self.low - other.high, self.high - other.low)

    def times(self, factor: Decimal) -> Interval:
        """A multiple by a positive number."""
        return Interval(self.low * factor, self.high * factor)

    def over(self, other: Interval) -> Interval | None:
        """The quotient of two that are not negative; None where the divisor may be 0."""
        if other.low <= 0 or self.low < 0:
            return None
        return Interval(self.low / other.high, self.high / other.low)

    def meets(self, other: Interval) -> bool:
        """Whether both may be the same number."""
        return self.low <= other.high + _ULP and other.low <= self.high + _ULP


def agreement(computed: Decimal, within: Interval, printed: Figure) -> Verdict | None:
    """HOLDS if the printed figure is what was computed, ROUNDED if it may be, None if it cannot be."""
    if computed == printed.base:
        return Verdict.HOLDS
    return Verdict.ROUNDED if within.meets(Interval.of(printed)) else None


def sum_agreement(total: Figure, items: Sequence[Figure], *, are_counts: bool = False) -> Verdict | None:
    """Whether items make the total, within (n + 1) x half a unit of the coarsest last place; counts exactly."""
    computed = sum((item.base for item in items), Decimal(0))
    if computed == total.base:
        return Verdict.HOLDS
    tolerance = (len(items) + 1) * max(each.half for each in (total, *items))
    # Counts are never rounded.
    is_rounded = total.kind == units.MONEY or any(each.half for each in (total, *items))
    return Verdict.ROUNDED if is_rounded and not are_counts and abs(computed - total.base) <= tolerance else None


def is_exact(figure: Figure) -> bool:
    """Whether the figure is meant as it is printed."""
    return figure.precision is Precision.EXACT


def plain(number: Decimal) -> str:
    """A number as people write it, without an exponent and trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(number: Decimal, places: int = 2) -> str:
    """At most so many places."""
    return plain(round(number, places))


def percent(ratio: Decimal, places: int = 2) -> str:
    """A ratio in per cent."""
    return f"{rounded(ratio * 100, places)}%"


def in_unit(base: Decimal, like: Figure) -> str:
    """A number of base units in the unit of a figure, 4111.05万元."""
    size = like.base / like.value if like.value else Decimal(1)
    return f"{rounded(base / size, 6)}{like.unit}"


def is_one_digit(gap: Decimal, like: Figure) -> bool:
    """Whether a gap is what one wrong digit makes: a single digit other than 0 at the printed places."""
    units_of_last = abs(gap) / (like.half * 2 or 1)
    digits = plain(round(units_of_last, 6)).strip("0")
    return len(digits) == 1 and digits.isdigit()


def is_near_miss(ratio: Decimal, printed: Figure) -> bool:
    """Whether a ratio was cut off instead of rounded, or rounded to a place less and filled up (97.81 → 97.80)."""
    step = printed.half * 2
    if not step or ratio < 0:
        return False
    coarser = round(ratio / (step * 10)) * step * 10
    return ratio // step * step == printed.base or coarser == printed.base


def is_slip(one: Figure, other: Figure) -> bool:
    """Whether two different numbers look like one of which a digit was mistyped.

    Both have three digits or more, are of one length and one magnitude, and differ in at most two places.
    """
    first, second = (_digits(figure) for figure in (one, other))
    size = max(len(first), len(second))
    if len(str(int(one.base))) != len(str(int(other.base))) or min(len(first), len(second)) < _FEWEST_DIGITS:
        return False
    return sum(a != b for a, b in zip(first.ljust(size, "0"), second.ljust(size, "0"), strict=True)) <= 2


def _digits(figure: Figure) -> str:
    return plain(figure.base).replace(".", "").strip("0")
