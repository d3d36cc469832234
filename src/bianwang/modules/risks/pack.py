"""What the district pack says of risks: `districts/<district>/risk_levels.yaml`, checked when it is read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

from bianwang.modules.risks.scoring import ORDER, Band
from bianwang.platform import packs
from bianwang.platform.workflow.errors import UnknownLimit

_FILE = "risk_levels.yaml"


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One value of a factor and what it means."""

    value: Decimal
    words: str


class Method(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way of scoring: its factors with their values, and its bands from the highest down."""

    code: str
    name: str
    factors: dict[str, tuple[Value, ...]]
    bands: tuple[Band, ...]
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None

    def allows(self, factor: str, value: Decimal | None) -> bool:
        """Whether a factor has this value."""
        return value in [each.value for each in self.factors[factor]]

    def words(self, factor: str) -> str:
        """The values of a factor, for people."""
        return "、".join(f"{each.value.normalize():f}" for each in self.factors[factor])


class Control(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who answers for risks of a colour, and after how many months they are reviewed."""

    level: str
    held_at: str
    review_months: int
    source: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the three who answer for a major hazard source, and how often they have to act."""

    code: str
    name: str
    days: int
    what: str
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file. `evaluation_years`: a major hazard source is evaluated anew after so many."""

    methods: tuple[Method, ...]
    controls: tuple[Control, ...]
    evaluation_years: int
    evaluation_basis: str
    duties: tuple[Duty, ...]


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack of this instance's district. Raises ConfigError that names the file and what is wrong."""
    return packs.load(_FILE, Pack, _check, strict=False)


def read(raw: Any) -> Pack:
    """Check the file's content. Raises ConfigError."""
    return packs.read(raw, _FILE, Pack, _check, strict=False)


def method(code: str, day: date) -> Method:
    """The rules of a method in force on a day. Raises UnknownLimit."""
    for row in pack().methods:
        if row.code == code and packs.is_in_force(row, day):
            return row
    raise UnknownLimit(f"风险评价方法“{code}”在 {day} 没有有效的规定，请系统管理员在地区包的 {_FILE} 中补充。")


def control(level: str, day: date) -> Control:
    """Who answers for a colour. Raises UnknownLimit."""
    for row in pack().controls:
        if row.level == level and packs.is_in_force(row, day):
            return row
    raise UnknownLimit(f"风险等级“{level}”在 {day} 没有管控规定，请系统管理员在地区包的 {_FILE} 中补充。")


def duties(day: date) -> list[Duty]:
    """The three levels in force on a day."""
    return [row for row in pack().duties if packs.is_in_force(row, day)]


def _check(found: Pack) -> None:
    for row in found.methods:
        _check_method(row)
    if {row.level for row in found.controls} != set(ORDER):
        raise ValueError("controls 须写全红橙黄蓝四级（red、orange、yellow、blue）")


def _check_method(row: Method) -> None:
    """Raises ValueError that says what is wrong with a method."""
    where = f"方法“{row.name}”"
    limits = [band.least for band in row.bands]
    if limits != sorted(limits, reverse=True) or len(set(limits)) != len(limits) or not limits or limits[-1] > 0:
        raise ValueError(f"{where}的 bands 须从高到低排列、互不相同，最后一档从 0 开始")
    if [band.level for band in row.bands] != list(ORDER):
        raise ValueError(f"{where}的 bands 须依次为红橙黄蓝四级（red、orange、yellow、blue）")
