"""Scores of risk: LEC (D = L x E x C) and LS (R = L x S), and the colour of a score. Plain arithmetic.

>>> lec(Decimal("3"), Decimal("6"), Decimal("15"))
Decimal('270')
>>> ls(Decimal(4), Decimal(5))
Decimal('20')
>>> level(Decimal(270), (Band(Decimal(320), "red", True), Band(Decimal(160), "orange"), Band(Decimal(0), "blue")))
'orange'
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

ORDER = ("red", "orange", "yellow", "blue")
"""The colours, the highest risk first."""


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"least": "from"}):
    """The colour of scores from `least` on; `above`: only beyond it."""

    least: Decimal
    level: str
    above: bool = False

    def holds(self, score: Decimal) -> bool:
        """Whether a score reaches this band."""
        return score > self.least if self.above else score >= self.least


def lec(likelihood: Decimal, exposure: Decimal, consequence: Decimal) -> Decimal:
    """D of the LEC method."""
    return likelihood * exposure * consequence


def ls(likelihood: Decimal, severity: Decimal) -> Decimal:
    """R of the LS method."""
    return likelihood * severity


def level(score: Decimal, bands: Sequence[Band]) -> str:
    """The colour of a score; the bands stand from the highest down and the last holds everything."""
    return next(band.level for band in bands if band.holds(score))


def highest(levels: Iterable[str]) -> str | None:
    """The highest of some colours, None of none."""
    return min(levels, key=ORDER.index, default=None)
