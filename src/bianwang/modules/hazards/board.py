"""The see × manage board: is each enterprise seen by sensors, and are its findings dealt with?

Sensed: the share of its points in use that are online and judged by a rule in force. Managed: the share of its
findings of the last twelve months, among those that came due, that were rectified in time. An enterprise without
findings that came due is managed unless alarms at it wait.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Q

from bianwang.modules.alarms.models import Alarm
from bianwang.modules.hazards.models import BoardDay, Hazard
from bianwang.modules.hazards.queries import COUNTED, IN_TIME, came_due, overdue
from bianwang.modules.rules.models import Binding, RuleVersion
from bianwang.modules.sensing.models import Device, Signal
from bianwang.platform import access
from bianwang.platform.clock import from_ms, now, now_ms
from bianwang.platform.places.models import Enterprise
from bianwang.platform.workflow.queries import limit

QUADRANTS = {
    "unmanaged": "看得到、管不了",
    "both": "看得到、管得了",
    "neither": "看不到、管不了",
    "unseen": "管得了、看不到",
}
"""In the order in which the board draws them."""

WORST = 10
_MEASURED_DAYS = 90
_MOST_MEASURED = 5000


@dataclass(frozen=True)
class Standing:
    """Where one enterprise stands."""

    enterprise: int
    name: str
    points: int
    seen: int
    due: int
    in_time: int
    overdue: int
    waiting: int
    quadrant: str

    @property
    def sensed(self) -> float:
        """Share of its points that are online and judged, 0 without points."""
        return self.seen / self.points if self.points else 0.0

    @property
    def managed(self) -> float:
        """Share of its findings dealt with in time, 1 without any that came due."""
        return self.in_time / self.due if self.due else 1.0

    @property
    def badness(self) -> tuple[float, int, float]:
        """What makes it worse than others of its quadrant."""
        return (-self.managed, self.overdue + self.waiting, -self.sensed)


@dataclass(frozen=True)
class Stage:
    """How long one stage takes."""

    name: str
    minutes: float | None
    cases: int
    query: str
    is_alarm: bool

    @property
    def hours(self) -> float | None:
        """The same in hours."""
        return None if self.minutes is None else self.minutes / 60

    @property
    def days(self) -> float | None:
        """The same in days."""
        return None if self.minutes is None else self.minutes / 1440


def standings(user: Any) -> list[Standing]:
    """Every enterprise in scope (all for None), in five queries."""
    enterprises = Enterprise.objects.all() if user is None else access.visible(user, Enterprise)
    named = list(enterprises.filter(is_active=True).order_by("pinyin").values_list("pk", "name"))
    points = _points()
    findings = _findings()
    waiting = dict(Alarm.objects.filter(is_open=True).order_by().values_list("owner").annotate(Count("pk")))
    sensed_from = float(limit("hazards.board_sensed").value)
    managed_from = float(limit("hazards.board_managed").value)
    found = []
    for pk, name in named:
        total, seen = points.get(pk, (0, 0))
        due, in_time, late = findings.get(pk, (0, 0, 0))
        sees = total > 0 and seen / total >= sensed_from
        manages = in_time / due >= managed_from if due else late == 0
        quadrant = {(True, True): "both", (True, False): "unmanaged", (False, True): "unseen"}.get(
            (sees, manages), "neither"
        )
        found.append(Standing(pk, name, total, seen, due, in_time, late, waiting.get(pk, 0), quadrant))
    return found


def quadrant_counts(rows: Iterable[Standing]) -> dict[str, int]:
    """How many enterprises are in each quadrant."""
    counts = dict.fromkeys(QUADRANTS, 0)
    for row in rows:
        counts[row.quadrant] += 1
    return counts


def worst(rows: Iterable[Standing], quadrant: str) -> list[Standing]:
    """The ten of a quadrant that need attention most."""
    mine = [row for row in rows if row.quadrant == quadrant]
    return sorted(mine, key=lambda row: row.badness, reverse=True)[:WORST]


def trend(months: int = 12) -> list[BoardDay]:
    """The last kept day of each of the last months, oldest first."""
    last: dict[tuple[int, int], BoardDay] = {}
    for row in BoardDay.objects.filter(day__gte=(now() - timedelta(days=31 * months)).date()).order_by("day"):
        last[(row.day.year, row.day.month)] = row
    return list(last.values())[-months:]


def stages(user: Any) -> list[Stage]:
    """Median minutes from reading to acknowledgement, verdict, rectification and closure, in the last ninety days."""
    since = now_ms() - _MEASURED_DAYS * 86_400_000
    day = from_ms(since).date().isoformat()
    alarms = access.visible(user, Alarm).filter(started_ms__gte=since, is_late=False).order_by("-started_ms")
    steps = list(alarms.values_list("started_ms", "acknowledged_at", "verified_at")[:_MOST_MEASURED])
    linked = access.visible(user, Hazard).filter(alarm__started_ms__gte=since).order_by("-pk")
    ends = list(linked.values_list("alarm__verified_at", "rectified_at", "closed_at")[:_MOST_MEASURED])
    heard = [_minutes(from_ms(start), seen) for start, seen, _ in steps]
    decided = [_minutes(seen, verified) for _, seen, verified in steps]
    return [
        _stage("读数 → 确认", heard, f"acknowledged=1&started_from={day}", True),
        _stage("确认 → 核实", decided, f"verified=1&started_from={day}", True),
        _stage("核实 → 整改", [_minutes(v, r) for v, r, _ in ends], "from_alarm=1&rectified=1", False),
        _stage("整改 → 销号", [_minutes(r, c) for _, r, c in ends], "from_alarm=1&state=closed", False),
    ]


def _stage(name: str, minutes: list[float | None], query: str, is_alarm: bool) -> Stage:
    known = [value for value in minutes if value is not None]
    return Stage(name, median(known) if known else None, len(known), query, is_alarm)


def _minutes(begin: Any, end: Any) -> float | None:
    if begin is None or end is None:
        return None
    return float(max(0.0, (end - begin).total_seconds() / 60))


def _points() -> dict[int, tuple[int, int]]:
    """Per owner: points in use, and those of them online and judged."""
    judged = Binding.objects.filter(ended_at__isnull=True, version__state=RuleVersion.State.ACTIVE).values("signal")
    online = Q(device__presence=Device.Presence.ONLINE, pk__in=judged)
    # What permits tell has no device: it is no point.
    rows = Signal.objects.filter(is_enabled=True, device__isnull=False).order_by().values_list("owner")
    counted = rows.annotate(total=Count("pk"), seen=Count("pk", filter=online))
    return {owner: (total, seen) for owner, total, seen in counted}


def _findings() -> dict[int, tuple[int, int, int]]:
    """Per owner: findings that came due in the last year, those in time, and those still overdue."""
    rows = Hazard.objects.filter(COUNTED, found_at__gte=now() - timedelta(days=365)).order_by().values_list("owner")
    counted = rows.annotate(
        came=Count("pk", filter=came_due()),
        timely=Count("pk", filter=IN_TIME),
        late=Count("pk", filter=overdue()),
    )
    return {owner: (due, timely, late) for owner, due, timely, late in counted}
