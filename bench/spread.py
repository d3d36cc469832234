"""A forest fire on a large grid: `python -m bench.spread`

A million cells with hills and six fuels, a day of turning wind; with the band that is five fires. The peer is the usual
way of doing it in plain Python: Dijkstra over eight neighbours, here on a smaller grid, compared by cells a second.
"""

from __future__ import annotations

import heapq
import math
import time

import numpy as np

from bench.report import emit
from bianwang.spread.conditions import Conditions, Ignition, Weather
from bianwang.spread.fire import Spread, spread, warm_up
from bianwang.spread.grid import Grid
from bianwang.spread.rothermel import Rothermel
from bianwang.spread.wang import FUELS, Wang, base_rate, force, slope_factor, wind_factor

SIDE, CELL, HOURS = 1_000, 10.0, 24
SMALL = 150
RUNS = 5  # likely, and two of the earliest and the latest side
WEATHER = tuple(Weather(5.0, (40 * hour) % 360, 36, 25) for hour in range(HOURS))
START = (Ignition(0, 0),)


def hills(side: int, flat: bool = False) -> Grid:
    """Smooth heights of some 150 m, one of six fuels in each cell."""
    generator = np.random.default_rng(23)
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(side), np.fft.fftfreq(side)))
    frequency[0, 0] = 1
    height = np.fft.ifft2(np.fft.fft2(generator.normal(size=(side, side))) / frequency**2).real
    fuel = generator.integers(1, len(FUELS) + 1, (side, side)).astype(float)
    outline = Grid.flat(CELL, side, side, 2)
    return outline if flat else Grid(CELL, fuel, height / height.std() * 150, outline.west, outline.south)


def burnt(result: Spread) -> int:
    """Cells that burnt in all runs together, the least that was computed."""
    limit = result.duration * 60
    return int(
        (result.likely <= limit).sum() + 2 * (result.earliest <= limit).sum() + 2 * (result.latest <= limit).sum()
    )


def plain(grid: Grid) -> float:
    """Cells a second of Dijkstra in plain Python, with the rates of Wang's law."""
    codes, (slope, upslope) = grid.codes(), grid.slopes()
    hour = WEATHER[0]
    base = base_rate(hour.temperature, force(hour.wind), hour.humidity)
    angles = [0, 45, 90, 135, 180, 225, 270, 315]
    steps = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]
    factors = [float(wind_factor(hour.wind, angle - hour.wind_to)) for angle in angles]
    began = time.perf_counter()
    times: dict[tuple[int, int], float] = {}
    waiting = [(0.0, grid.rows // 2, grid.columns // 2)]
    while waiting:
        minute, row, column = heapq.heappop(waiting)
        if (row, column) in times:
            continue
        times[row, column] = minute
        for angle, factor, (down, right) in zip(angles, factors, steps, strict=True):
            r, c = row + down, column + right
            if 0 <= r < grid.rows and 0 <= c < grid.columns and (r, c) not in times:
                steep = float(slope_factor(slope[r, c], angle - upslope[r, c]))
                rate = base * FUELS[int(codes[r, c])][1] * factor * steep
                heapq.heappush(waiting, (minute + CELL * math.hypot(down, right) / rate, r, c))
    return len(times) / (time.perf_counter() - began)


def measure(name: str, conditions: Conditions, peer: float) -> Spread:
    """One fire with its band: seconds, seconds of all processors, cells a second."""
    began, worked = time.perf_counter(), time.process_time()
    result = spread(conditions)
    took, work = time.perf_counter() - began, time.process_time() - worked
    share = round(float((result.likely <= HOURS * 60).mean()), 3)
    emit("spread", f"1,000 × 1,000 cells × 24 h, with band: {name}", took, "s", burnt=share)
    emit("spread", f"processor time of {RUNS} runs: {name}", work, "s")
    emit("spread", f"cells of {RUNS} runs: {name}", burnt(result) / took, "cells/s", peer=peer, against="plain Python")
    return result


def main() -> None:
    """Both laws on hills, one on even ground, the fronts, and the peer."""
    warm_up()
    peer = plain(hills(SMALL))
    measure("王正非, even ground", Conditions(hills(SIDE, flat=True), WEATHER, START, Wang()), peer)
    ground = hills(SIDE)
    measure("Rothermel, hills", Conditions(ground, WEATHER, START, Rothermel()), peer)
    result = measure("王正非, hills", Conditions(ground, WEATHER, START, Wang()), peer)
    began = time.perf_counter()
    result.hours()
    emit("spread", "72 fronts as polygons", time.perf_counter() - began, "s")


if __name__ == "__main__":
    main()
