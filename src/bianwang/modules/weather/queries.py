"""What other modules ask: warnings in force, gauges near a place; and counts for tiles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import asin, cos, radians, sin, sqrt
from typing import Any

from django.db.models import F, Q, QuerySet

from bianwang.modules.weather.models import Gauge, Hint, Receipt, WeatherWarning
from bianwang.modules.weather.workflow import OPEN
from bianwang.platform import access
from bianwang.platform.clock import now
from bianwang.platform.ui.search import LIMIT, Hit

_EARTH_KM = 6371.0088


@dataclass(frozen=True)
class Near:
    """A gauge and how far away it stands."""

    gauge: Gauge
    km: float


def in_force(moment: datetime) -> Q:
    """Warnings that are in force at a moment: issued, not run out, not updated or cancelled by then."""
    going = Q(ended_at__isnull=True) | Q(ended_at__gt=moment)
    return going & Q(issued_at__lte=moment, valid_until__gt=moment) & ~Q(message=WeatherWarning.Kind.CANCEL)


def over(moment: datetime, path: str = "") -> Q:
    """Warnings (or what hangs on one by `path`) that hold no longer: run out, updated or cancelled."""
    return Q(**{f"{path}valid_until__lte": moment}) | Q(**{f"{path}ended_at__lte": moment})


def warnings_in_force(moment: datetime) -> QuerySet[WeatherWarning]:
    """Every warning in force at a moment, the worst first. Warnings are public: no scope is asked for."""
    return WeatherWarning.objects.filter(in_force(moment)).order_by("level", "-issued_at")


def gauges_near(longitude: float, latitude: float, km: float = 10.0) -> list[Near]:
    """Gauges in use within so many kilometres of a point, the nearest first."""
    rows = Gauge.objects.filter(is_enabled=True, longitude__isnull=False, latitude__isnull=False)
    found = [Near(row, _distance(longitude, latitude, row)) for row in rows.select_related("owner")]
    return sorted((near for near in found if near.km <= km), key=lambda near: near.km)


def unanswered() -> Q:
    """Receipts that nobody has answered though it was due."""
    return Q(state__in=OPEN, answer_by__lt=now())


def came_due() -> Q:
    """Answered, or the time limit has passed: what 叫应率 is a share of.

    Of a warning that was over before the limit only answers count.
    """
    early = Q(warning__valid_until__lte=F("answer_by")) | Q(warning__ended_at__lte=F("answer_by"))
    return Q(state="answered") | (Q(answer_by__lt=now()) & ~early)


def in_time() -> Q:
    """Answered within the time limit."""
    return Q(state="answered", answered_at__lte=F("answer_by"))


def count_in_force(user: Any) -> int:
    """Warnings in force that the user may see."""
    return access.visible(user, WeatherWarning, "weather.overview").filter(in_force(now())).count()


def count_unanswered(user: Any) -> int:
    """Receipts in the user's scope that are overdue."""
    return access.visible(user, Receipt, "weather.view").filter(unanswered()).count()


def count_hints(user: Any) -> int:
    """Hints in the user's scope that go on."""
    return access.visible(user, Hint, "weather.rain").filter(closed_at__isnull=True).count()


def search(user: Any, text: str) -> list[Hit]:
    """Warnings by headline, gauges by name."""
    hits = []
    if access.can(user, "weather.overview"):
        rows = access.visible(user, WeatherWarning, "weather.overview").filter(headline__icontains=text)[:LIMIT]
        hits = [Hit(row.headline, f"预警信息 · {row.issuer}", row.get_absolute_url()) for row in rows]
    if access.can(user, "weather.rain"):
        gauges = access.visible(user, Gauge, "weather.rain").filter(name__icontains=text).select_related("owner")
        hits += [Hit(row.name, f"雨量站 · {row.owner}", row.get_absolute_url()) for row in gauges[:LIMIT]]
    return hits


def _distance(longitude: float, latitude: float, gauge: Gauge) -> float:
    """Great-circle distance in kilometres (haversine)."""
    assert gauge.longitude is not None and gauge.latitude is not None  # noqa: S101, PT018 - asked for above
    east, north = radians(gauge.longitude - longitude) / 2, radians(gauge.latitude - latitude) / 2
    part = sin(north) ** 2 + cos(radians(latitude)) * cos(radians(gauge.latitude)) * sin(east) ** 2
    return 2 * _EARTH_KM * asin(sqrt(part))
