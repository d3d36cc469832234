"""Reads of accidents for others: search, counts, and a year's figures with the filter that shows their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import QueryDict

from bianwang.modules.accidents.models import Accident, Gdp, Report
from bianwang.modules.accidents.pack import kind_name
from bianwang.modules.accidents.workflow import PENDING
from bianwang.platform import access
from bianwang.platform.clock import SHANGHAI, now, today
from bianwang.platform.ui.search import LIMIT, Hit

COUNTED = Q(is_exercise=False, is_work_safety=True) & ~Q(state="revoked")
"""What statistics are about: no exercise, no other event, nothing entered by mistake."""

LARGE = Q(grade__lte=Accident.Grade.LARGE)
"""较大以上: grades are numbered from the gravest."""


def late_reports() -> Q:
    """Accidents with a report that is owed and overdue."""
    owed = Report.objects.filter(at__isnull=True, due_at__lt=now()).order_by().values("accident")
    return Q(pk__in=owed) & ~Q(state__in=("revoked", "filed"))


def late_inquiry() -> Q:
    """Accidents whose investigation or approval is overdue."""
    return Q(state__in=PENDING, due_at__lt=now())


def overdue() -> Q:
    """Anything overdue, in earnest: exercises have clocks too, but nobody counts them."""
    return Q(is_exercise=False) & (late_reports() | late_inquiry())


def overdue_count(user: Any) -> int:
    """Accidents with something overdue."""
    return access.visible(user, Accident, "accidents.view").filter(overdue()).count()


def search(user: Any, text: str) -> list[Hit]:
    """Accidents by number, title or unit, the newest first."""
    match = Q(number__icontains=text) | Q(title__icontains=text) | Q(owner__name__icontains=text)
    rows = access.visible(user, Accident, "accidents.view").filter(match).select_related("owner").order_by("-pk")
    return [Hit(str(row), f"{row.state_row.name} · {row.owner}", row.get_absolute_url()) for row in rows[:LIMIT]]


@dataclass(frozen=True)
class Pair:
    """A figure of a year beside that of the year before, each with the query of its rows."""

    name: str
    value: Decimal | int
    before: Decimal | int
    unit: str
    query: str
    before_query: str

    @property
    def change(self) -> Decimal | int:
        """By how much it went up."""
        return self.value - self.before

    @property
    def less(self) -> Decimal | int:
        """By how much it went down."""
        return -self.change

    @property
    def percent(self) -> float | None:
        """The same in per cent; None without anything before."""
        return float(100 * self.change / self.before) if self.before else None


@dataclass(frozen=True)
class Group:
    """The accidents and deaths of one grade, kind or town."""

    name: str
    accidents: Pair
    deaths: Pair


@dataclass(frozen=True)
class Rate:
    """亿元GDP死亡率 of a year and of the one before, in persons per 亿元; None where the GDP is not known."""

    deaths: int
    before_deaths: int
    gdp: Gdp | None
    before_gdp: Gdp | None

    @property
    def value(self) -> Decimal | None:
        """This year."""
        return death_rate(self.deaths, self.gdp.value) if self.gdp else None

    @property
    def before(self) -> Decimal | None:
        """The year before."""
        return death_rate(self.before_deaths, self.before_gdp.value) if self.before_gdp else None

    @property
    def decline(self) -> Decimal | None:
        """By how many per cent it went down."""
        return decline(self.value, self.before)

    @property
    def growth(self) -> float | None:
        """By how many per cent the GDP went up."""
        if self.gdp is None or self.before_gdp is None or not self.before_gdp.value:
            return None
        return float(100 * (self.gdp.value / self.before_gdp.value - 1))

    @property
    def mixed(self) -> bool:
        """Whether the two years are of different bases, so that the decline says little."""
        return bool(self.gdp and self.before_gdp and self.gdp.basis != self.before_gdp.basis)


@dataclass(frozen=True)
class Statistics:
    """A year's figures. `rate` is of the whole district, so only who sees all of it gets it."""

    year: int
    figures: list[Pair]
    groups: list[tuple[str, list[Group]]]
    rate: Rate | None


