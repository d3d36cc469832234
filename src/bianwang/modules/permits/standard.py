"""What the standard says of special work, as data: `districts/<district>/permits.yaml`, checked when it is read.

Every row has its source and the dates from and to which it holds; callers ask for a day's.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Literal, TypeVar

import msgspec

from bianwang.platform import packs
from bianwang.platform.workflow.errors import UnknownLimit
from bianwang.platform.workflow.models import Limit
from bianwang.platform.workflow.queries import limit

Effect = Literal["block", "warn"]
Group = Literal["oxygen", "combustible", "toxic"]

GROUPS: dict[str, str] = {"oxygen": "氧含量", "combustible": "可燃气体", "toxic": "有毒气体"}


class Dated(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a row comes from and when it holds, both days included."""

    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the row is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"at_least": "from"}):
    """One level of a type. Where a measure decides, it is at least `at_least`, or above `above`."""

    code: str
    name: str
    approver: str
    at_least: float | None = None
    above: float | None = None

    def reached(self, measure: float) -> bool:
        """Whether a height (m) or a mass (t) is enough for this level."""
        if self.above is not None:
            return measure > self.above
        return self.at_least is not None and measure >= self.at_least


class WorkType(Dated, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One of the eight kinds of special work; levels from the lowest to the highest. Fields: permits.yaml."""

    code: str
    name: str
    level_by: Literal["chosen", "metres", "tonnes", "single"]
    levels: tuple[Level, ...]
    measures: tuple[str, ...]
    gas: tuple[Group, ...] = ()
    retests: bool = False
    isolates: bool = False
    plates: bool = False
    locks: bool = False
    upgrades: bool = False
    needs: dict[str, str] = {}
    """Kind of zone -> the type of permit that must be in force there at the same time."""
    follows: tuple[str, ...] = ()
    """Types of the permit that this one may not outlast, where it goes with one."""

    def level(self, code: str) -> Level:
        """The level with this code. Raises KeyError."""
        return self.levels[self.rank(code)]

    def rank(self, code: str) -> int:
        """Its place, 0 the lowest. Raises KeyError."""
        for rank, level in enumerate(self.levels):
            if level.code == code:
                return rank
        raise KeyError(code)

    @property
    def signals(self) -> tuple[str, ...]:
        """The quantities that a permit of this type tells."""
        found = ["permit_valid", "permit_level_ok", "guard_present", "briefing_done", "work_active"]
        found += ["gas_test_passed", "gas_test_failed"] if self.gas else []
        found += ["blind_plate_done"] * (self.plates or self.isolates)
        return (*found, *["lock_on"] * self.locks)


class Upgrade(Dated, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When work counts as done at night, Shanghai time; the end is not part of it."""

    night_from: time
    night_to: time

    def is_night(self, at: time) -> bool:
        """Whether a time of day lies in the night, which may go past midnight."""
        if self.night_from <= self.night_to:
            return self.night_from <= at < self.night_to
        return at >= self.night_from or at < self.night_to


class Species(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A gas: `lel` in %VOL, `limit` in mg/m³, `molar_mass` in g/mol."""

    code: str
    name: str
    group: Group
    lel: float = 0.0
    limit: float = 0.0
    molar_mass: float = 0.0


class GasCriteria(Dated, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What passes, in %VOL; `lel_from` divides combustible gases; `heights` is asked of a large space."""

    oxygen_low: float
    oxygen_high: float
    oxygen_rich: float
    lel_from: float
    combustible_high: float
    combustible_low: float
    heights: int


class ConflictRule(Dated, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Two types that get into each other's way within `distance` metres (0: in the same zone)."""

    types: tuple[str, str]
    distance: float
    effect: Effect
    why: str


class Standard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file."""

    types: tuple[WorkType, ...]
    upgrades: tuple[Upgrade, ...]
    species: tuple[Species, ...]
    gas_criteria: tuple[GasCriteria, ...]
    conflicts: tuple[ConflictRule, ...]
    explosive_zones: tuple[str, ...]
    """Kinds of zones that are explosive areas."""


D = TypeVar("D", bound=Dated)


@lru_cache(maxsize=1)
def standard() -> Standard:
    """The district's file. Raises ConfigError that names it and what is wrong."""
    return packs.load("permits.yaml", Standard)


def work_types(day: date) -> dict[str, WorkType]:
    """The types of special work on a day, by code."""
    return {row.code: row for row in standard().types if row.holds(day)}


def work_type(code: str, day: date) -> WorkType:
    """One type on a day. Raises UnknownLimit."""
    found = work_types(day).get(code)
    if found is None:
        raise UnknownLimit(f"作业类型“{code}”在 {day} 没有有效的规定，请系统管理员在地区包的 permits.yaml 中补充。")
    return found


def type_names() -> list[tuple[str, str]]:
    """(code, name) of every type that there ever was."""
    return list({row.code: row.name for row in standard().types}.items())


def upgrade(day: date) -> Upgrade:
    """The rule for nights and rest days on a day. Raises UnknownLimit."""
    return _one(standard().upgrades, day, "动火升级")


def criteria(day: date) -> GasCriteria:
    """The gas criteria on a day. Raises UnknownLimit."""
    return _one(standard().gas_criteria, day, "气体合格标准")


def species(group: str) -> list[tuple[str, str]]:
    """(code, name) of the gases of a group."""
    return [(row.code, row.name) for row in standard().species if row.group == group]


def gas(code: str) -> Species:
    """The gas with this code. Raises KeyError."""
    return {row.code: row for row in standard().species}[code]


def conflict_rule(one: str, other: str, day: date) -> ConflictRule | None:
    """What the matrix says of two types on a day."""
    return next((r for r in standard().conflicts if r.holds(day) and sorted(r.types) == sorted((one, other))), None)


def validity(kind: str, level: str, day: date) -> timedelta:
    """How long a permit of this level may be valid. Raises UnknownLimit."""
    return length(limit(f"permits.{kind}.{level}.validity", day))


def longest_break(kind: str, level: str, day: date) -> timedelta:
    """The interruption after which gas must be tested anew. Raises UnknownLimit."""
    return length(limit(f"permits.{kind}.{level}.break", day))


def test_age(day: date) -> timedelta:
    """How old a gas test may be when work begins. Raises UnknownLimit."""
    return length(limit("permits.test_age", day))


def length(row: Limit) -> timedelta:
    """A limit as a length of time from moment to moment: a permit of 7 days ends at the minute, not at midnight."""
    return timedelta(**{row.unit: float(row.value)})


def _one(rows: Iterable[D], day: date, name: str) -> D:
    for row in rows:
        if row.holds(day):
            return row
    raise UnknownLimit(f"{name}在 {day} 没有有效的规定，请系统管理员在地区包的 permits.yaml 中补充。")
