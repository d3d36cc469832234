"""What a judgement of a fire asks for and what comes back, as plain data between two processes."""

from __future__ import annotations

import zlib
from typing import Final, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from bianwang.spread.conditions import Weather

LAWS: Final = ("wang", "rothermel")
"""Both laws are always computed, so that nobody takes one for the truth."""

Minutes = tuple[int | None, int | None, int | None]
"""Earliest, likely and latest arrival; None: not within the hours computed."""
Ring = list[tuple[float, float]]
"""Longitude and latitude; the last is the first."""


class Fuel(msgspec.Struct, frozen=True):
    """What a class of fuel is called by each law; 0 burns not."""

    code: int
    wang: int
    rothermel: int


class Layer(msgspec.Struct, frozen=True):
    """Values of each cell from north to south as float32, packed by zlib; NaN where nothing is known."""

    packed: bytes

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> Layer:
        """A layer to send or to keep."""
        return cls(zlib.compress(values.astype(np.float32).tobytes(), 1))

    def values(self, rows: int, columns: int) -> NDArray[np.float64]:
        """What was packed."""
        flat = np.frombuffer(zlib.decompress(self.packed), np.float32)
        return flat.reshape(rows, columns).astype(np.float64)


class Plan(msgspec.Struct, frozen=True):
    """One fire: a square grid around (longitude, latitude), `side` cells of `cell` metres."""

    longitude: float
    latitude: float
    cell: float
    side: int
    weather: list[Weather]
    points: Ring
    perimeter: list[Ring]
    """What burns already: rings, even-odd; empty where only points do."""
    fuels: list[Fuel]
    fuel: int
    """The class everywhere, unless there is a layer."""
    fuel_layer: Layer | None
    elevation: Layer | None
    moisture: float
    """Of the finest dead fuel, %: Rothermel's law only."""
    places: Ring


class Shape(msgspec.Struct, frozen=True):
    """One front."""

    hectares: float
    perimeter: int
    rings: list[Ring]


class Hour(msgspec.Struct, frozen=True):
    """The fronts at the end of an hour by one law."""

    hour: int
    likely: Shape
    latest: Shape
    earliest: Shape


class Fire(msgspec.Struct, frozen=True):
    """What one law says. `edge`: the fire may leave the grid, so that everything is too small."""

    law: Literal["wang", "rothermel"]
    hours: list[Hour]
    edge: bool
    arrivals: list[Minutes]
    """As the plan's places."""


class Answer(msgspec.Struct, frozen=True):
    """What the process says last: fires, or one Chinese sentence why there are none."""

    fires: list[Fire] = []
    refused: str = ""
    versions: str = ""
