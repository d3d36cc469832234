"""From a conduct and its circumstances to a band of the fine, with the reasons; and which of two laws is lighter.

Plain arithmetic over rows of the district pack: nothing here knows of Django.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, Protocol, TypeVar

import msgspec

CENT = Decimal("0.01")
NONE, REDUCED = "none", "reduced"

Effect = Literal["none", "may_none", "reduce", "lighter", "heavier"]
Respondent = Literal["unit", "person"]


class Dated(Protocol):
    """A rule with the days on which it holds."""

    @property
    def valid_from(self) -> date: ...

    @property
    def valid_to(self) -> date | None: ...


D = TypeVar("D", bound=Dated)


class Band(msgspec.Struct, frozen=True):
    """A piece of the statutory range, as fractions of it: one step of the 裁量基准."""

    code: str
    name: str
    start: Decimal
    end: Decimal
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class Circumstance(msgspec.Struct, frozen=True):
    """What makes a penalty lighter or heavier, or none at all."""

    code: str
    name: str
    effect: Effect
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class Range(msgspec.Struct, frozen=True):
    """What a law allows against one kind of respondent: a fine from `low` to `high` and other penalties."""

    respondent: Respondent
    overdue: bool
    """Whether it is for one who did not put it right in the time given (逾期未改正)."""
    low: Decimal
    high: Decimal
    words: str
    kinds: tuple[str, ...] = ()
    """Penalties beside the fine, codes of `KINDS`."""


KINDS = {
    "warning": "警告",
    "notice": "通报批评",
    "fine": "罚款",
    "confiscate": "没收违法所得",
    "licence": "暂扣许可证件",
    "suspend": "责令停产停业",
    "revoke": "吊销许可证件",
}
"""Penalties of 行政处罚法 art. 9, the lightest first."""

SEPARATOR = "、"


@dataclass(frozen=True)
class Proposal:
    """The band that the facts lead to. Amounts in yuan, both ends included."""

    code: str
    name: str
    low: Decimal
    high: Decimal
    reasons: tuple[str, ...]
    kinds: tuple[str, ...] = ()

    @property
    def weight(self) -> tuple[int, Decimal, Decimal]:
        """What is compared: the hardest other penalty, the most it may cost, the least."""
        if self.code == NONE:
            return (-1, Decimal(0), Decimal(0))
        order = list(KINDS)
        return (max((order.index(kind) for kind in self.kinds), default=0), self.high, self.low)


def words_of(kinds: Iterable[str]) -> str:
    """Kinds of penalty as they are kept and read, the lightest first.

    >>> words_of({"fine", "warning"})
    '警告、罚款'
    """
    chosen = set(kinds)
    return SEPARATOR.join(name for code, name in KINDS.items() if code in chosen)


def kinds_of(words: str) -> frozenset[str]:
    """The codes of kinds that were kept as words."""
    kept = set(words.split(SEPARATOR))
    return frozenset(code for code, name in KINDS.items() if name in kept)


def valid_on(rows: Sequence[D], day: date) -> tuple[D, ...]:
    """Rows in force on a day."""
    return tuple(row for row in rows if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to))


def step_of(value: Decimal, steps: Sequence[Decimal]) -> int:
    """How many thresholds a value has reached: below the first 0, at it 1.

    >>> [step_of(Decimal(n), (Decimal(3), Decimal(10))) for n in (0, 2, 3, 9, 10)]
    [0, 0, 1, 1, 2]
    """
    return sum(value >= step for step in steps)


def assess(
    range_: Range, bands: Sequence[Band], step: int, found: Sequence[Circumstance], *, first_listed: bool
) -> Proposal:
    """The band for a conduct of this step under these circumstances.

    `first_listed` says that the conduct stands in the list of first offences that may go unpunished (首违不罚).
    Raises ValueError when circumstances exclude each other or there is no such band.
    """
    nothing = [row for row in found if row.effect == "none" or (row.effect == "may_none" and first_listed)]
    harder = [row for row in found if row.effect == "heavier"]
    softer = [row for row in found if row.effect in {"reduce", "lighter"}]
    if nothing and harder:
        raise ValueError(f"“{nothing[0].name}”与“{harder[0].name}”不能同时成立，请核对裁量情节。")
    reasons = tuple(_reason(row, first_listed=first_listed) for row in found)
    if nothing:
        return Proposal(NONE, "不予处罚", Decimal(0), Decimal(0), reasons)
    if not bands or not 0 <= step < len(bands):
        raise ValueError("裁量基准缺少与违法程度对应的档次，请系统管理员在地区包的 penalties.yaml 中补充。")
    at = step + bool(harder) - bool(softer)
    base = (f"违法程度对应“{bands[step].name}”（{bands[step].source}）",)
    if at < 0 and range_.low > 0 and any(row.effect == "reduce" for row in softer):
        # 减轻: below the least that the law allows.
        return Proposal(REDUCED, "减轻处罚", Decimal(0), range_.low - CENT, (*base, *reasons), range_.kinds)
    band = bands[min(max(at, 0), len(bands) - 1)]
    return Proposal(
        band.code, band.name, _part(range_, band.start), _part(range_, band.end), (*base, *reasons), range_.kinds
    )


def lighter(old: Proposal, new: Proposal) -> Literal["old", "new"]:
    """从旧兼从轻 (行政处罚法 art. 37): the law of the day of the conduct, unless the later one is lighter."""
    return "new" if new.weight < old.weight else "old"


def _part(range_: Range, fraction: Decimal) -> Decimal:
    return (range_.low + (range_.high - range_.low) * fraction).quantize(CENT, ROUND_HALF_UP)


def _reason(row: Circumstance, *, first_listed: bool) -> str:
    words = {
        "none": "不予处罚",
        "may_none": "可以不予处罚",
        "reduce": "从轻或者减轻",
        "lighter": "从轻",
        "heavier": "从重",
    }
    told = words[row.effect]
    if row.effect == "may_none" and not first_listed:
        told = "不在首违不罚清单内，不适用"
    return f"{row.name}：{told}（{row.source}{row.article}）"
