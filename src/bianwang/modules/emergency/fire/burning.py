"""A plan becomes fires: the grid, what burns at the beginning, both laws, fronts that can be drawn."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bianwang.modules.emergency.fire.plan import LAWS, Fire, Hour, Minutes, Plan, Ring, Shape
from bianwang.spread.conditions import Conditions, Ignition, Model
from bianwang.spread.errors import SpreadError
from bianwang.spread.fire import Front, Spread, spread
from bianwang.spread.grid import Grid
from bianwang.spread.origin import Origin
from bianwang.spread.rothermel import Moisture, Rothermel
from bianwang.spread.wang import Wang

Floats = NDArray[np.float64]

DRAWN = 400
"""Corners of a ring that is drawn; areas are of the whole ring."""
SMALLEST = 2
"""Cells: smaller islands are not drawn."""


def burn(plan: Plan, tell: Callable[[int], None]) -> list[Fire]:
    """Both laws over one plan; `tell(done)` is called as each is done. Raises SpreadError."""
    fires = []
    for number, law in enumerate(LAWS, 1):
        fires.append(_fire(plan, law))
        tell(number)
    return fires


def ground(plan: Plan, law: str) -> Grid:
    """The cells with the fuel codes of a law."""
    grid = Grid.flat(plan.cell, plan.side, plan.side, 0)
    classes = np.full((plan.side, plan.side), float(plan.fuel))
    if plan.fuel_layer is not None:
        classes = plan.fuel_layer.values(plan.side, plan.side)
    codes = np.zeros_like(classes)
    for fuel in plan.fuels:
        codes[classes == fuel.code] = getattr(fuel, law)
    elevation = None if plan.elevation is None else plan.elevation.values(plan.side, plan.side)
    return Grid(plan.cell, codes, elevation, grid.west, grid.south)


def ignitions(plan: Plan, grid: Grid) -> tuple[Ignition, ...]:
    """The points, and the middle of every cell that can burn within the perimeter. Raises SpreadError."""
    origin = Origin(plan.longitude, plan.latitude)
    points = [origin.local(*point) for point in plan.points]
    found = [Ignition(float(x), float(y)) for x, y in points]
    if plan.perimeter:
        rings = [np.column_stack(origin.local(*np.array(ring).T)) for ring in plan.perimeter]
        rows, columns = np.nonzero(inside(rings, grid) & (grid.codes() > 0))
        if not len(rows):
            raise SpreadError("火场边界内没有可燃的格，请核对边界和可燃物图，或减小格网边长。")
        x = grid.west + (columns + 0.5) * grid.cell
        y = grid.south + (grid.rows - rows - 0.5) * grid.cell
        found += [Ignition(float(a), float(b)) for a, b in zip(x, y, strict=True)]
    return tuple(found)


def inside(rings: list[Floats], grid: Grid) -> NDArray[np.bool_]:
    """Cells whose middle lies within the rings, even-odd: a ring within a ring is a hole."""
    x = grid.west + (np.arange(grid.columns) + 0.5) * grid.cell
    y = grid.south + (grid.rows - np.arange(grid.rows) - 0.5) * grid.cell
    found = np.zeros((grid.rows, grid.columns), bool)
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            crossed = (y1 > y) != (y2 > y)
            if crossed.any():
                at = x1 + (y[crossed] - y1) * (x2 - x1) / (y2 - y1)
                found[crossed] ^= x[None, :] < at[:, None]
    return found


def _fire(plan: Plan, law: str) -> Fire:
    grid = ground(plan, law)
    conditions = Conditions(grid, tuple(plan.weather), ignitions(plan, grid), _model(plan, law))
    result = spread(conditions)
    origin = Origin(plan.longitude, plan.latitude)
    places = [origin.local(*place) for place in plan.places]
    hours = [
        Hour(each.hour, *(_shape(front, origin, grid.cell) for front in (each.likely, each.latest, each.earliest)))
        for each in result.hours()
    ]
    arrivals = [_arrival(result, float(x), float(y)) for x, y in places]
    return Fire(law, hours, result.reaches_edge(), arrivals)  # type: ignore[arg-type]


def _model(plan: Plan, law: str) -> Model:
    if law == "wang":
        return Wang()
    return Rothermel(Moisture(plan.moisture, plan.moisture + 1, plan.moisture + 2))


def _arrival(result: Spread, x: float, y: float) -> Minutes:
    """Whole minutes, rounded down: nobody is told a time that is too late."""
    early, likely, late = (int(minute) if np.isfinite(minute) else None for minute in result.minutes(x, y))
    return early, likely, late


def _shape(front: Front, origin: Origin, cell: float) -> Shape:
    rings = [_drawn(ring) for ring in front.rings if np.ptp(ring, axis=0).max() >= SMALLEST * cell]
    named: list[Ring] = [[(x, y) for x, y in origin.ring(ring)] for ring in rings]
    return Shape(round(front.hectares, 2), round(front.perimeter), named)


def _drawn(ring: Floats) -> Floats:
    """The ring with few enough corners to be drawn."""
    step = -(-len(ring) // DRAWN)
    return ring if step == 1 else np.concatenate([ring[:-1:step], ring[:1]])
