"""Reads of hazards for others: figures with the filter that shows their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import QueryDict

from bianwang.modules.hazards.models import Hazard
from bianwang.modules.hazards.workflow import OPEN, RECTIFIED
from bianwang.platform import access
from bianwang.platform.clock import now
from bianwang.platform.period import Period
from bianwang.platform.ui.search import LIMIT, Hit
from bianwang.platform.workflow.queries import limit

MAJOR_OPEN = Q(grade=Hazard.Grade.MAJOR, state__in=OPEN)
IN_TIME = Q(state__in=RECTIFIED) & (Q(rectify_by__isnull=True) | Q(rectified_at__lte=F("rectify_by")))
COUNTED = ~Q(state="revoked")
"""What was entered by mistake was never found."""


def overdue() -> Q:
    """Rectification due and not done."""
    return Q(state="rectifying", rectify_by__lt=now())


def rectified_on(day: date) -> Q:
    """Rectified by the end of a day, and found good then or since."""
    return Q(state__in=RECTIFIED, rectified_at__lt=Period(day, day).end)


def overdue_on(day: date) -> Q:
    """Rectification due and not done at the end of a day; a recheck that fails takes back what was done."""
    end = Period(day, day).end
    return COUNTED & Q(rectify_by__lt=end) & (Q(rectified_at__isnull=True) | Q(rectified_at__gte=end))


def came_due() -> Q:
    """Rectified, or due and not done: what 按期整改率 is a share of."""
    return Q(state__in=RECTIFIED) | overdue()


def search(user: Any, text: str) -> list[Hit]:
    """Hazards by number or title, the newest first."""
    match = Q(number__icontains=text) | Q(title__icontains=text)
    rows = access.visible(user, Hazard, "hazards.view").filter(match).select_related("owner").order_by("-pk")[:LIMIT]
    return [Hit(str(row), f"{row.state_row.name} · {row.owner}", row.get_absolute_url()) for row in rows]


def major_open_count(user: Any) -> int:
    """Major hazards that are not closed."""
    return access.visible(user, Hazard).filter(MAJOR_OPEN).count()


def overdue_count(user: Any) -> int:
    """Hazards whose time limit has passed without rectification."""
    return access.visible(user, Hazard).filter(overdue()).count()


@dataclass(frozen=True)
class Figure:
    """A figure, how it comes about, and the query string of the list with exactly its rows."""

    name: str
    value: float | None
    unit: str
    query: str
    arithmetic: str = ""
    is_rate: bool = False


@dataclass(frozen=True)
class Statistics:
    """Figures of a period, and the same by source and by category."""

    figures: list[Figure]
    by_source: list[dict[str, Any]]
    by_category: list[dict[str, Any]]


def found_between(rows: QuerySet[Hazard], first: date, last: date) -> QuerySet[Hazard]:
    """Hazards found on the days from first to last, Shanghai."""
    return rows.filter(COUNTED, Period(first, last).moments("found_at"))


def statistics(user: Any, first: date, last: date, *, direct_only: bool = False) -> Statistics:
    """Figures of the hazards found in a period, in one query. Rectified and closed are different things."""
    rows = found_between(access.visible(user, Hazard), first, last).order_by()
    base = {"found_from": first.isoformat(), "found_to": last.isoformat(), "counted": "1"}
    if direct_only:
        rows, base = rows.filter(is_direct=True), {**base, "direct": "1"}
    counted = rows.values("source", "category", "grade", "state").annotate(
        found=Count("pk"),
        repeated=Count("repeat_of"),
        in_time=Count("pk", filter=IN_TIME),
        overdue=Count("pk", filter=overdue()),
        timed=Count("hours_taken"),
        hours=Sum("hours_taken"),
    )
    groups = [dict(row) for row in counted]
    return Statistics(_figures(groups, base), _grouped(groups, "source", base), _grouped(groups, "category", base))


def _counts(groups: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Add groups up; hazards of one group share source, category, grade and state."""
    n: dict[str, int] = defaultdict(int)
    for row in groups:
        rectified, major = row["state"] in RECTIFIED, row["grade"] == Hazard.Grade.MAJOR
        for name in ("found", "repeated", "in_time", "overdue"):
            n[name] += row[name]
        n["rectified"] += row["found"] if rectified else 0
        n["closed"] += row["found"] if row["state"] == "closed" else 0
        n["major"] += row["found"] if major else 0
        n["major_rectified"] += row["found"] if major and rectified else 0
        n["timed"] += row["timed"] if rectified else 0
        n["hours"] += (row["hours"] or 0) if rectified else 0
    # Rectified, or due and not done: what 按期整改率 is a share of.
    n["due"] = n["rectified"] + n["overdue"]
    return n


def _figures(groups: Iterable[Mapping[str, Any]], base: dict[str, str]) -> list[Figure]:
    n = _counts(groups)
    days = n["hours"] / 24 / n["timed"] if n["timed"] else None

    def count(name: str, key: str, **extra: str) -> Figure:
        return Figure(name, n[key], "项", _query(base, **extra))

    def rate(name: str, top: str, bottom: str, words: str, **extra: str) -> Figure:
        share = 100 * n[top] / n[bottom] if n[bottom] else None
        return Figure(name, share, "%", _query(base, **extra), f"{words} = {n[top]} ÷ {n[bottom]}", is_rate=True)

    return [
        count("发现", "found"),
        count("已整改（复查合格）", "rectified", rectified="1"),
        count("已销号", "closed", state="closed"),
        count("超期未整改", "overdue", overdue="1"),
        rate("整改率", "rectified", "found", "已整改 ÷ 发现", rectified="1"),
        rate("销号率", "closed", "found", "已销号 ÷ 发现", state="closed"),
        rate("按期整改率", "in_time", "due", "按期整改 ÷ 应整改", in_time="1"),
        count("重大隐患", "major", grade="major"),
        rate("重大隐患整改率", "major_rectified", "major", "重大已整改 ÷ 重大", grade="major", rectified="1"),
        rate("重复隐患率", "repeated", "found", "重复 ÷ 发现", repeated="1"),
        Figure(
            "平均整改天数",
            days,
            "天",
            _query(base, rectified="1"),
            f"{n['rectified']} 项已整改隐患从发现到整改完成的平均天数",
        ),
    ]


def _grouped(groups: list[dict[str, Any]], field: str, base: dict[str, str]) -> list[dict[str, Any]]:
    words = dict({"source": Hazard.Source, "category": Hazard.Category}[field].choices)
    found = [
        {
            **_counts(row for row in groups if row[field] == code),
            "name": words.get(code, "—"),
            "query": _query(base, **{field: code}),
        }
        for code in dict.fromkeys(row[field] for row in groups)
    ]
    return sorted(found, key=lambda row: -row["found"])


def _query(base: dict[str, str], **extra: str) -> str:
    made = QueryDict(mutable=True)
    made.update({**base, **extra})
    return made.urlencode()


def percent(code: str) -> int:
    """A ratio of the policy table in per cent."""
    return round(100 * limit(code).value)
