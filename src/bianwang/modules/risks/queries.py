"""What is counted and found: sources with faults, reviews that are due, search, and colours by town."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from bianwang.modules.risks.models import Keeper, RiskPoint, Source
from bianwang.modules.risks.pack import duties
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.places.models import Enterprise, Territory
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.search import LIMIT, Hit


def review_due() -> Q:
    """Risk points whose review is late."""
    return Q(review_by__lt=today())


def is_major() -> Q:
    """Units that are a major hazard source."""
    return ~Q(grade="")


def faulty() -> Q:
    """Major hazard sources with something missing or late: `Source.faults` as a query."""
    day = today()
    wrong = Q(filing_number="") | Q(evaluate_by__isnull=True) | Q(evaluate_by__lt=day)
    for duty in duties(day):
        keepers = Keeper.objects.filter(source=OuterRef("pk"), level=duty.code, until__isnull=True)
        active = keepers.annotate(last=Coalesce("acted_on", "since")).filter(last__gte=day - timedelta(days=duty.days))
        wrong |= ~Q(Exists(active))
    return is_major() & wrong


def faulty_count(user: Any) -> int:
    """Major hazard sources with faults."""
    return access.visible(user, Source, "risks.view").filter(faulty()).count()


def search(user: Any, text: str) -> list[Hit]:
    """Sources, then risk points, by name."""
    if not access.can(user, "risks.view"):
        return []
    sources = access.visible(user, Source, "risks.view").filter(name__icontains=text).select_related("owner")
    points = access.visible(user, RiskPoint, "risks.view").filter(name__icontains=text).select_related("owner")
    hits = [
        Hit(row.name, f"重大危险源 {row.grade} · {row.owner.name}", row.get_absolute_url())
        for row in sources.order_by("-pk")[:LIMIT]
    ]
    return hits + [
        Hit(row.name, f"{row.get_level_display()} · {row.owner.name}", row.get_absolute_url())
        for row in points.order_by("-pk")[:LIMIT]
    ]


@dataclass(frozen=True)
class Figure:
    """A number and the address of its rows."""

    name: str
    value: int
    url: str


@dataclass(frozen=True)
class Line:
    """One town, or the whole."""

    name: str
    figures: list[Figure]


def statistics(user: Any) -> list[Line]:
    """Risk points by colour and town, the whole last; a point in no town stands only in the whole."""
    rows = access.visible(user, RiskPoint, "risks.statistics")
    whole = Counter(rows.order_by().values_list("level", flat=True))
    inside = rows.filter(owner__territories__kind=Territory.Kind.TOWN).order_by()
    counts = Counter(inside.values_list("owner__territories__code", "level"))
    codes = {code for code, _ in counts}
    names = Territory.objects.filter(code__in=codes).order_by("code").values_list("code", "name")
    lines = [
        Line(name, _figures({level: counts[code, level] for level in Enterprise.Risk.values}, territory=code))
        for code, name in names
    ]
    return [*lines, Line("合计", _figures(whole))]


def _figures(counts: Any, **where: str) -> list[Figure]:
    total = Figure("合计", sum(counts.values()), list_url("risks:list", **where))
    return [
        *(
            Figure(words, counts.get(level, 0), list_url("risks:list", level=level, **where))
            for level, words in Enterprise.Risk.choices
        ),
        total,
    ]
