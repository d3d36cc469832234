"""Local metres around a point of the earth, to and from WGS 84."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from bianwang.spread.errors import SpreadError

Floats = NDArray[np.float64]

EQUATOR, FLATTENING = 6_378_137.0, 1 / 298.257223563  # WGS 84
SQUARED = FLATTENING * (2 - FLATTENING)


@dataclass(frozen=True)
class Origin:
    """The point that local metres count from; within 30 km of it they are right to 3 parts in a thousand."""

    longitude: float
    latitude: float

    def __post_init__(self) -> None:
        if not (-180 <= self.longitude <= 180 and -80 <= self.latitude <= 80):
            raise SpreadError(f"经度 {self.longitude:g}、纬度 {self.latitude:g} 超出范围，请检查是否写反。")

    def local(self, longitude: float | Floats, latitude: float | Floats) -> tuple[float | Floats, float | Floats]:
        """Metres east and north of the origin."""
        east, north = self._degree()
        return (longitude - self.longitude) * east, (latitude - self.latitude) * north

    def wgs84(self, x: float | Floats, y: float | Floats) -> tuple[float | Floats, float | Floats]:
        """Longitude and latitude of a place in local metres."""
        east, north = self._degree()
        return self.longitude + x / east, self.latitude + y / north

    def ring(self, ring: Floats) -> list[list[float]]:
        """A ring as GeoJSON wants it: longitude and latitude, to a tenth of a metre."""
        longitude, latitude = self.wgs84(ring[:, 0], ring[:, 1])
        rounded: list[list[float]] = np.stack([longitude, latitude], axis=-1).round(6).tolist()
        return rounded

    def _degree(self) -> tuple[float, float]:
        """Metres in a degree to the east and to the north, at the origin."""
        bent = 1 - SQUARED * sin(radians(self.latitude)) ** 2
        across = EQUATOR / sqrt(bent)
        along = EQUATOR * (1 - SQUARED) / bent**1.5
        return radians(across * cos(radians(self.latitude))), radians(along)
