"""What a self-rating adds up to. Pure: full marks and lines come from the district pack.

Marks that cannot apply to an enterprise (空项) leave the full marks; the total is what was got out of what could be
got, in hundredths, rounded down so that nobody reaches a line by rounding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Mark:
    """One element: full marks, what cannot apply, and what was deducted."""

    full: Decimal
    absent: Decimal
    deducted: Decimal

    @property
    def reachable(self) -> Decimal:
        """What could be got."""
        return self.full - self.absent

    @property
    def score(self) -> Decimal:
        """What was got."""
        return self.reachable - self.deducted


def fault(mark: Mark) -> str:
    """What is wrong with an element, or ''."""
    if mark.absent < 0 or mark.deducted < 0:
        return "空项分和扣分不能小于 0。"
    if mark.absent > mark.full:
        return f"空项分 {mark.absent.normalize():f} 超过满分 {mark.full.normalize():f}。"
    if mark.deducted > mark.reachable:
        return f"扣分 {mark.deducted.normalize():f} 超过应得分 {mark.reachable.normalize():f}（满分减空项）。"
    return ""


def total(marks: Iterable[Mark]) -> Decimal:
    """Out of a hundred, two places. Raises ValueError when nothing could be got.

    >>> total([Mark(Decimal(100), Decimal(0), Decimal(10)), Mark(Decimal(60), Decimal(10), Decimal(5))])
    Decimal('90.00')
    """
    rows = list(marks)
    reachable = sum((mark.reachable for mark in rows), Decimal(0))
    if reachable <= 0:
        raise ValueError("所有要素都填成了空项，无法计算得分。")
    got = sum((mark.score for mark in rows), Decimal(0))
    return (got * 100 / reachable).quantize(HUNDREDTH, ROUND_DOWN)


def reached(score: Decimal, lines: Mapping[str, Decimal]) -> str:
    """Code of the highest grade whose line a score reaches, or ''.

    >>> reached(Decimal("75.00"), {"1": Decimal(90), "2": Decimal(75), "3": Decimal(60)})
    '2'
    """
    return next((code for code, line in sorted(lines.items(), key=lambda row: -row[1]) if score >= line), "")