def death_rate(deaths: int, gdp: Decimal) -> Decimal | None:
    """Deaths per 亿元 of GDP."""
    return deaths / gdp if gdp else None


def decline(value: Decimal | None, before: Decimal | None) -> Decimal | None:
    """By how many per cent a rate went down; None where there is nothing to compare with."""
    return None if value is None or not before else 100 * (1 - value / before)


def statistics(user: Any, year: int) -> Statistics:
    """The counted accidents of a year beside those of the year before, from one query of both years' rows."""
    rows = access.visible(user, Accident, "accidents.view").filter(
        COUNTED, occurred_at__gte=_first(year - 1), occurred_at__lt=_first(year + 1)
    )
    both = list(rows.select_related("town").order_by("pk"))
    this = [row for row in both if row.day.year == year]
    last = [row for row in both if row.day.year == year - 1]
    groups = [
        ("事故等级", _grouped(this, last, year, "grade", lambda row: (row.grade, row.get_grade_display()))),
        ("事故类别", _grouped(this, last, year, "kind", lambda row: (row.kind, kind_name(row.kind)))),
        ("发生地", _grouped(this, last, year, "town", _town)),
    ]
    rate = None
    if access.scope_of(user, "accidents.view").whole:
        gdp = {row.year: row for row in Gdp.objects.filter(year__in=(year, year - 1))}
        rate = Rate(_deaths(this), _deaths(last), gdp.get(year), gdp.get(year - 1))
    return Statistics(year, _figures(this, last, year), groups, rate)


def years(user: Any) -> list[int]:
    """The years that have accidents, and this one, the newest first."""
    present = today()
    rows = access.visible(user, Accident, "accidents.view").order_by("occurred_at")
    first = rows.values_list("occurred_at", flat=True).first()
    start = first.astimezone(SHANGHAI).year if first else present.year
    return list(range(present.year, start - 1, -1))


def _figures(this: list[Accident], last: list[Accident], year: int) -> list[Pair]:
    def pair(name: str, unit: str, count: Callable[[Iterable[Accident]], Any], **extra: str) -> Pair:
        queries = (_query(year, **extra), _query(year - 1, **extra))
        return Pair(name, count(this), count(last), unit, *queries)

    return [
        pair("事故起数", "起", lambda rows: len(list(rows))),
        pair("死亡人数", "人", _deaths, fatal="1"),
        pair("较大以上事故", "起", lambda rows: sum(row.grade <= Accident.Grade.LARGE for row in rows), large="1"),
        pair("重伤人数", "人", lambda rows: sum(row.injuries for row in rows), injured="1"),
        pair("直接经济损失", "万元", lambda rows: sum((row.loss for row in rows), Decimal(0)), lossy="1"),
    ]


def _grouped(
    this: list[Accident], last: list[Accident], year: int, name: str, key: Callable[[Accident], tuple[str, str]]
) -> list[Group]:
    found = []
    for code, words in sorted({key(row) for row in (*this, *last)}):
        mine, before = ([row for row in rows if key(row)[0] == code] for rows in (this, last))
        extra = {name: code}
        queries = (_query(year, **extra), _query(year - 1, **extra))
        deadly = (_query(year, fatal="1", **extra), _query(year - 1, fatal="1", **extra))
        found.append(
            Group(
                words,
                Pair(words, len(mine), len(before), "起", *queries),
                Pair(words, _deaths(mine), _deaths(before), "人", *deadly),
            )
        )
    return found


def _town(row: Accident) -> tuple[str, str]:
    return (str(row.town_id), row.town.name) if row.town else ("none", "未填")


def _deaths(rows: Iterable[Accident]) -> int:
    return sum(row.deaths for row in rows)


def _first(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=SHANGHAI)


def _query(year: int, **extra: str) -> str:
    made = QueryDict(mutable=True)
    first, last = date(year, 1, 1), date(year, 12, 31)
    made.update({"occurred_from": first.isoformat(), "occurred_to": last.isoformat(), "counted": "1", **extra})
    return made.urlencode()
