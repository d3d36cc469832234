"""The arithmetic of the yearly assessment (巡查考核). Pure: no Django, no clock.

A score lies between nothing and full marks, and never falls when one more thing was done well.

>>> item = Item("t", "按期办结", Decimal(20), "proportional", "tasks", ("town",))
>>> score(item, Tally(3, 4))
Decimal('15.00')
>>> score(Item("t", "零报告", Decimal(10), "step", "zero", ("town",), Decimal(4)), Tally(8, 10))
Decimal('2.00')
>>> score(item, Tally(0, 0)) is None
True
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")
WAYS = ("proportional", "step", "veto", "manual")


@dataclass(frozen=True)
class Item:
    """One line of a scheme. `record` names what is counted; `deduction` is taken off for each failure (step)."""

    code: str
    name: str
    full: Decimal
    way: str
    record: str = ""
    levels: tuple[str, ...] = ()
    deduction: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if self.way not in WAYS:
            raise ValueError(f"考核项目“{self.name}”的计分方式“{self.way}”不认识，可用：{'、'.join(WAYS)}")
        if self.full <= 0:
            raise ValueError(f"考核项目“{self.name}”的满分必须大于零")
        if self.way == "step" and self.deduction <= 0:
            raise ValueError(f"考核项目“{self.name}”按次扣分，须写明每次扣几分（deduction）")
        if (self.way == "manual") == bool(self.record):
            raise ValueError(f"考核项目“{self.name}”：人工评分的不写 record，其余的必须写")


@dataclass(frozen=True)
class Tally:
    """So many of so many were as they should be."""

    good: int
    whole: int

    @property
    def failures(self) -> int:
        """How many were not."""
        return self.whole - self.good


@dataclass(frozen=True)
class Mark:
    """What an item earned; None where it does not count."""

    full: Decimal
    score: Decimal | None
    is_veto: bool = False


@dataclass(frozen=True)
class Total:
    """The sum of the applicable items; `percent` brings units with fewer items onto the same scale (None: none)."""

    score: Decimal
    full: Decimal
    percent: Decimal | None
    vetoed: bool


def score(item: Item, tally: Tally) -> Decimal | None:
    """What an item earns; None where there was nothing to be done, so that the item does not count.

    Raises ValueError for a manual item, and for a tally that cannot be.
    """
    if not 0 <= tally.good <= tally.whole:
        raise ValueError(f"{tally.good} of {tally.whole} cannot be")
    if item.way == "manual":
        raise ValueError(f"item {item.code} is scored by people")
    if tally.whole == 0:
        return None
    if item.way == "proportional":
        earned = item.full * tally.good / tally.whole
    elif item.way == "step":
        earned = max(NOTHING, item.full - item.deduction * tally.failures)
    else:
        earned = NOTHING if tally.failures else item.full
    return earned.quantize(CENT, ROUND_HALF_UP)


def working(item: Item, tally: Tally) -> str:
    """How it comes about, in words that anybody can work out again."""
    earned = score(item, tally)
    if earned is None:
        return "没有应办的事项，不计入总分"
    if item.way == "proportional":
        return f"{item.full} × {tally.good} ÷ {tally.whole} = {earned}"
    if item.way == "step":
        return f"{item.full} − {item.deduction} × {tally.failures} 次 = {earned}（扣完为止）"
    return f"{tally.failures} 次，{'一票否决，总分计零' if tally.failures else '没有否决情形'}"


def total(marks: Iterable[Mark]) -> Total:
    """The sum over the items that count; a failed veto leaves nothing of it."""
    counted = [(mark, mark.score) for mark in marks if mark.score is not None]
    full = sum((mark.full for mark, _ in counted), NOTHING)
    vetoed = any(mark.is_veto and earned == 0 for mark, earned in counted)
    earned = NOTHING if vetoed else sum((earned for _, earned in counted), NOTHING)
    percent = (100 * earned / full).quantize(CENT, ROUND_HALF_UP) if full else None
    return Total(earned, full, percent, vetoed)


def ranks(percents: Mapping[int, Decimal]) -> dict[int, int]:
    """Places by score, the best first; equal scores share a place.

    >>> ranks({1: Decimal(90), 2: Decimal(95), 3: Decimal(90), 4: Decimal(80)})
    {2: 1, 1: 2, 3: 2, 4: 4}
    """
    order = sorted(percents, key=lambda unit: (-percents[unit], unit))
    found: dict[int, int] = {}
    for place, unit in enumerate(order, 1):
        before = order[place - 2] if place > 1 else None
        found[unit] = found[before] if before is not None and percents[before] == percents[unit] else place
    return found
