"""The year's sheet as the records have it now, and how a frozen version differs from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bianwang.modules.committee.models import Assessment, ManualScore, Score
from bianwang.modules.committee.pack import scheme_of
from bianwang.modules.committee.records import OWN, RECORDS, Counted
from bianwang.modules.committee.scoring import Item, Mark, Tally, Total, ranks, score, total, working
from bianwang.modules.committee.units import members
from bianwang.modules.committee.watching import Share
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.period import Period
from bianwang.platform.places.models import Organisation

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Line:
    """One item of one unit: its arithmetic and where the rows are."""

    item: Item
    mark: Decimal | None
    working: str
    tally: Tally | None = None
    good_url: str = ""
    whole_url: str = ""
    manual: ManualScore | None = None

    @property
    def kept(self) -> Mark:
        """As the sum takes it."""
        return Mark(self.item.full, self.mark, self.item.way == "veto")


@dataclass(frozen=True)
class Standing:
    """One unit: its lines, their sum and its place among units of its kind (None: nothing to be judged by)."""

    unit: Organisation
    lines: list[Line]
    total: Total
    rank: int | None


@dataclass(frozen=True)
class Sheet:
    """A year's assessment until a day."""

    year: int
    as_of: date
    scheme: str
    basis: str
    items: tuple[Item, ...]
    groups: list[tuple[str, list[Standing]]]

    def of(self, unit: int) -> Standing | None:
        """One unit's standing."""
        return next((row for _, rows in self.groups for row in rows if row.unit.pk == unit), None)


@dataclass(frozen=True)
class Drift:
    """One frozen score beside what the records say now."""

    score: Score
    now: Decimal | None
    working: str

    @property
    def moved(self) -> bool:
        """Whether the records changed since it was frozen."""
        return self.score.score != self.now


@dataclass(frozen=True)
class Frozen:
    """One unit in a frozen version, and how many of its items the records now tell differently."""

    unit: Organisation
    level: str
    rows: list[Drift]
    total: Total
    moved: int


def closed_day(year: int) -> date:
    """The last day of a year that is over: everything due on it has been done or has not."""
    return min(date(year, 12, 31), today() - timedelta(days=1))


def sheet(user: Any, year: int, as_of: date | None = None) -> Sheet:
    """Every member's scores, by kind of unit, the best first. The caller has checked `committee.overview`."""
    until = as_of or closed_day(year)
    scheme, period = scheme_of(year), Period(date(year, 1, 1), until)
    items = scheme.checked()
    units = list(members().select_related("territory"))
    counted = {item.record: RECORDS[item.record].count(user, units, period) for item in items if item.record}
    manual = {(row.unit_id, row.code): row for row in ManualScore.objects.filter(year=year).select_related("given_by")}
    lines = {
        unit.pk: [_line(item, unit, counted, manual, period) for item in items if unit.level in item.levels]
        for unit in units
    }
    totals = {
        pk: total(Mark(line.item.full, line.mark, line.item.way == "veto") for line in mine)
        for pk, mine in lines.items()
    }
    groups = []
    for level, name in ((choice.value, choice.label) for choice in Organisation.Level):
        same = [unit for unit in units if unit.level == level]
        if same:
            percents = ((unit.pk, totals[unit.pk].percent) for unit in same)
            places = ranks({pk: percent for pk, percent in percents if percent is not None})
            rows = [Standing(unit, lines[unit.pk], totals[unit.pk], places.get(unit.pk)) for unit in same]
            groups.append((str(name), sorted(rows, key=lambda row: row.rank or len(same) + 1)))
    basis = f"{scheme.source}，{scheme.article}（{scheme.certainty}）"
    return Sheet(year, until, scheme.name, basis, items, list(reversed(groups)))


def drift(user: Any, version: Assessment) -> Mapping[int, list[Drift]]:
    """A frozen version's scores by unit, beside the same sheet made again from today's records."""
    fresh = sheet(user, version.year, version.as_of)
    now = {(row.unit.pk, line.item.code): line for _, rows in fresh.groups for row in rows for line in row.lines}
    found: dict[int, list[Drift]] = {}
    for kept in version.scores.select_related("unit").order_by("unit__pinyin", "unit", "pk"):
        line = now.get((kept.unit_id, kept.code))
        words = line.working if line else "考核办法已没有这一项"
        found.setdefault(kept.unit_id, []).append(Drift(kept, line.mark if line else None, words))
    return found


def frozen(user: Any, version: Assessment) -> list[Frozen]:
    """Every unit of a frozen version, the best of each kind first."""
    found = drift(user, version)
    kinds = Organisation.objects.in_bulk(found)
    rows = []
    for pk, mine in found.items():
        kept = [row.score for row in mine]
        earned = total(Mark(row.full, row.score, row.way == "veto") for row in kept)
        level = str(kinds[pk].get_level_display())
        rows.append(Frozen(kinds[pk], level, mine, earned, sum(row.moved for row in mine)))
    return sorted(rows, key=lambda row: (row.level, -(row.total.percent or 0), row.unit.pinyin))


def statistics(user: Any, year: int) -> list[Share]:
    """The committee's own records of a year, over all units, each leading to its rows."""
    period = Period(date(year, 1, 1), closed_day(year))
    found = []
    for code in OWN:
        record = RECORDS[code]
        tallies = record.count(user, (), period).values()
        good_url, whole_url = record.urls(None, period)
        good, whole = sum(tally.good for tally in tallies), sum(tally.whole for tally in tallies)
        found.append(Share(record.name, good, whole, good_url, whole_url))
    return found


def year_of(text: str) -> int:
    """A year out of a URL; this one for what is none."""
    present = today().year
    year = int(text) if text.isdecimal() and len(text) == 4 else present
    return year if FIRST_YEAR <= year <= present else present


def evidence_of(user: Any, year: int, unit: int, code: str) -> ManualScore | None:
    """What was given by hand."""
    return access.visible(user, ManualScore, "committee.overview").filter(year=year, unit=unit, code=code).first()


def _line(
    item: Item,
    unit: Organisation,
    counted: Mapping[str, Counted],
    manual: Mapping[tuple[int, str], ManualScore],
    period: Period,
) -> Line:
    if item.way == "manual":
        given = manual.get((unit.pk, item.code))
        if given is None:
            return Line(item, None, "还没有评分，暂不计入总分")
        return Line(item, given.score, f"{given.given_by.name}评分：{given.reason}", manual=given)
    tally = counted[item.record].get(unit.pk, Tally(0, 0))
    urls = RECORDS[item.record].urls(unit, period) if tally.whole else ("", "")
    return Line(item, score(item, tally), working(item, tally), tally, *urls)
