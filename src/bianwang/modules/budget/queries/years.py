"""A year as one table: subjects with their sums, and the same by source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from bianwang.modules.budget import pack
from bianwang.modules.budget.models import BudgetYear, Line, Project, Source
from bianwang.modules.budget.models.lines import SUPERIOR
from bianwang.modules.budget.pace import WORDS, Colour, elapsed
from bianwang.modules.budget.queries.lines import Standing, colour, project_standings, standings, total
from bianwang.platform.ui.lists import list_url


@dataclass(frozen=True)
class Row:
    """One line of the table: its figures and the rows behind each."""

    name: str
    standing: Standing
    colour: Colour | None
    urls: Mapping[str, str]
    own: str = ""
    """Page of the thing itself."""
    is_part: bool = False
    """Whether it is contained in the row above."""

    @property
    def word(self) -> str:
        """The colour in words."""
        return WORDS.get(self.colour or "", "")


@dataclass(frozen=True)
class Table:
    """Everything of a year as of a day."""

    on: date
    rows: tuple[Row, ...]
    whole: Row
    sources: tuple[Row, ...]
    elapsed: str
    """How much of the year has passed."""


def table(year: BudgetYear, on: date) -> Table:
    """The table of a year at the end of a day; with five queries, however many lines there are."""
    lines = list(year.lines.order_by("subject"))
    held = standings(lines, on)
    whole = total(held.values())
    every = Row("合计", whole, colour(whole, year.year, on), _line_urls(year, ""))
    passed = f"{elapsed(year.year, on):.1f}%"
    return Table(on, tuple(_rows(year, lines, held, on)), every, tuple(_sources(year, whole, on)), passed)


def _rows(year: BudgetYear, lines: Iterable[Line], held: Mapping[int, Standing], on: date) -> Iterable[Row]:
    for code, inside in groupby(lines, key=lambda line: line.subject[:3]):
        found = list(inside)
        sums = total(held[line.pk] for line in found)
        alone = found[0] if len(found) == 1 and found[0].subject == code else None
        name = str(alone or f"{code} {pack.name_of(code)}")
        page = alone.get_absolute_url() if alone else _line_urls(year, code)["opening"]
        yield Row(name, sums, colour(sums, year.year, on), _line_urls(year, code), page)
        if alone is None:
            for line in found:
                own = held[line.pk]
                urls = _line_urls(year, line.subject)
                yield Row(str(line), own, colour(own, year.year, on), urls, line.get_absolute_url(), is_part=True)


def _sources(year: BudgetYear, whole: Standing, on: date) -> Iterable[Row]:
    """Superior sources are those of their projects; the rest is the district's own."""
    projects = list(Project.objects.filter(line__year=year, source__in=SUPERIOR))
    held = project_standings(projects, on)
    rest = whole
    for source in SUPERIOR:
        found = total(held[row.pk] for row in projects if row.source == source)
        rest = rest - found
        yield Row(source.label, found, colour(found, year.year, on), _source_urls(year, source))
    yield Row(Source.DISTRICT.label, rest, colour(rest, year.year, on), _source_urls(year, Source.DISTRICT))


def _line_urls(year: BudgetYear, subject: str) -> dict[str, str]:
    query: dict[str, Any] = {"year": year.year, **({"subject": subject} if subject else {})}
    lines = list_url("budget:lines", **query)
    return {
        "opening": lines,
        "carried_in": lines,
        "adjusted": list_url("budget:adjustments", **query),
        "executed": list_url("budget:payments", **query),
        "carry_over": lines,
    }


def _source_urls(year: BudgetYear, source: Source) -> dict[str, str]:
    query = {"year": year.year, "source": source.value}
    projects = list_url("budget:projects", **query)
    return {
        "opening": projects,
        "adjusted": projects,
        "executed": list_url("budget:payments", **query),
        "carry_over": projects,
    }
