"""Distances on the globe and what they mean for whoever has to go there."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, ceil, cos, degrees, pi, radians, sin, sqrt

EARTH_KM = 6371.0088
"""Mean radius (IUGG)."""
_MARGIN = 1e-9
"""Degrees by which a box is wider, so that rounding never loses a point on its edge."""


@dataclass(frozen=True)
class Box:
    """Degrees between which everything within a distance lies."""

    south: float
    north: float
    west: float
    east: float


def distance_km(longitude: float, latitude: float, other_longitude: float, other_latitude: float) -> float:
    """Great-circle distance (haversine).

    >>> round(distance_km(106.2277, 29.5936, 106.2277, 29.6936), 1)
    11.1
    >>> distance_km(106.2, 29.6, 106.2, 29.6)
    0.0
    """
    rise, turn = radians(other_latitude - latitude), radians(other_longitude - longitude)
    part = sin(rise / 2) ** 2 + cos(radians(latitude)) * cos(radians(other_latitude)) * sin(turn / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, part)))


def box(longitude: float, latitude: float, km: float) -> Box:
    """The degrees around a point that hold every point within a distance.

    >>> found = box(106.2, 29.6, 10)
    >>> [round(side, 3) for side in (found.south, found.north, found.west, found.east)]
    [29.51, 29.69, 106.097, 106.303]
    """
    angle = km / EARTH_KM
    south, north = radians(latitude) - angle, radians(latitude) + angle
    if south <= -pi / 2 or north >= pi / 2:
        return Box(degrees(south) - _MARGIN, degrees(north) + _MARGIN, -180, 180)
    aside = degrees(asin(min(1.0, sin(angle) / cos(radians(latitude))))) + _MARGIN
    return Box(degrees(south) - _MARGIN, degrees(north) + _MARGIN, longitude - aside, longitude + aside)


def minutes(km: float, speed: int) -> int | None:
    """How long the straight line takes at a speed in km/h, at least a minute; None for what does not go.

    >>> minutes(10, 40), minutes(0, 40), minutes(10, 0)
    (15, 1, None)
    """
    return max(1, ceil(km * 60 / speed)) if speed else None
