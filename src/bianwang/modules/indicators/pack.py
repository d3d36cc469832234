"""What the district pack says of figures and indicators: `figures.yaml` and `indicators.yaml`, checked when read."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal

import msgspec

from bianwang.modules.indicators import formula, scoring
from bianwang.platform import packs
from bianwang.platform.workflow.errors import UnknownLimit


class FigureRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A figure: a measure of a module with its arguments, or a formula over the figures above it."""

    id: str
    label: str
    unit: str
    measure: str = ""
    arguments: dict[str, str] = {}
    formula: str = ""
    places: int = 0


class Figures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file of figures, by subject."""

    figures: dict[str, tuple[FigureRow, ...]]


class GradeRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A class of the total."""

    name: str
    at_least: Decimal


class IndicatorRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An indicator as a template has it; `target_day` is month and day, as 12-31."""

    code: str
    name: str
    weight: Decimal
    direction: Literal["at_least", "at_most", "equal", "between", "by_day", "quality"]
    rule: Literal["met", "proportional", "rate", "zero", "step", "bands"]
    level1: str = ""
    level2: str = ""
    unit: str = ""
    target: Decimal | None = None
    target_high: Decimal | None = None
    target_day: str = ""
    formula: str = ""
    places: int | None = None
    each: Decimal = Decimal(0)
    step: Decimal = Decimal(1)
    plan: tuple[int, int, int] | None = None
    """Share of the target that is planned by the end of the first three quarters, in per cent; None: a rate."""
    office: str = ""
    evidence: str = ""
    needs_file: bool = False
    is_core: bool = False
    is_execution: bool = False


class SchemeRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A family of indicators and weights, as one form prints it."""

    code: str
    name: str
    source: str
    article: str
    certainty: str
    valid_from: date
    total: Decimal
    grades: tuple[GradeRow, ...]
    indicators: tuple[IndicatorRow, ...]
    valid_to: date | None = None


class Warnings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When progress is shown yellow or red, and when the year's score is doubted; per cent."""

    source: str
    certainty: str
    valid_from: date
    red_below: Decimal
    yellow_below: Decimal
    score_over_spending: Decimal
    unspent: Decimal
    over_fulfilled: Decimal
    reason_below: Decimal
    valid_to: date | None = None


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file of indicators."""

    warnings: tuple[Warnings, ...]
    schemes: tuple[SchemeRow, ...]


@lru_cache(maxsize=1)
def figures() -> dict[str, tuple[FigureRow, ...]]:
    """The district's figures by subject. Raises ConfigError."""
    return packs.load("figures.yaml", Figures, check_figures, strict=False).figures


def figure_rows() -> list[FigureRow]:
    """All figures in the order of the file."""
    return [row for rows in figures().values() for row in rows]


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The district's indicators. Raises ConfigError."""
    return packs.load("indicators.yaml", Pack, check, strict=False)


def warnings_on(day: date) -> Warnings:
    """The thresholds in force on a day. Raises UnknownLimit."""
    found = packs.latest(pack().warnings, day)
    if found is None:
        raise UnknownLimit(f"{day} 没有有效的绩效预警标准，请系统管理员在地区包的 indicators.yaml 中补充。")
    return found


def schemes_for(year: int) -> list[SchemeRow]:
    """The templates in force at a year's end."""
    return packs.in_force(pack().schemes, date(year, 12, 31))


def template(code: str, year: int) -> SchemeRow:
    """One of them. Raises UnknownLimit."""
    found = packs.latest((row for row in pack().schemes if row.code == code), date(year, 12, 31))
    if found is None:
        raise UnknownLimit(f"{year}年没有有效的指标模板“{code}”，请系统管理员在地区包的 indicators.yaml 中补充。")
    return found


def check_figures(found: Figures) -> None:
    """ValueError in words for figures that have no meaning: each formula speaks of figures above it."""
    above: set[str] = set()
    for row in (row for rows in found.figures.values() for row in rows):
        if not row.id.isidentifier() or row.id in above:
            raise ValueError(f"数字“{row.label}”的代码“{row.id}”不是英文标识，或与前面的重复")
        if bool(row.measure) == bool(row.formula):
            raise ValueError(f"数字“{row.label}”须写明 measure 或 formula，二者择一")
        unknown = formula.names(row.formula) - above if row.formula else set()
        if unknown:
            raise ValueError(f"数字“{row.label}”的算式用了排在后面或没有的“{min(unknown)}”")
        above.add(row.id)


def check(found: Pack) -> None:
    """ValueError in words for a scheme that has no meaning."""
    packs.refuse_twice((row.code, row.valid_from) for row in found.schemes)
    for scheme in found.schemes:
        weights = sum((row.weight for row in scheme.indicators), Decimal(0))
        if weights != scheme.total:
            raise ValueError(f"模板“{scheme.name}”的权重合计 {weights}，应为 {scheme.total}")
        twice = [code for code, count in Counter(row.code for row in scheme.indicators).items() if count > 1]
        if twice:
            raise ValueError(f"模板“{scheme.name}”有两个指标代码都是“{twice[0]}”")
        for row in scheme.indicators:
            if row.rule not in scoring.FITTING[row.direction]:
                raise ValueError(f"模板“{scheme.name}”的指标“{row.name}”：方向和计分方式不相配")
