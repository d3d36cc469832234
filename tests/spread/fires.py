"""Small fires to ask about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bianwang.spread.conditions import Conditions, Doubt, Ignition, Model, Weather
from bianwang.spread.ellipse import Shapes
from bianwang.spread.fire import Spread, spread
from bianwang.spread.grid import Grid

Floats = NDArray[np.float64]
CERTAIN = Doubt(0, 0, 0)


@dataclass(frozen=True)
class Still:
    """A law that draws the same ellipse everywhere: head to the wind's lee, all figures per m/s of wind."""

    half_length: float = 10.0
    half_width: float = 5.0
    forward: float = 8.0
    fuels: frozenset[int] = frozenset({1})

    def shapes(self, weather: Weather, fuel: NDArray[np.int64], slope: Floats, upslope: Floats) -> Shapes:
        one = np.ones(len(fuel))
        shape = Shapes(
            one * weather.wind_to, one * self.half_length, one * self.half_width, one * self.forward, one * 0.0
        )
        return shape.scaled(weather.wind)


def burn(
    model: Model,
    *,
    grid: Grid,
    wind: float = 1.0,
    wind_from: float = 270.0,
    hours: int = 2,
    at: tuple[tuple[float, float], ...] = ((0.0, 0.0),),
    doubt: Doubt = CERTAIN,
) -> Spread:
    """A fire in a steady wind."""
    weather = (Weather(wind, wind_from),) * hours
    return spread(Conditions(grid, weather, tuple(Ignition(x, y) for x, y in at), model, doubt))


def middles(grid: Grid) -> tuple[Floats, Floats]:
    """East and north of the middle of every cell."""
    x = grid.west + (np.arange(grid.columns) + 0.5) * grid.cell
    y = grid.south + (grid.rows - np.arange(grid.rows) - 0.5) * grid.cell
    return np.meshgrid(x, y)


def analytic(model: Still, wind: float, wind_to: float, x: Floats, y: Floats) -> Floats:
    """Minutes to (x, y) by the ellipse's own equation, solved for its age: written apart from the code under test."""
    angle = np.radians(wind_to)
    ahead, beside = x * np.sin(angle) + y * np.cos(angle), x * np.cos(angle) - y * np.sin(angle)
    a, b, c = model.half_length * wind, model.half_width * wind, model.forward * wind
    # ((ahead - c t) / a)² + (beside / b)² = t²
    two, one, none = 1 - (c / a) ** 2, 2 * ahead * c / a**2, -((ahead / a) ** 2) - (beside / b) ** 2
    return (-one + np.sqrt(one**2 - 4 * two * none)) / (2 * two)
