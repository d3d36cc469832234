"""The annual figures of inspections, 直管 and 全区 apart: each with its arithmetic and the rows it counts.

Definitions: 计划完成率 = 已检查计划企业数 ÷ 计划企业数 (of the version approved on the day); 覆盖率 = 至少查一次的直管
企业 ÷ 直管企业; 家次 = visits; 立案率 = 立案 ÷ 家次; 复查率 = 已复查 ÷ 到期应复查; 文书合规率 = 文书齐全 ÷ 执法检查.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse

from bianwang.modules.enforcement.counting import Counts
from bianwang.modules.enforcement.limits import year_of
from bianwang.modules.enforcement.models import Plan, Visit
from bianwang.modules.enforcement.planning import Share
from bianwang.modules.enforcement.queries import DONE, completion, plan_on
from bianwang.platform import access
from bianwang.platform.places.models import Enterprise

DIRECT = Q(scope=Visit.Scope.DIRECT)


@dataclass(frozen=True)
class Figure:
    """A figure, how it comes about, and the address of exactly its rows."""

    name: str
    value: float | None
    unit: str
    url: str
    arithmetic: str = ""

    @property
    def is_rate(self) -> bool:
        """Whether it is shown with two decimals."""
        return self.unit == "%"


@dataclass(frozen=True)
class Group:
    """Figures of one scope."""

    name: str
    about: str
    figures: list[Figure]


@dataclass(frozen=True)
class Statistics:
    """A year until a day."""

    year: int
    on: date
    plan: Plan | None
    groups: list[Group]
    months: list[dict[str, Any]]
    kinds: list[dict[str, Any]]
    units: list[dict[str, Any]]
    base: dict[str, str] = field(default_factory=dict)


def annual(user: Any, year: int, on: date) -> Statistics:
    """The figures of a year's visits up to a day, in a bounded number of queries over covering indexes."""
    first, last = year_of(date(year, 1, 1))
    until = min(last, on)
    rows = access.visible(user, Visit, "enforcement.view").filter(date__gte=first, date__lte=until).order_by()
    base = {"date_from": first.isoformat(), "date_to": until.isoformat()}
    counts = Counts(rows, until)
    plan, groups = None, []
    if access.can(user, "enforcement.plan_view"):
        plan = plan_on(access.visible(user, Plan, "enforcement.plan_view"), year, until)
        direct = [
            *_plan_figures(user, plan, rows, year, until),
            *_figures(counts, Visit.Scope.DIRECT, {**base, "scope": "direct"}),
        ]
        groups.append(Group("直管", "区局对直管企业的检查", direct))
    groups.append(Group("全区", "区局、镇街、部门和管委会报送的全部检查", _figures(counts, "", base)))
    kinds = _spread(counts, "kind", base, dict(Visit.Kind.choices))
    units = _spread(counts, "unit", base, counts.unit_names())
    return Statistics(year, until, plan, groups, _months(rows, year, until), kinds, units, base)


def covered(user: Any, year: int, on: date | None = None) -> QuerySet[Visit]:
    """Visits by which a directly supervised enterprise counts as covered in a year."""
    first, last = year_of(date(year, 1, 1))
    rows = access.visible(user, Visit, "enforcement.view").filter(DONE & DIRECT)
    return rows.filter(date__gte=first, date__lte=min(last, on) if on else last).order_by()


def directly_supervised(user: Any) -> QuerySet[Enterprise]:
    """直管企业 in use."""
    return access.visible(user, Enterprise, "enforcement.plan_view").filter(is_direct=True, is_active=True)


def _figures(counts: Counts, scope: str, base: dict[str, str]) -> list[Figure]:
    n = counts.of(scope)
    done = {**base, "state": "done"}

    def count(name: str, key: str, unit: str = "家次", **extra: str) -> Figure:
        return Figure(name, n[key], unit, _visits({**done, **extra}))

    def rate(name: str, top: str, bottom: str, words: str, **extra: str) -> Figure:
        share = Share(n[top], n[bottom])
        return Figure(name, share.percent, "%", _visits({**done, **extra}), f"{words} = {n[top]} ÷ {n[bottom]}")

    on = base["date_to"]
    return [
        count("检查", "visits"),
        count("检查企业", "enterprises", "家"),
        count("执法检查", "statutory", statutory="1"),
        rate("立案率", "filed", "visits", "立案 ÷ 检查家次", filed="1"),
        rate("复查率", "rechecked", "due", "已复查 ÷ 到期应复查", recheck_by_to=on, rechecked_on_to=on),
        rate("文书合规率", "documents", "statutory", "文书齐全 ÷ 执法检查", statutory="1", documents="1"),
        count("超频次", "over", over="1"),
        count("超频次待审批", "waiting", waiting="1"),
        Figure("安排未完成", n["planned"], "家次", _visits({**base, "state": "planned"})),
    ]


def _plan_figures(user: Any, plan: Plan | None, rows: QuerySet[Visit], year: int, on: date) -> list[Figure]:
    direct = directly_supervised(user)
    visited = Exists(rows.filter(DONE & DIRECT, enterprise=OuterRef("pk")))
    share = Share(direct.filter(visited).count(), direct.count())
    words = f"至少检查一次 ÷ 直管企业 = {share.part} ÷ {share.whole}"
    found = [
        Figure(
            "覆盖率",
            share.percent,
            "%",
            _address("coverage", {"year": str(year), "on": on.isoformat(), "visited": "1"}),
            words,
        )
    ]
    if plan is None:
        return found
    done = completion(plan, on)
    told = f"已检查计划企业 ÷ 计划企业 = {done.part} ÷ {done.whole}（第{plan.number}版）"
    url = _address("items", {"plan": str(plan.pk), "on": on.isoformat(), "inspected": "1"})
    return [Figure("计划完成率", done.percent, "%", url, told), *found]


def _months(rows: QuerySet[Visit], year: int, until: date) -> list[dict[str, Any]]:
    found: dict[tuple[int, str], int] = defaultdict(int)
    for row in rows.filter(DONE).values("date", "scope").annotate(n=Count("pk")):
        found[row["date"].month, row["scope"]] += row["n"]
    most = max((found[month, "direct"] + found[month, "district"] for month in range(1, 13)), default=0)
    made = []
    for month in range(1, 13):
        start = date(year, month, 1)
        end = date(year, 12, 31) if month == 12 else date.fromordinal(date(year, month + 1, 1).toordinal() - 1)
        base = {"date_from": start.isoformat(), "date_to": min(end, until).isoformat(), "state": "done"}
        direct, everything = found[month, "direct"], found[month, "direct"] + found[month, "district"]
        made.append(
            {
                "month": month,
                "direct": direct,
                "all": everything,
                "share": everything / most if most else 0,
                "is_past": start <= until,
                "direct_url": _visits({**base, "scope": "direct"}),
                "all_url": _visits(base),
            }
        )
    return made


def _spread(counts: Counts, name: str, base: dict[str, str], words: dict[Any, str]) -> list[dict[str, Any]]:
    """Visits by kind or by unit, the most first."""
    found = sorted(counts.spread(name).items(), key=lambda item: (-item[1]["all"], str(item[0])))
    return [
        {**row, "name": words[code], "url": _visits({**base, "state": "done", name: str(code)})} for code, row in found
    ]


def _visits(params: dict[str, str]) -> str:
    return _address("list", params)


def _address(name: str, params: dict[str, str]) -> str:
    made = QueryDict(mutable=True)
    made.update(params)
    return f"{reverse(f'enforcement:{name}')}?{made.urlencode()}"
