"""What a run of the fire is given: the weather hour by hour, where it burns, and how far the inputs are doubted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bianwang.spread.ellipse import Shapes
from bianwang.spread.errors import SpreadError
from bianwang.spread.grid import Grid

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Weather:
    """One hour: wind at 10 m in m/s and where it comes FROM, air temperature in ℃, relative humidity in %."""

    wind: float
    wind_from: float
    temperature: float = 30.0
    humidity: float = 40.0

    def __post_init__(self) -> None:
        checks = (
            ("风速", self.wind, 0, 60, "m/s"),
            ("风向", self.wind_from, 0, 360, "度"),
            ("气温", self.temperature, -30, 60, "℃"),
            ("相对湿度", self.humidity, 0, 100, "%"),
        )
        for name, value, low, high, unit in checks:
            if not low <= value <= high:
                raise SpreadError(f"{name} {value:g} 超出范围，应在 {low}～{high} {unit}。")

    @property
    def wind_to(self) -> float:
        """Where the wind blows to, which is where it drives the fire."""
        return (self.wind_from + 180.0) % 360.0


@dataclass(frozen=True)
class Ignition:
    """A point that burns, in local metres, from a minute on (0 = start of the first hour)."""

    x: float
    y: float
    minute: float = 0.0


class Model(Protocol):
    """A law of spread: what the fire does in one minute on each kind of ground."""

    @property
    def fuels(self) -> frozenset[int]:
        """Codes that burn."""
        ...

    def shapes(self, weather: Weather, fuel: NDArray[np.int64], slope: Floats, upslope: Floats) -> Shapes:
        """One ellipse for each entry: fuel code, slope in degrees, direction of steepest ascent."""
        ...


@dataclass(frozen=True)
class Doubt:
    """How far a run may be wrong; the band is what remains when all of it points one way.

    ``rate``: Cruz and Alexander 2013 (Environmental Modelling & Software 47: 16-28, 1278 observations of 49 data sets)
    hold an error of ±35 % for a reasonable standard of models of forward spread. ``wind`` and ``turn`` are ours: a wind
    typed in by hand from a station some kilometres away (±25 % of speed, ±15° of direction).
    """

    rate: float = 0.35
    wind: float = 0.25
    turn: float = 15.0

    def __post_init__(self) -> None:
        if not (0 <= self.rate <= 2 and 0 <= self.wind < 1 and 0 <= self.turn <= 90):
            raise SpreadError("不确定度超出范围：速度 0～2，风速 0～1（不含 1），风向 0～90 度。")

    def of(self, weather: Weather, side: int, turn: int) -> Weather:
        """The hour as the fast (side 1) or slow (side -1) run sees it, the wind turned to the right or the left."""
        direction = (weather.wind_from + turn * self.turn) % 360.0
        return replace(weather, wind=min(weather.wind * (1 + side * self.wind), 60.0), wind_from=direction)

    def factor(self, side: int) -> float:
        """What the rate is multiplied by: 1.35 and 1/1.35 for ±35 %."""
        return (1 + self.rate) ** side


@dataclass(frozen=True)
class Conditions:
    """Everything that a run depends on."""

    grid: Grid
    weather: tuple[Weather, ...]
    ignitions: tuple[Ignition, ...]
    model: Model
    doubt: Doubt = Doubt()
