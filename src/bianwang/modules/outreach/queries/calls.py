"""What is counted and found: overdue reports, search, and the figures of a year. Nothing here opens an identity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import QueryDict

from bianwang.modules.outreach.models import Call
from bianwang.modules.outreach.workflow import PENDING
from bianwang.platform import access
from bianwang.platform.clock import SHANGHAI, now, today
from bianwang.platform.ui.search import LIMIT, Hit

COUNTED = Q(is_exercise=False) & ~Q(state="revoked")
"""What statistics are about: no exercise, nothing entered by mistake."""

NONE = "none"
"""How a filter asks for rows without a value."""


def late() -> Q:
    """Reports whose time limit has run out, exercises too."""
    return Q(state__in=PENDING, due_at__lt=now())


def overdue() -> Q:
    """The same in earnest."""
    return Q(is_exercise=False) & late()


def overdue_count(user: Any) -> int:
    """Reports that are overdue."""
    return access.visible(user, Call, "outreach.view").filter(overdue()).count()


def search(user: Any, text: str) -> list[Hit]:
    """Calls by number, text or unit, the newest first."""
    match = Q(number__icontains=text) | Q(summary__icontains=text) | Q(unit__name__icontains=text)
    rows = access.visible(user, Call, "outreach.view").filter(match).order_by("-pk")
    return [Hit(str(row), f"{row.state_row.name} · {row.summary[:40]}", row.get_absolute_url()) for row in rows[:LIMIT]]


@dataclass(frozen=True)
class Pair:
    """A figure of a year beside that of the year before, each with the query of its rows."""

    name: str
    value: int
    before: int
    query: str
    before_query: str

    @property
    def change(self) -> int:
        """By how much it went up."""
        return self.value - self.before

    @property
    def less(self) -> int:
        """By how much it went down."""
        return -self.change


@dataclass(frozen=True)
class Statistics:
    """A year's figures: all calls, their categories (which add up to all), cases filed, and groups."""

    year: int
    total: Pair
    categories: list[Pair]
    filed: Pair
    groups: list[tuple[str, list[Pair]]]


@dataclass(frozen=True)
class _Row:
    year: int
    category: str
    channel: str
    outcome: str
    town: str
    is_filed: bool


def statistics(user: Any, year: int) -> Statistics:
    """The counted calls of a year and of the one before, from one query."""
    rows = access.visible(user, Call, "outreach.statistics").filter(
        COUNTED, received_at__gte=_first(year - 1), received_at__lt=_first(year + 1)
    )
    names = ("received_at", "category", "channel", "outcome", "town", "town__name", "is_filed")
    towns = {NONE: "未填"}
    found = []
    for at, category, channel, outcome, town, town_name, is_filed in rows.order_by().values_list(*names):
        key = str(town or NONE)
        towns.setdefault(key, town_name)
        found.append(_Row(at.astimezone(SHANGHAI).year, category, channel, outcome or NONE, key, is_filed))
    reports = [row for row in found if row.category == Call.Category.REPORT]
    return Statistics(
        year,
        _pairs(year, found, {"": "来电来件总数"}, "", lambda row: "")[0],
        _pairs(year, found, dict(Call.Category.choices), "category", lambda row: row.category),
        _pairs(year, reports, {"1": "立案"}, "filed", lambda row: "1" if row.is_filed else "")[0],
        [
            ("受理渠道", _pairs(year, found, dict(Call.Channel.choices), "channel", lambda row: row.channel)),
            ("举报核查结论", _outcomes(year, reports)),
            ("属地", _pairs(year, found, towns, "town", lambda row: row.town, empty=False)),
        ],
    )


def years(user: Any) -> list[int]:
    """The years that have calls, and this one, the newest first."""
    present = today()
    rows = access.visible(user, Call, "outreach.statistics").order_by("received_at")
    first = rows.values_list("received_at", flat=True).first()
    start = first.astimezone(SHANGHAI).year if first else present.year
    return list(range(present.year, start - 1, -1))


def _outcomes(year: int, reports: Sequence[_Row]) -> list[Pair]:
    words = {**dict(Call.Outcome.choices), NONE: "未核实"}
    return _pairs(year, reports, words, "outcome", lambda row: row.outcome, category=Call.Category.REPORT.value)


def _pairs(
    year: int,
    rows: Sequence[_Row],
    words: dict[str, str],
    parameter: str,
    key: Callable[[_Row], str],
    *,
    empty: bool = True,
    **extra: str,
) -> list[Pair]:
    counts = Counter((row.year, key(row)) for row in rows)
    found = []
    for code, name in words.items():
        this, last = counts[year, code], counts[year - 1, code]
        more = {parameter: code, **extra} if parameter else extra
        if empty or this or last:
            found.append(Pair(name, this, last, _query(year, **more), _query(year - 1, **more)))
    return found


def _first(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=SHANGHAI)


def _query(year: int, **extra: str) -> str:
    made = QueryDict(mutable=True)
    first, last = date(year, 1, 1), date(year, 12, 31)
    made.update({"received_from": first.isoformat(), "received_to": last.isoformat(), "counted": "1", **extra})
    return made.urlencode()
