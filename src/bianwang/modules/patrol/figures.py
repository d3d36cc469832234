"""Figures of patrols over a period: coverage, punctuality, findings, second looks, people beside models.

Every figure names the list that shows exactly its rows.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from bianwang.modules.patrol import queries
from bianwang.modules.patrol.models import Look, Round, Suspicion
from bianwang.platform import access
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.period import Period
from bianwang.platform.places.models import Party, Territory
from bianwang.platform.ui.lists import list_url

_MOST = 20
"""Enterprises in the table."""


@dataclass(frozen=True)
class Figure:
    """A number, the rows it counts, and how it comes about."""

    name: str
    value: float | None
    unit: str
    url: str
    how: str = ""

    @property
    def text(self) -> str:
        """The number as people read it: percent and shares to one place, the rest without needless ones."""
        if self.value is None:
            return "—"
        return f"{self.value:.1f}" if self.unit == "%" else f"{self.value:,.1f}".removesuffix(".0")


@dataclass(frozen=True)
class Group:
    """The same counts for a month, a town or an enterprise, each with its rows."""

    name: str
    counts: Mapping[str, int]
    urls: Mapping[str, str]

    @property
    def coverage(self) -> float | None:
        """Percent of what was due that was seen."""
        return _share(self.counts["seen"], self.counts["due"])


@dataclass(frozen=True)
class Statistics:
    """What the page shows."""

    figures: list[Figure]
    beside: list[Figure]
    """People and models in the same camera and minutes."""
    judged: list[Figure]
    """How often people confirmed what models suspected, by kind."""
    groups: dict[str, list[Group]] = field(default_factory=dict)


@dataclass(frozen=True)
class Selection:
    """Whose cameras are counted, in which period."""

    period: Period
    town: Territory | None = None
    owner: Party | None = None

    def whose(self, path: str = "owner") -> Q:
        """Rows of its cameras; `path` leads to the party."""
        found = Q()
        if self.town is not None:
            inside = Party.objects.filter(territories__path__startswith=self.town.path).order_by().values("pk")
            found &= Q(**{f"{path}__in": inside})
        return found & Q(**{path: self.owner}) if self.owner is not None else found

    def query(self) -> dict[str, Any]:
        """The same as parameters of a list."""
        found: dict[str, Any] = {"territory": self.town.code} if self.town is not None else {}
        return found | {"owner": self.owner.pk} if self.owner is not None else found


def statistics(user: Any, chosen: Selection) -> Statistics:
    """Figures of the rounds that began in a period, of all or of one town's or enterprise's cameras."""
    moment, period = now(), chosen.period
    looks = queries.looks(user).filter(chosen.whose(), period.moments("round__starts_at"))
    suspicions = access.visible(user, Suspicion, "patrol.view").filter(chosen.whose(), period.moments("first_at"))
    base = chosen.query()
    inside = base | period.query("starts")
    n = looks.order_by().aggregate(**_counted(moment))
    groups = {"月份": _by_month(looks, moment, base)}
    if chosen.owner is None:
        groups |= {"镇街": _by_town(looks, moment, inside), "企业": _by_owner(looks, moment, inside)}
    return Statistics(
        _of_looks(n, inside) + _of_rounds(user, chosen, n["problems"]),
        _beside(n, inside),
        _judged(suspicions, base | period.query("first")),
        groups,
    )


def _counted(moment: datetime) -> dict[str, Count]:
    due = queries.looks_due(moment)
    conditions = {
        "due": due,
        "seen": due & queries.SEEN,
        "problems": Q(result=Look.Result.PROBLEM) & queries.TIMED,
        "no_picture": Q(result=Look.Result.NO_PICTURE),
        "agreed": Q(second=Look.Second.AGREED),
        "differed": Q(second=Look.Second.DIFFERED),
        "both": queries.BOTH,
        "people": queries.ONLY_PEOPLE,
        "model": queries.ONLY_MODEL,
        "neither": queries.NEITHER,
    }
    return {name: Count("pk", filter=condition) for name, condition in conditions.items()}


_QUERIES: dict[str, dict[str, Any]] = {
    "due": {"due": 1},
    "seen": {"due": 1, "seen": 1},
    "problems": {"result": "problem", "timed": 1},
    "no_picture": {"result": "no_picture"},
}
"""The filter of the list that shows what each count counts."""


def _looks(base: Mapping[str, Any], **extra: Any) -> str:
    return list_url("patrol:look_list", **{**base, **extra})


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def _of_looks(n: Mapping[str, int], base: Mapping[str, Any]) -> list[Figure]:
    again = n["agreed"] + n["differed"]
    return [
        Figure("应看摄像机", n["due"], "台次", _looks(base, due=1)),
        Figure("看到画面", n["seen"], "台次", _looks(base, due=1, seen=1)),
        Figure("覆盖率", _share(n["seen"], n["due"]), "%", _looks(base, due=1, seen=1), f"{n['seen']} ÷ {n['due']}"),
        Figure("视频不可用", n["no_picture"], "台次", _looks(base, result="no_picture")),
        Figure("发现问题", n["problems"], "个", _looks(base, **_QUERIES["problems"])),
        Figure(
            "再看一致率",
            _share(n["agreed"], again),
            "%",
            _looks(base, second=("agreed", "differed")),
            f"一致 {n['agreed']} ÷ 已再看 {again}",
        ),
    ]


def _of_rounds(user: Any, chosen: Selection, problems: int) -> list[Figure]:
    """Of the rounds that look at a chosen camera; a round's time is split among its cameras."""
    rows = access.visible(user, Round, "patrol.view").filter(chosen.period.moments("starts_at")).order_by()
    own: Q | None = None
    if chosen.query():
        own = chosen.whose("looks__owner")
        rows = rows.filter(pk__in=Look.objects.filter(chosen.whose()).order_by().values("round"))
    n = rows.aggregate(
        due=Count("pk", filter=queries.rounds_due(now())),
        in_time=Count("pk", filter=queries.IN_TIME),
        late=Count("pk", filter=Q(late_at__isnull=False)),
        missed=Count("pk", filter=Q(state="missed")),
    )
    hours = _hours(rows, own)
    base = chosen.query() | chosen.period.query("starts")

    def url(**extra: Any) -> str:
        return list_url("patrol:round_list", **base, **extra)

    return [
        Figure("到期轮次", n["due"], "轮", url(due=1)),
        Figure("按时率", _share(n["in_time"], n["due"]), "%", url(in_time=1), f"按时 {n['in_time']} ÷ {n['due']}"),
        Figure("逾时", n["late"], "轮", url(late=1)),
        Figure("漏检", n["missed"], "轮", url(state="missed")),
        Figure("巡检用时", round(hours, 1), "小时", url(state="finished"), "按摄像机台数分摊" if own else ""),
        Figure(
            "每小时发现",
            problems / hours if hours else None,
            "个",
            _looks(base, **_QUERIES["problems"]),
            f"{problems} 个 ÷ {hours:.1f} 小时",
        ),
    ]


