"""How often a year one authority may inspect one enterprise: ceilings as data, and what they say of visits.

国办发〔2024〕54号 has every authority publish a ceiling; the numbers are local, so they are rows of the district
pack (`inspection_ceilings.yaml`) with source, certainty and dates. Pure: no Django.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec


class Ceiling(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One row: the visits a year of an enterprise of these sectors with this grade of standardisation."""

    name: str
    grade: str
    """Code of the grade of standardisation; "0" is none."""
    per_year: int
    sectors: tuple[str, ...] = ()
    """Sectors that it is for; empty: all that have no row of their own."""
    exempt: tuple[str, ...] = ()
    """Kinds of visits that do not count."""
    source: str
    article: str = ""
    certainty: str
    valid_from: date
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the row is in force on a day, both ends included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Made:
    """A visit as far as a ceiling cares."""

    key: int
    day: date
    kind: str
    words: str = ""
    """How a person is told of it."""


def parse(rows: Any) -> tuple[Ceiling, ...]:
    """The rows of the pack. Raises msgspec.ValidationError that names the field."""
    return msgspec.convert(rows, tuple[Ceiling, ...])


def pick(rows: Iterable[Ceiling], *, sector: str, grade: str, day: date) -> Ceiling | None:
    """The row for an enterprise on a day: one that names its sector before one for all; None: no ceiling."""
    fits = [row for row in rows if row.grade == grade and row.holds(day) and (not row.sectors or sector in row.sectors)]
    return max(fits, key=lambda row: (bool(row.sectors), row.valid_from), default=None)


def counted(ceiling: Ceiling, visits: Iterable[Made]) -> list[Made]:
    """The visits that count, in the order in which they were made."""
    return sorted((row for row in visits if row.kind not in ceiling.exempt), key=lambda row: (row.day, row.key))


def over(ceiling: Ceiling, visits: Iterable[Made]) -> set[int]:
    """Keys of the visits of one year that were made beyond the ceiling."""
    return {row.key for row in counted(ceiling, visits)[ceiling.per_year :]}


def planned_use(visits: Iterable[Made], *, planned: int, plan_kind: str) -> int:
    """How many visits a year comes to: the plan's times take up the plan's own visits, all others come on top."""
    kinds = [row.kind for row in visits]
    return max(planned, kinds.count(plan_kind)) + sum(kind != plan_kind for kind in kinds)


def refusal(ceiling: Ceiling, visits: Sequence[Made], *, planned: int, plan_kind: str, enterprise: str) -> str:
    """Why so many visits may not be planned, or "": which ceiling, and which visits take it up."""
    rows = counted(ceiling, visits)
    use = planned_use(rows, planned=planned, plan_kind=plan_kind)
    if use <= ceiling.per_year:
        return ""
    told = "、".join(row.words or row.day.isoformat() for row in rows[:10]) or "无"
    return (
        f"“{enterprise}”全年将检查 {use} 次，超过上限 {ceiling.per_year} 次"
        f"（{ceiling.name}；{ceiling.source}；{ceiling.certainty}）。"
        f"计划安排 {planned} 次，已有计入上限的检查：{told}。举报核查、重大隐患和复查不受此限。"
    )
