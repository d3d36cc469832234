"""What the wall shows: counters, at most fifty rows however many alarms there are, and dots on the map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.urls import reverse

from bianwang.modules.alarms.models import Alarm, Severity
from bianwang.modules.rules.models import Rule
from bianwang.platform import access
from bianwang.platform.clock import SHANGHAI, to_ms, today
from bianwang.platform.places.models import Enterprise

MOST_ROWS = 50

UNHANDLED = Q(is_open=True, acknowledged_at__isnull=True)
HANDLING = Q(is_open=True, acknowledged_at__isnull=False)


@dataclass(frozen=True)
class Counters:
    """The figures in the head of the wall."""

    unhandled: int
    handling: int
    today: int
    today_false: int


@dataclass(frozen=True)
class Row:
    """One line: an alarm with those that joined it, or in a flood all alarms of a rule and severity.

    `alarm` is None for the latter; `url` leads to the rows that the line stands for.
    """

    alarm: Alarm | None
    title: str
    place: str
    severity: Severity
    newest_ms: int
    count: int
    unacknowledged: int
    url: str

    @property
    def value(self) -> str:
        """What was measured when it began, with its limit: 31.5 %LEL（限值 25）."""
        facts = self.alarm.facts if self.alarm is not None else {}
        value, limit = facts.get("value"), facts.get("limit")
        if value is None or limit is None:
            return ""
        return f"{value:.4g} {facts.get('unit', '')}（限值 {limit:.4g}）"

    @property
    def newest(self) -> datetime:
        """Event time of the newest alarm in the line."""
        return datetime.fromtimestamp(self.newest_ms / 1000, SHANGHAI)


def today_ms() -> int:
    """The last midnight in Shanghai."""
    return to_ms(datetime.combine(today(), time(), SHANGHAI))


def unhandled_count(user: Any) -> int:
    """Open alarms in the user's scope that nobody has acknowledged."""
    return access.visible(user, Alarm).filter(UNHANDLED).count()


def counters(user: Any) -> Counters:
    """Two queries, each over an index."""
    rows = access.visible(user, Alarm).order_by()
    pending = rows.filter(is_open=True).aggregate(
        unhandled=Count("pk", filter=Q(acknowledged_at__isnull=True)),
        handling=Count("pk", filter=Q(acknowledged_at__isnull=False)),
    )
    today = rows.filter(started_ms__gte=today_ms()).aggregate(
        today=Count("pk"), today_false=Count("pk", filter=Q(verdict=Alarm.Verdict.FALSE))
    )
    return Counters(**pending, **today)


def rows(user: Any) -> list[Row]:
    """Groups of open alarms: unacknowledged before acknowledged, then the worst, then the newest.

    More than fifty groups: they are gathered by rule, and the rules with the worst alarms are spread out again as
    far as there is room. Every open alarm is in exactly one line, and a line's link shows exactly its alarms.
    """
    opened = access.visible(user, Alarm).filter(is_open=True).order_by()
    groups = list(_groups(opened))
    if len(groups) <= MOST_ROWS:
        return _singles(groups)
    by_rule: dict[int, list[Mapping[str, Any]]] = {}
    for group in groups:
        by_rule.setdefault(group["rule"], []).append(group)
    shown, left = list(by_rule.values())[: MOST_ROWS - 1], list(by_rule.values())[MOST_ROWS - 1 :]
    room = MOST_ROWS - len(shown) - (1 if left else 0)
    single: list[Mapping[str, Any]] = []
    gathered: list[Row] = []
    for members in shown:
        if len(members) - 1 <= room:
            room -= len(members) - 1
            single += members
        else:
            gathered.append(_gather(members))
    if left:
        rest = [group for members in left for group in members]
        gathered.append(_gather(rest, f"其余 {len(left)} 条规则的告警", _list(handling="open")))
    lines = _singles(single) + gathered
    return sorted(lines, key=lambda line: (line.unacknowledged == 0, -line.severity, -line.newest_ms))


def places(user: Any) -> list[dict[str, Any]]:
    """The enterprises with coordinates, for the map."""
    rows_ = access.visible(user, Enterprise).filter(is_active=True, longitude__isnull=False, latitude__isnull=False)
    return [
        {"id": pk, "name": name, "at": [latitude, longitude], "risk": risk, "word": Enterprise.Risk(risk).label}
        for pk, name, longitude, latitude, risk in rows_.order_by("pk").values_list(
            "pk", "name", "longitude", "latitude", "risk"
        )
    ]


def alarmed_places(user: Any) -> dict[int, dict[str, Any]]:
    """Per owner with open alarms: how many, the worst colour, and whether somebody has yet to look."""
    found = (
        access.visible(user, Alarm)
        .filter(is_open=True)
        .order_by()
        .values("owner")
        .annotate(count=Count("pk"), worst=Max("severity"), waiting=Count("pk", filter=Q(acknowledged_at__isnull=True)))
    )
    return {
        row["owner"]: {
            "count": row["count"],
            "colour": Severity(row["worst"]).code,
            "word": Severity(row["worst"]).label,
            "waiting": row["waiting"],
        }
        for row in found
    }


def _groups(opened: QuerySet[Alarm]) -> Iterable[Mapping[str, Any]]:
    found: Iterable[Mapping[str, Any]] = (
        opened.annotate(group=Coalesce("root", "pk"), rule=F("rule_version__rule"))
        .values("group", "rule")
        .annotate(
            first=Min("pk"),
            count=Count("pk"),
            worst=Max("severity"),
            newest=Max("started_ms"),
            waiting=Count("pk", filter=Q(acknowledged_at__isnull=True)),
            alert=Max("severity", filter=Q(acknowledged_at__isnull=True)),
        )
        .order_by(F("alert").desc(nulls_last=True), "-worst", "-newest", "-first")
    )
    return found


def _singles(groups: Sequence[Mapping[str, Any]]) -> list[Row]:
    related = ("owner", "signal__zone", "rule_version")
    alarms = Alarm.objects.select_related(*related).in_bulk([group["first"] for group in groups])
    made = []
    for group in groups:
        alarm = alarms[group["first"]]
        several = group["count"] > 1
        made.append(
            Row(
                alarm=alarm,
                title=alarm.title,
                place=alarm.owner.name + (f" · {alarm.signal.zone.name}" if alarm.signal.zone else ""),
                severity=Severity(group["worst"]),
                newest_ms=group["newest"],
                count=group["count"],
                unacknowledged=group["waiting"],
                url=_list(group=group["group"], handling="open") if several else alarm.get_absolute_url(),
            )
        )
    return made


def _gather(groups: Sequence[Mapping[str, Any]], title: str = "", url: str = "") -> Row:
    rule = groups[0]["rule"]
    return Row(
        alarm=None,
        title=title or Rule.objects.get(pk=rule).name,
        place=f"同一规则在 {len(groups)} 处告警" if not title else "打开列表逐条处置",
        severity=Severity(max(group["worst"] for group in groups)),
        newest_ms=max(group["newest"] for group in groups),
        count=sum(group["count"] for group in groups),
        unacknowledged=sum(group["waiting"] for group in groups),
        url=url or _list(rule=rule, handling="open"),
    )


def _list(**params: Any) -> str:
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in params.items()})
    return f"{reverse('alarms:list')}?{query.urlencode()}"