def _hours(rounds: QuerySet[Round], own: Q | None) -> float:
    """Hours of patrol; with `own` of these cameras' part."""
    if own is None:
        return (rounds.aggregate(minutes=Sum("minutes"))["minutes"] or 0) / 60
    walked = rounds.filter(minutes__isnull=False)
    counted = walked.annotate(every=Count("looks"), own=Count("looks", filter=own))
    parts = counted.values_list("minutes", "own", "every")
    return sum((minutes or 0) * part / every for minutes, part, every in parts) / 60


def _beside(n: Mapping[str, int], base: Mapping[str, Any]) -> list[Figure]:
    names = {"both": "人和模型都发现", "people": "只有人发现", "model": "只有模型发现", "neither": "都未发现"}
    return [Figure(name, n[key], "台次", _looks(base, **{key: 1})) for key, name in names.items()]


def _judged(rows: QuerySet[Suspicion], base: Mapping[str, Any]) -> list[Figure]:
    machine = rows.filter(queries.JUDGED, origin=Suspicion.Origin.MODEL).order_by()
    counted = machine.values_list("kind").annotate(every=Count("pk"), good=Count("pk", filter=Q(state="confirmed")))
    found = {kind: (every, good) for kind, every, good in counted}
    return [
        Figure(
            label,
            _share(found[kind][1], found[kind][0]),
            "%",
            list_url("patrol:suspicion_list", **base, kind=kind, origin="model", judged=1),
            f"属实 {found[kind][1]} ÷ 已复核 {found[kind][0]}",
        )
        for kind, label in Suspicion.Kind.choices
        if kind in found
    ]


def _group(name: str, row: Mapping[str, Any], base: Mapping[str, Any]) -> Group:
    counts = {key: row[key] for key in _QUERIES}
    return Group(name, counts, {key: _looks(base, **extra) for key, extra in _QUERIES.items()})


def _by_month(looks: QuerySet[Look], moment: datetime, base: Mapping[str, Any]) -> list[Group]:
    month = TruncMonth("round__starts_at", tzinfo=SHANGHAI)
    rows = looks.order_by().annotate(month=month).values("month").annotate(**_counted(moment)).order_by("month")
    found = []
    for row in rows:
        first = row["month"].astimezone(SHANGHAI).date()
        last = first.replace(day=monthrange(first.year, first.month)[1])
        found.append(_group(f"{first:%Y-%m}", row, {**base, **Period(first, last).query("starts")}))
    return found


def _by_town(looks: QuerySet[Look], moment: datetime, base: Mapping[str, Any]) -> list[Group]:
    towns = looks.filter(owner__territories__kind=Territory.Kind.TOWN).order_by()
    names = ("owner__territories__code", "owner__territories__name")
    rows = towns.values(*names).annotate(**_counted(moment)).order_by(names[0])
    return [_group(row[names[1]], row, {**base, "territory": row[names[0]]}) for row in rows]


def _by_owner(looks: QuerySet[Look], moment: datetime, base: Mapping[str, Any]) -> list[Group]:
    rows = looks.order_by().values("owner", "owner__name").annotate(**_counted(moment))
    found = [_group(row["owner__name"], row, {**base, "owner": row["owner"]}) for row in rows]
    return sorted(found, key=lambda group: (-group.counts["problems"], -group.counts["due"], group.name))[:_MOST]
