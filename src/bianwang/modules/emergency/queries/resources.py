"""Resources by distance, and those that are owed a look."""

from __future__ import annotations

from datetime import timedelta
from math import cos, radians
from typing import Any

from django.db.models import F, FloatField, Q, QuerySet, Value
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt

from bianwang.modules.emergency.models import Resource
from bianwang.modules.emergency.nearest import EARTH_KM, box
from bianwang.modules.emergency.pack.resources import kinds, pack
from bianwang.platform import access
from bianwang.platform.clock import today


def distance(longitude: float, latitude: float) -> Any:
    """`nearest.distance_km` of a row's coordinates from a point, worked out by the database."""
    rise = Sin(Radians(F("latitude") - Value(latitude)) / Value(2.0))
    turn = Sin(Radians(F("longitude") - Value(longitude)) / Value(2.0))
    level = Value(cos(radians(latitude))) * Cos(Radians(F("latitude")))
    part = Power(rise, Value(2.0)) + level * Power(turn, Value(2.0))
    least = Least(Value(1.0), part, output_field=FloatField())
    return Value(2 * EARTH_KM) * ASin(Sqrt(least))


def by_distance(rows: QuerySet[Any], longitude: float, latitude: float, km: int = 0) -> QuerySet[Any]:
    """Rows with coordinates and their `distance` in km, within `km` if given.

    The box around the circle is looked up in the index first, so that distances are worked out for few.
    """
    found: QuerySet[Any] = rows.filter(longitude__isnull=False, latitude__isnull=False)
    if km:
        side = box(longitude, latitude, km)
        found = found.filter(
            latitude__gte=side.south, latitude__lte=side.north, longitude__gte=side.west, longitude__lte=side.east
        )
    found = found.annotate(distance=distance(longitude, latitude))
    return found.filter(distance__lte=km) if km else found


def unverified() -> Q:
    """Resources that nobody has looked after for longer than their kind allows, without those out of use."""
    day, late = today(), Q(pk__in=())
    for kind in {row.code: row for row in [*pack().kinds, *kinds(day)]}.values():
        late |= Q(kind=kind.code, verified_on__lt=day - timedelta(days=kind.verify_days))
    return late & ~Q(state="disabled")


def unverified_count(user: Any) -> int:
    """How many the user may see of them."""
    return access.visible(user, Resource, "emergency.resources").filter(unverified()).count()
