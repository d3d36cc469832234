"""What the district pack says of events: `districts/<district>/emergency.yaml`, checked when read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, Literal

import msgspec

from bianwang.modules.emergency.judging import FireGrade, Threshold
from bianwang.modules.emergency.shifts import Shift
from bianwang.platform import packs
from bianwang.platform.workflow.errors import UnknownLimit


class Subtype(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a class that is counted by itself too."""

    code: str
    name: str


class Headquarters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A 指挥部 of the district."""

    code: str
    name: str
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class PlanTerm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """After how many years a plan for a class (empty: any other) is assessed again, and how long before we remind."""

    years: int
    remind_days: int
    source: str
    article: str
    certainty: str
    valid_from: date
    kind: str = ""
    valid_to: date | None = None


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A class of events."""

    code: str
    name: str
    headquarters: str
    source: str
    article: str
    certainty: str
    valid_from: date
    grading: Literal["", "forest_fire", "accident"] = ""
    subtypes: tuple[Subtype, ...] = ()
    valid_to: date | None = None


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    prefix: str
    headquarters: tuple[Headquarters, ...]
    classes: tuple[Kind, ...]
    fire_grades: tuple[FireGrade, ...]
    levels: tuple[Threshold, ...]
    shifts: tuple[Shift, ...]
    plan_terms: tuple[PlanTerm, ...]


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack of this instance's district. Raises ConfigError with one sentence for a file that is wrong."""
    return packs.load("emergency.yaml", Pack, _check)


def read(raw: Any) -> Pack:
    """Check the file's content. Raises ConfigError."""
    return packs.read(raw, "emergency.yaml", Pack, _check)


def headquarters_name(code: str) -> str:
    """The words of a headquarters."""
    return next((row.name for row in reversed(pack().headquarters) if row.code == code), code)


def headquarters_choices() -> list[tuple[str, str]]:
    """All headquarters."""
    return list({row.code: row.name for row in pack().headquarters}.items())


def plan_term(kinds: Iterable[str], day: date) -> PlanTerm:
    """The shortest term that holds for one of the classes on a day. Raises UnknownLimit."""
    rows = packs.in_force(pack().plan_terms, day)
    own = [row for row in rows if row.kind and row.kind in set(kinds)] or [row for row in rows if not row.kind]
    if not own:
        raise UnknownLimit(f"预案评估周期在 {day} 没有有效的规定，请系统管理员在地区包的 emergency.yaml 中补充。")
    return min(own, key=lambda row: row.years)


def kind_of(code: str) -> Kind | None:
    """The newest entry of a class."""
    return max((row for row in pack().classes if row.code == code), key=lambda row: row.valid_from, default=None)


def kind_name(code: str, subtype: str = "") -> str:
    """The words of a class, with its subtype."""
    found = kind_of(code)
    if found is None:
        return code
    part = next((row.name for row in found.subtypes if row.code == subtype), "")
    return f"{found.name}（{part}）" if part else found.name


def kind_choices(day: date | None = None) -> list[tuple[str, str]]:
    """Classes and, where a class has parts, its parts as `class:subtype`; in force on a day, or all, for filters."""
    found: list[tuple[str, str]] = []
    for row in pack().classes:
        if day is None or packs.is_in_force(row, day):
            parts = [(f"{row.code}:{part.code}", f"{row.name}：{part.name}") for part in row.subtypes]
            found += parts or [(row.code, row.name)]
    return list(dict(found).items())


def class_choices() -> list[tuple[str, str]]:
    """Classes without their parts, for filters."""
    return list({row.code: row.name for row in pack().classes}.items())


def subtype_choices() -> list[tuple[str, str]]:
    """All parts of classes, for filters."""
    return [(part.code, part.name) for row in pack().classes for part in row.subtypes]


def fire_grades(day: date) -> list[FireGrade]:
    """Grades of forest fires in force on a day. Raises UnknownLimit."""
    found = packs.in_force(pack().fire_grades, day)
    if not found:
        raise UnknownLimit(f"森林火灾等级在 {day} 没有有效的规定，请系统管理员在地区包的 emergency.yaml 中补充。")
    return found


def thresholds(kind: str, day: date) -> list[Threshold]:
    """The response table of a class in force on a day; empty for a class without one."""
    return [row for row in pack().levels if row.kind == kind and packs.is_in_force(row, day)]


def _check(found: Pack) -> None:
    kinds, offices = {row.code for row in found.classes}, {row.code for row in found.headquarters}
    for kind in found.classes:
        if kind.headquarters not in offices:
            raise ValueError(f"事件类别“{kind.name}”的指挥部“{kind.headquarters}”没有定义")
    for row in found.levels:
        if row.kind not in kinds:
            raise ValueError(f"响应参数用到的事件类别“{row.kind}”没有定义")
        if row.level not in (1, 2, 3, 4) or not row.any:
            raise ValueError(f"“{row.kind}”的响应参数应为 1 至 4 级，并至少有一个数")
    packs.refuse_twice((row.kind, f"{row.level} 级响应", row.valid_from) for row in found.levels)
    for term in found.plan_terms:
        if term.kind and term.kind not in kinds:
            raise ValueError(f"预案评估周期用到的事件类别“{term.kind}”没有定义")
        if term.years < 1 or term.remind_days < 0:
            raise ValueError("预案评估周期至少一年，提前提醒的天数不能是负数")
    packs.refuse_twice((term.kind or "其他类别", "预案评估周期", term.valid_from) for term in found.plan_terms)
    if not found.shifts:
        raise ValueError("没有写班次")
