"""How much a report is worth. Pure: bands and ceilings come from the district pack.

There is one reward for one matter: the first who reported it gets it, and those who reported together share it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Literal, Protocol, TypeVar

import msgspec

CENT = Decimal("0.01")


class Band(msgspec.Struct, frozen=True):
    """One kind of reward. `way`: a share of the fine, a sum for each person concealed, or a sum within a range."""

    code: str
    name: str
    way: Literal["fine", "people", "range"]
    floor: Decimal
    ceiling: Decimal
    source: str
    valid_from: date
    article: str = ""
    certainty: str = ""
    valid_to: date | None = None
    rate: Decimal = Decimal(0)
    per_person: Mapping[str, Decimal] = {}
    """By the accident's grade."""


@dataclass(frozen=True)
class Claim:
    """What an amount is computed from."""

    fine: Decimal | None = None
    grade: str = ""
    people: int = 0
    proposed: Decimal | None = None


class Dated(Protocol):
    """An entry of the pack that holds from one day to another."""

    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


Entry = TypeVar("Entry", bound=Dated)


def valid_on(rows: Iterable[Entry], day: date) -> list[Entry]:
    """The entries in force on a day."""
    return [row for row in rows if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)]


def amount(claim: Claim, band: Band) -> Decimal:
    """The whole reward in yuan, two places. Raises ValueError with a Chinese sentence that says what is missing."""
    if band.way == "range":
        if claim.proposed is None or not band.floor <= claim.proposed <= band.ceiling:
            raise ValueError(f"“{band.name}”的奖励金额须在 {band.floor} 至 {band.ceiling} 元之间。")
        return _cents(claim.proposed)
    return _cents(min(max(_computed(claim, band), band.floor), band.ceiling))


def shares(total: Decimal, people: int) -> list[Decimal]:
    """One reward shared by those who reported together; cents that are left go to the first, who signed first."""
    if people < 1:
        raise ValueError("联名举报人数至少是 1 人。")
    each = (total / people).quantize(CENT, ROUND_DOWN)
    return [total - each * (people - 1), *[each] * (people - 1)]


def first(reports: Iterable[tuple[datetime, int]]) -> int:
    """Who gets the reward of those who reported the same on their own: (received, id) of the first."""
    return min(reports)[1]


def _computed(claim: Claim, band: Band) -> Decimal:
    if band.way == "fine":
        if claim.fine is None or claim.fine < 0:
            raise ValueError("请填写行政处罚金额；没有罚款的填 0。")
        return claim.fine * band.rate
    each = band.per_person.get(claim.grade)
    if each is None:
        raise ValueError("请选择最终确认的事故等级。")
    if claim.people < 1:
        raise ValueError("请填写查实的瞒报谎报人数，至少 1 人。")
    return each * claim.people


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
