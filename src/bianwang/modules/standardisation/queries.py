"""What is counted: enterprises ever graded and validly graded on a day, and subsidies, each with its rows.

The latest grading of an enterprise up to a day decides: it is one row, so rows count enterprises.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import QueryDict

from bianwang.modules.standardisation import pack
from bianwang.modules.standardisation.models import Grade, Subsidy
from bianwang.modules.standardisation.models.grades import LEVELS
from bianwang.modules.standardisation.validity import add_months
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.places.models import Enterprise, Party, Territory
from bianwang.platform.ui.cells import show
from bianwang.platform.ui.search import LIMIT, Hit

TREND_YEARS = 6
NEAR_MONTHS = 3
"""A certificate that ends within these months is shown on the home page."""
NONE = "none"
"""How a filter asks for enterprises without a town."""


def ever(day: date) -> QuerySet[Grade]:
    """累计达标: the latest grading of every enterprise that was graded up to a day, whatever became of it."""
    later = Q(graded_on__gt=OuterRef("graded_on")) | Q(graded_on=OuterRef("graded_on"), pk__gt=OuterRef("pk"))
    newer = Grade.objects.filter(later, owner=OuterRef("owner"), graded_on__lte=day)
    return Grade.objects.filter(~Exists(newer), graded_on__lte=day)


def held(day: date) -> QuerySet[Grade]:
    """有效达标: the grading of every enterprise whose certificate was valid on a day."""
    return ever(day).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), valid_until__gte=day)


def counted(kind: str, day: date) -> QuerySet[Grade]:
    """Either, by the name that links use."""
    return held(day) if kind == "held" else ever(day)


def first_town() -> Subquery:
    """The one town that an enterprise is counted in, also where its premises lie in several."""
    located = Party.territories.through._default_manager.filter(
        party=OuterRef("owner"), territory__kind=Territory.Kind.TOWN
    )
    return Subquery(located.order_by("territory__code").values("territory")[:1])


def ending() -> Q:
    """Valid certificates that end soon."""
    return Q(state="valid", valid_until__lte=add_months(today(), NEAR_MONTHS))


def ending_count(user: Any) -> int:
    """How many end soon."""
    return access.visible(user, Grade, "standardisation.view").filter(ending()).count()


def eligible(policy: pack.Policy) -> QuerySet[Grade]:
    """Enterprises that a policy is for: the last grading at a level within it, unless another policy has paid."""
    last = policy.valid_to or date.max
    inside = Grade.objects.filter(graded_on__gte=policy.valid_from, graded_on__lte=last, level__in=list(policy.amounts))
    newer = inside.filter(owner=OuterRef("owner"), level=OuterRef("level"), graded_on__gt=OuterRef("graded_on"))
    paid = Subsidy.objects.filter(owner=OuterRef("owner"), level=OuterRef("level"), state="paid")
    return inside.filter(~Exists(newer), ~Exists(paid.exclude(policy=policy.code)))


def search(user: Any, text: str) -> list[Hit]:
    """Grades by enterprise or certificate, the newest first."""
    match = Q(owner__name__icontains=text) | Q(certificate__icontains=text)
    rows = access.visible(user, Grade, "standardisation.view").filter(match).select_related("owner").order_by("-pk")
    return [Hit(str(row), f"{row.state_row.name} · {row.certificate or '未发证'}", row.get_absolute_url())
            for row in rows[:LIMIT]]  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """A figure and the query of its rows."""

    name: str
    value: int
    query: str


@dataclass(frozen=True)
class Line:
    """One row of a table: 累计 and 有效."""

    name: str
    ever: Figure
    held: Figure


@dataclass(frozen=True)
class PolicyUse:
    """How far a policy was taken up: paid ÷ eligible."""

    policy: pack.Policy
    eligible: Figure
    paid: Figure
    amount: Decimal

    @property
    def rate(self) -> str:
        """In per cent, or a dash where nobody is eligible."""
        return f"{Decimal(self.paid.value * 100) / self.eligible.value:.1f}%" if self.eligible.value else "—"

    @property
    def money(self) -> str:
        """The sum as people read it."""
        return show(self.amount, "money")


@dataclass(frozen=True)
class SubsidyYear:
    """Subsidies paid in a year."""

    year: int
    paid: Figure
    amount: Decimal

    @property
    def money(self) -> str:
        """The sum as people read it."""
        return show(self.amount, "money")


@dataclass(frozen=True)
class Statistics:
    """The figures as of a day."""

    day: date
    total: Line
    groups: list[tuple[str, list[Line]]]
    trend: list[Line]


def statistics(user: Any, day: date) -> Statistics:
    """累计 and 有效 by grade, sector and town, and at the ends of the years before."""
    rows = {kind: _rows(user, kind, day) for kind in ("ever", "held")}
    places = {str(pk): name for pk, name in towns().values_list("pk", "name")}
    return Statistics(
        day,
        _line("合计", day, {}, len(rows["ever"]), len(rows["held"])),
        [
            ("等级", _lines(day, rows, "level", dict(LEVELS))),
            ("行业", _lines(day, rows, "sector", dict(Enterprise.Sector.choices))),
            ("镇街", _lines(day, rows, "town", {**places, NONE: "未填镇街"})),
        ],
        [_trend(user, min(date(year, 12, 31), day)) for year in range(day.year - TREND_YEARS + 1, day.year + 1)],
    )


def subsidy_years(user: Any) -> list[SubsidyYear]:
    """Paid subsidies year by year, the newest first."""
    paid = access.visible(user, Subsidy, "standardisation.view").filter(state="paid")
    found: dict[int, list[Decimal]] = {}
    for day, amount in paid.order_by("-paid_on").values_list("paid_on", "amount"):
        if day is not None:
            found.setdefault(day.year, []).append(amount)
    return [
        SubsidyYear(
            year,
            Figure("已发放", len(sums), _query(state="paid", paid_from=date(year, 1, 1), paid_to=date(year, 12, 31))),
            sum(sums, Decimal(0)),
        )
        for year, sums in found.items()
    ]


def policy_uses(user: Any) -> list[PolicyUse]:
    """How far each policy was taken up, the newest first."""
    found = []
    for policy in sorted(pack.pack().policies, key=lambda row: row.valid_from, reverse=True):
        grades = access.visible(user, Grade, "standardisation.view").filter(pk__in=eligible(policy).values("pk"))
        paid = access.visible(user, Subsidy, "standardisation.view").filter(state="paid", policy=policy.code)
        total = paid.order_by().aggregate(total=Sum("amount"))["total"] or Decimal(0)
        found.append(
            PolicyUse(
                policy,
                Figure("符合条件", grades.count(), _query(policy=policy.code)),
                Figure("已发放", paid.count(), _query(policy=policy.code, state="paid")),
                total,
            )
        )
    return found


def _rows(user: Any, kind: str, day: date) -> list[dict[str, str]]:
    """Level, sector and town of each enterprise that is counted."""
    visible = access.visible(user, Grade, "standardisation.view")
    grades = visible.filter(pk__in=counted(kind, day).values("pk")).order_by().annotate(town=first_town())
    return [
        {"level": level, "sector": sector, "town": str(town or NONE)}
        for level, sector, town in grades.values_list("level", "owner__sector", "town")
    ]


def towns() -> QuerySet[Territory]:
    """Towns and streets of the district."""
    return Territory.objects.filter(kind=Territory.Kind.TOWN).order_by("code")


def _trend(user: Any, day: date) -> Line:
    visible = access.visible(user, Grade, "standardisation.view").order_by()
    counts = [visible.filter(pk__in=counted(kind, day).values("pk")).count() for kind in ("ever", "held")]
    return _line(day.isoformat(), day, {}, *counts)


def _lines(
    day: date, rows: Mapping[str, Iterable[Mapping[str, str]]], name: str, words: Mapping[str, str]
) -> list[Line]:
    counts = {kind: Counter(row[name] for row in found) for kind, found in rows.items()}
    return [
        _line(text, day, {name: code}, counts["ever"][code], counts["held"][code])
        for code, text in words.items()
        if counts["ever"][code] or name == "level"
    ]


def _line(name: str, day: date, more: Mapping[str, str], ever_count: int, held_count: int) -> Line:
    return Line(
        name,
        Figure("累计达标", ever_count, _query(on=day, counted="ever", **more)),
        Figure("有效达标", held_count, _query(on=day, counted="held", **more)),
    )


def _query(**values: Any) -> str:
    made = QueryDict(mutable=True)
    made.update({name: str(value) for name, value in values.items()})
    return made.urlencode()
