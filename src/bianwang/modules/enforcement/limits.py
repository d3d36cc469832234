"""The ceilings of the district, and what they say of an enterprise's year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

import msgspec
import yaml

import bianwang
from bianwang.modules.enforcement import ceilings
from bianwang.modules.enforcement.ceilings import Ceiling, Made
from bianwang.modules.enforcement.models import Visit
from bianwang.platform import packs
from bianwang.platform.config import ConfigError, config
from bianwang.platform.places.models import Enterprise

Key = tuple[int, int, int]
"""Unit, enterprise, year: a ceiling is of one authority and one enterprise."""


@lru_cache(maxsize=1)
def district_ceilings() -> tuple[Ceiling, ...]:
    """The district's file. Raises ConfigError that names it and what is wrong; no file means no ceilings."""
    file = Path(bianwang.__file__).parent / "districts" / config().district / "inspection_ceilings.yaml"
    if not file.exists():
        return ()
    try:
        return ceilings.parse(packs.parse(file.read_text("utf-8")))
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise ConfigError(f"地区包文件 {file.name} 不可用：{error}，请改正后重新启动。") from error


def ceiling_of(enterprise: Enterprise, day: date) -> Ceiling | None:
    """The ceiling for an enterprise on a day."""
    grade, sector = enterprise.standardisation, enterprise.sector
    return ceilings.pick(district_ceilings(), sector=sector, grade=grade, day=day)


def year_of(day: date) -> tuple[date, date]:
    """First and last day of a day's year."""
    return date(day.year, 1, 1), date(day.year, 12, 31)


def visits_by_key(keys: Iterable[Key], *, done_only: bool = False) -> dict[Key, list[Made]]:
    """The visits of each unit to each enterprise in each year, in one query."""
    wanted = set(keys)
    found: dict[Key, list[Made]] = defaultdict(list)
    if not wanted:
        return found
    years = [year for _, _, year in wanted]
    rows = Visit.objects.filter(
        unit__in={unit for unit, _, _ in wanted},
        enterprise__in={enterprise for _, enterprise, _ in wanted},
        date__gte=date(min(years), 1, 1),
        date__lte=date(max(years), 12, 31),
    ).order_by("date", "pk")
    rows = rows.filter(state=Visit.State.DONE) if done_only else rows.exclude(state=Visit.State.VOID)
    words = dict(Visit.Kind.choices)
    for pk, unit, enterprise, day, kind in rows.values_list("pk", "unit", "enterprise", "date", "kind"):
        if (unit, enterprise, day.year) in wanted:
            found[unit, enterprise, day.year].append(Made(pk, day, kind, f"{day} {words[kind]}"))
    return found


def refusal(enterprise: Enterprise, day: date, *, planned: int, visits: Iterable[Made]) -> str:
    """Why a year with so many planned inspections beside these visits is too much for an enterprise, or ""."""
    ceiling = ceiling_of(enterprise, day)
    if ceiling is None:
        return ""
    return ceilings.refusal(
        ceiling, list(visits), planned=planned, plan_kind=Visit.Kind.PLAN, enterprise=enterprise.name
    )
