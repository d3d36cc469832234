"""`spread(conditions)`: when the fire is where, likely and at the earliest and latest; fronts hour by hour.

grid = Grid.flat(30.0, 400, 400, fuel=2)
weather = (Weather(wind=5, wind_from=0, temperature=36, humidity=25),) * 6
result = spread(Conditions(grid, weather, (Ignition(0, 0),), Wang()))
result.hours()          # area, perimeter and front of each hour
result.minutes(x, y)    # earliest, likely and latest arrival at a point
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bianwang.spread import contours
from bianwang.spread.conditions import Conditions, Weather
from bianwang.spread.errors import SpreadError
from bianwang.spread.grid import Grid
from bianwang.spread.march import RIM, march

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

SLOPE_STEPS = 61  # whole degrees, 0 … 60
UPSLOPE_STEP = 5.0  # degrees
LONGEST = 240  # hours
BEYOND = 12  # hours: so that the cells just ahead of the last front have a time, and the front its place between them


@dataclass(frozen=True)
class Front:
    """The fire at the end of an hour: rings in local metres, outer ones counter-clockwise, islands clockwise."""

    hour: int
    rings: tuple[Floats, ...]

    @property
    def hectares(self) -> float:
        return sum(contours.area(ring) for ring in self.rings) / 10_000

    @property
    def perimeter(self) -> float:
        """Metres, islands included."""
        return sum(contours.length(ring) for ring in self.rings)


@dataclass(frozen=True)
class Hour:
    """Fronts at the end of an hour: what has surely, likely and possibly burnt."""

    hour: int
    likely: Front
    latest: Front
    earliest: Front


@dataclass(frozen=True, eq=False)
class Spread:
    """Minutes of arrival for each cell; beyond ``duration`` hours they are infinite or only bounds."""

    grid: Grid
    duration: int
    likely: Floats
    earliest: Floats
    latest: Floats

    def front(self, hour: int, times: Floats | None = None) -> Front:
        """The front at the end of ``hour`` (1 = after sixty minutes)."""
        found = contours.rings(self.likely if times is None else times, hour * 60.0)
        grid = self.grid
        north = grid.south + grid.rows * grid.cell
        scale, corner = np.array([grid.cell, -grid.cell]), np.array([grid.west + grid.cell / 2, north - grid.cell / 2])
        return Front(hour, tuple(ring * scale + corner for ring in found))

    def hours(self) -> list[Hour]:
        """Every hour's fronts with their band."""
        return [
            Hour(hour, self.front(hour), self.front(hour, self.latest), self.front(hour, self.earliest))
            for hour in range(1, self.duration + 1)
        ]

    def minutes(self, x: float, y: float) -> tuple[float, float, float]:
        """Earliest, likely and latest arrival at a point; infinite off the grid or not within the hours computed."""
        if not self.grid.inside(x, y):
            return np.inf, np.inf, np.inf
        cell = self.grid.at(x, y)
        early, likely, late = (self._within(times[cell]) for times in (self.earliest, self.likely, self.latest))
        return early, likely, late

    def reaches_edge(self) -> bool:
        """Whether the fire may leave the grid: then areas and times are too small, and the grid should be larger."""
        rim = (self.earliest[0], self.earliest[-1], self.earliest[:, 0], self.earliest[:, -1])
        return any(bool((side <= self.duration * 60).any()) for side in rim)

    def _within(self, minute: float) -> float:
        return float(minute) if minute <= self.duration * 60 else np.inf


def warm_up() -> None:
    """Compile the kernel, so that the first fire need not wait for it; what is compiled is kept beside the source."""
    at = np.zeros(1, np.int32)
    march(np.zeros(9, np.int32) - 1, np.zeros((1, 1, 6)), 3, 1.0, at, np.zeros(1), 0.0)


@dataclass(frozen=True)
class _Ground:
    """The kinds of ground that occur, and which cell is which; with the rim that the kernel wants."""

    kinds: Ints
    fuel: NDArray[np.int64]
    slope: Floats
    upslope: Floats
    width: int


def spread(conditions: Conditions) -> Spread:
    """Compute one fire. Raises SpreadError for input that cannot be computed with."""
    grid, hours = conditions.grid, conditions.weather
    if not 1 <= len(hours) <= LONGEST:
        raise SpreadError(f"气象序列有 {len(hours)} 小时，应在 1～{LONGEST} 小时。")
    if not conditions.ignitions:
        raise SpreadError("没有起火点，请至少给出一个。")
    grid.known(conditions.model.fuels)
    ground = _ground(grid)
    codes = grid.codes()
    starts = [grid.at(ignition.x, ignition.y) for ignition in conditions.ignitions]
    for ignition, (row, column) in zip(conditions.ignitions, starts, strict=True):
        if not 0 <= ignition.minute < len(hours) * 60:
            raise SpreadError(f"起火时刻第 {ignition.minute:g} 分钟不在所算的 {len(hours)} 小时以内，请改正。")
        if codes[row, column] == 0:
            raise SpreadError(f"起火点所在的格（第 {row + 1} 行第 {column + 1} 列）不可燃，请移动起火点或改可燃物图。")
    cells = np.array([(row + RIM) * ground.width + column + RIM for row, column in starts], np.int32)
    minutes = np.array([ignition.minute for ignition in conditions.ignitions], float)

    def run(side: int, turn: int) -> Floats:
        doubt = conditions.doubt
        weather = [doubt.of(hour, side, turn) for hour in hours + hours[-1:] * BEYOND]
        table = _table(conditions, weather, doubt.factor(side), ground)
        times = march(ground.kinds, table, ground.width, grid.cell, cells, minutes, len(hours) * 60.0)
        inner: Floats = times.reshape(-1, ground.width)[RIM:-RIM, RIM:-RIM].copy()
        return inner

    with ThreadPoolExecutor() as pool:
        likely, *others = pool.map(run, (0, 1, 1, -1, -1), (0, 1, -1, 1, -1))
    earliest = np.minimum(likely, np.minimum(others[0], others[1]))
    latest = np.maximum(likely, np.maximum(others[2], others[3]))
    return Spread(grid, len(hours), likely, earliest, latest)


def _ground(grid: Grid) -> _Ground:
    """Slopes by whole degrees, their directions by five degrees: the laws are computed once for each kind."""
    codes = grid.codes()
    slope, upslope = grid.slopes()
    steep = np.minimum(np.rint(slope), SLOPE_STEPS - 1).astype(np.int64)
    sectors = round(360 / UPSLOPE_STEP)
    sector = np.where(steep == 0, 0, np.rint(upslope / UPSLOPE_STEP).astype(np.int64) % sectors)
    key = (codes * SLOPE_STEPS + steep) * sectors + sector
    present = np.unique(key[codes > 0])
    kinds = np.where(codes > 0, np.searchsorted(present, key), -1).astype(np.int32)
    padded = np.pad(kinds, RIM, constant_values=-1)
    return _Ground(
        padded.ravel(),
        present // (SLOPE_STEPS * sectors),
        (present // sectors % SLOPE_STEPS).astype(float),
        present % sectors * UPSLOPE_STEP,
        padded.shape[1],
    )


def _table(conditions: Conditions, weather: list[Weather], factor: float, ground: _Ground) -> Floats:
    """The ellipse of every kind of ground in every hour; equal hours are computed once."""
    shapes = {
        hour: conditions.model.shapes(hour, ground.fuel, ground.slope, ground.upslope).scaled(factor).table()
        for hour in set(weather)
    }
    return np.stack([shapes[hour] for hour in weather])
