"""Reads of hazards for others: figures with the filter that shows their rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.http import QueryDict

from bianwang.modules.hazards.models import Hazard
from bianwang.modules.hazards.workflow import OPEN, RECTIFIED
from bianwang.platform import access
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.ui.search import LIMIT, Hit
from bianwang.platform.workflow.queries import limit

MAJOR_OPEN = Q(grade=Hazard.Grade.MAJOR, state__in=OPEN)
IN_TIME = Q(state__in=RECTIFIED) & (Q(rectify_by__isnull=True) | Q(rectified_at__lte=F("rectify_by")))
COUNTED = ~Q(state="revoked")
"""What was entered by mistake was never found."""


def overdue() -> Q:
    """Rectification due and not done."""
    return Q(state="rectifying", rectify_by__lt=now())


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


_COUNTS = {
    "found": Q(),
    "rectified": Q(state__in=RECTIFIED),
    "closed": Q(state="closed"),
    "major": Q(grade=Hazard.Grade.MAJOR),
    "major_rectified": Q(grade=Hazard.Grade.MAJOR, state__in=RECTIFIED),
    "repeated": Q(repeat_of__isnull=False),
    "in_time": IN_TIME,
}


def found_between(rows: QuerySet[Hazard], first: date, last: date) -> QuerySet[Hazard]:
    """Hazards found on the days from first to last, Shanghai."""
    start = datetime.combine(first, time(), SHANGHAI)
    end = datetime.combine(last + timedelta(days=1), time(), SHANGHAI)
    return rows.filter(COUNTED, found_at__gte=start, found_at__lt=end)


def statistics(user: Any, first: date, last: date, *, direct_only: bool = False) -> Statistics:
    """Figures of the hazards found in a period, in three queries. Rectified and closed are different things."""
    rows = found_between(access.visible(user, Hazard), first, last).order_by()
    base = {"found_from": first.isoformat(), "found_to": last.isoformat(), "counted": "1"}
    if direct_only:
        rows, base = rows.filter(is_direct=True), {**base, "direct": "1"}
    counts = {name: Count("pk", filter=condition) for name, condition in _COUNTS.items()}
    taken = ExpressionWrapper(F("rectified_at") - F("found_at"), output_field=DurationField())
    n = rows.aggregate(
        **counts,
        overdue=Count("pk", filter=overdue()),
        due=Count("pk", filter=came_due()),
        taken=Avg(taken, filter=Q(state__in=RECTIFIED, rectified_at__isnull=False)),
    )
    return Statistics(_figures(n, base), _grouped(rows, "source", base), _grouped(rows, "category", base))


def _figures(n: dict[str, Any], base: dict[str, str]) -> list[Figure]:
    days = n["taken"].total_seconds() / 86_400 if n["taken"] is not None else None

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


def _grouped(rows: QuerySet[Hazard], field: str, base: dict[str, str]) -> list[dict[str, Any]]:
    counts = {name: Count("pk", filter=_COUNTS[name]) for name in ("found", "rectified", "closed", "major")}
    words = dict({"source": Hazard.Source, "category": Hazard.Category}[field].choices)
    found = rows.values(field).annotate(**counts, overdue=Count("pk", filter=overdue())).order_by("-found")
    return [{**row, "name": words.get(row[field], "—"), "query": _query(base, **{field: row[field]})} for row in found]


def _query(base: dict[str, str], **extra: str) -> str:
    made = QueryDict(mutable=True)
    made.update({**base, **extra})
    return made.urlencode()


def percent(code: str) -> int:
    """A ratio of the policy table in per cent."""
    return round(100 * limit(code).value)
