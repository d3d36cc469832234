"""Time of arrival on the grid: the earliest minute at which the fire can be in each cell.

Fermat's principle, solved like Dijkstra: the cell with the least time is taken from a heap and offers each neighbour
a time. The offer is the least over all straight ways into the neighbour's middle from the two sides of its ring of
eight that meet in the taken cell; times along a side are interpolated. For an ellipse that least time has a closed
form (`_foot`). The later end of a side may be later than the neighbour itself, and a cell whose time falls after it
was taken goes back on the heap: so the result does not depend on the order, however flat the ellipse.

Interpolation makes flat ellipses late at their flanks. So each cell remembers a cell up to REACH away that the fire
came from, and when it is taken, the straight way from there is tried too; on even ground that way is the right one.

The ground is the ground of the cell that is entered; the wind is that of the hour in which each part of the way burns.
The fire passes between two cells that touch at a corner only if one of the two other cells at that corner burns: a
barrier one cell wide holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
F = TypeVar("F", bound=Callable[..., Any])

NEVER = np.inf
HOUR = 60.0
GAIN = 0.005  # minutes: a smaller gain does not put a cell back on the heap
RIM = 1  # cells of unburnable ground around the grid, so that the kernel need not look for the edge
REACH = 24  # cells that a straight way may be long

_njit: Any = njit


def compiled(function: F) -> F:
    """Compiled once, kept beside the source; runs beside other threads."""
    return cast(F, _njit(cache=True, nogil=True, error_model="numpy")(function))


@compiled
def travel(table: Floats, kind: int, minute: float, x: float, y: float) -> float:
    """The minute at which a fire that leaves at ``minute`` has gone (x, y) on one kind of ground; NEVER if too late."""
    left = 1.0
    hour = int(minute / HOUR)
    while hour < table.shape[0]:
        row = table[hour, kind]
        edge = (hour + 1) * HOUR
        if row[2] > 0.0:
            px, py = row[2] * x + row[3] * y, row[3] * x + row[4] * y
            pq = px * row[0] + py * row[1]
            need = left * (np.sqrt(pq * pq + (px * px + py * py) * row[5]) - pq) / row[5]
            if minute + need <= edge:
                return float(minute + need)
            left -= left * (edge - minute) / need
        minute = edge
        hour += 1
    return NEVER


@compiled
def _foot(row: Floats, x1: float, y1: float, x2: float, y2: float, later: float) -> float:
    """Where on the side from way 1 to way 2 the fire comes from: 0 … 1. ``later``: arrival at 2 less arrival at 1.

    Time of arrival along the side is linear + sqrt(quadratic) in the place, so its least lies at a root of a quadratic.
    """
    ax, ay = row[2] * x1 + row[3] * y1, row[3] * x1 + row[4] * y1
    dx, dy = row[2] * (x2 - x1) + row[3] * (y2 - y1), row[3] * (x2 - x1) + row[4] * (y2 - y1)
    rest = row[5]
    aq, dq = ax * row[0] + ay * row[1], dx * row[0] + dy * row[1]
    bend = dq * dq + (dx * dx + dy * dy) * rest
    middle = aq * dq + (ax * dx + ay * dy) * rest
    start = aq * aq + (ax * ax + ay * ay) * rest
    linear = later * rest - dq
    if linear * linear >= bend:
        return 0.0 if linear > 0.0 else 1.0
    spread = max(bend * start - middle * middle, 0.0)
    place = (-linear * np.sqrt(spread / (bend - linear * linear)) - middle) / bend
    return float(min(max(place, 0.0), 1.0))


@compiled
def _between(
    table: Floats, kind: int, first: float, second: float, x1: float, y1: float, x2: float, y2: float
) -> float:
    """Arrival from the best place between two neighbours, with the wind of the hour of leaving and of the next."""
    best = NEVER
    start = min(first, second)
    hour = int(start / HOUR)
    for now in range(hour, min(hour + 2, table.shape[0])):
        row = table[now, kind]
        if row[2] > 0.0:
            place = _foot(row, x1, y1, x2, y2, second - first)
            if 0.0 < place < 1.0:  # the ends are offered when they are taken
                leaves = first + place * (second - first)
                best = min(best, travel(table, kind, leaves, x1 + place * (x2 - x1), y1 + place * (y2 - y1)))
            if best <= (now + 1) * HOUR:
                break
    return best


@compiled
def _up(heap: Ints, place: Ints, times: Floats, at: int) -> None:
    cell = heap[at]
    while at > 0:
        parent = (at - 1) >> 1
        if times[heap[parent]] <= times[cell]:
            break
        heap[at] = heap[parent]
        place[heap[at]] = at
        at = parent
    heap[at] = cell
    place[cell] = at


@compiled
def _down(heap: Ints, place: Ints, times: Floats, size: int) -> None:
    cell = heap[0]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and times[heap[child + 1]] < times[heap[child]]:
            child += 1
        if times[heap[child]] >= times[cell]:
            break
        heap[at] = heap[child]
        place[heap[at]] = at
        at = child
    heap[at] = cell
    place[cell] = at


@compiled
def _nearest(place: float) -> int:
    """The nearest whole number, halves away from 0: the same for all four quarters."""
    return int(np.floor(abs(place) + 0.5)) * (1 if place > 0 else -1)


@compiled
def _straight(
    kinds: Ints, table: Floats, width: int, size: float, start: int, end: int, minute: float, limit: float
) -> float:
    """Arrival on the straight way from cell to cell, through whatever lies between; NEVER if not before ``limit``."""
    down, right = end // width - start // width, end % width - start % width
    steps = max(abs(right), abs(down))
    x, y = right * size / steps, -down * size / steps
    row, column = 0, 0
    for step in range(steps):
        part = (step + 0.5) / steps
        below, beside = _nearest(down * part), _nearest(right * part)
        cell = start + below * width + beside
        if kinds[cell] < 0:
            return NEVER
        turned = below != row and beside != column
        if turned and kinds[start + below * width + column] < 0 and kinds[start + row * width + beside] < 0:
            return NEVER
        minute = travel(table, kinds[cell], minute, x, y)
        if minute >= limit:
            return NEVER
        row, column = below, beside
    return minute


@compiled
def _fastest(table: Floats) -> Floats:
    """The rate that no fire on a kind of ground exceeds in any hour or direction: (1 + |q|) / least stretch of M.

    What cannot arrive in time even so fast is not computed: about a tenth of the work, and not a bit of the result.
    """
    found = np.full(table.shape[1], 1e-9)
    for hour in range(table.shape[0]):
        for kind in range(table.shape[1]):
            row = table[hour, kind]
            if row[2] > 0.0:
                found[kind] = max(found[kind], (1.0 + np.sqrt(1.0 - row[5])) / _least(row[2], row[3], row[4]))
    return found


@compiled
def _least(xx: float, xy: float, yy: float) -> float:
    """The smaller eigenvalue of a symmetric matrix."""
    return float((xx + yy) / 2 - np.sqrt((xx - yy) ** 2 / 4 + xy * xy))


@compiled
def march(kinds: Ints, table: Floats, width: int, size: float, cells: Ints, minutes: Floats, until: float) -> Floats:
    """Minutes of arrival for each cell of a grid laid out in one row, with an unburnable rim of RIM cells.

    ``kinds``: which column of ``table`` (hour, kind, 6 figures of `Shapes.table`) is the ground of a cell, -1 burns
    not. ``cells`` burn from ``minutes`` on. Times after ``until`` are not the least: the front there is not followed.
    """
    count = len(kinds)
    times = np.full(count, NEVER)
    place = np.full(count, -1, np.int32)
    heap = np.empty(count, np.int32)
    fastest = _fastest(table)
    root = np.empty(count, np.int32)  # the cell that the fire came from on a straight way
    filled = 0
    rights = np.array([1, 1, 0, -1, -1, -1, 0, 1])
    downs = np.array([0, -1, -1, -1, 0, 1, 1, 1])
    steps = downs * width + rights
    for index in range(len(cells)):
        cell = cells[index]
        if kinds[cell] >= 0 and minutes[index] < times[cell]:
            times[cell] = minutes[index]
            root[cell] = cell
            if place[cell] < 0:
                place[cell] = filled
                heap[filled] = cell
                filled += 1
            _up(heap, place, times, place[cell])
    while filled > 0:
        taken = heap[0]
        place[taken] = -1
        filled -= 1
        if filled > 0:
            heap[0] = heap[filled]
            place[heap[0]] = 0
            _down(heap, place, times, filled)
        start = root[taken]
        if start != taken:
            way = _straight(kinds, table, width, size, start, taken, times[start], times[taken])
            times[taken] = min(times[taken], way)
        now = times[taken]
        if now > until:
            break
        for side in range(8):
            target = taken + steps[side]
            kind = kinds[target]
            if kind < 0:
                continue
            if side % 2 == 1 and kinds[taken + rights[side]] < 0 and kinds[taken + downs[side] * width] < 0:
                continue
            x, y = rights[side] * size, -downs[side] * size
            best = travel(table, kind, now, x, y) if now < times[target] else NEVER
            soonest = size / fastest[kind]
            for turn in (-1, 1):
                # seen from the target, the taken cell lies opposite; its neighbours on the ring are one step on
                other = (side + 4 + turn) % 8
                second = times[target + steps[other]]
                if second != NEVER and min(now, second) + soonest < min(times[target], best):
                    x2, y2 = -rights[other] * size, downs[other] * size
                    best = min(best, _between(table, kind, now, second, x, y, x2, y2))
            if best < times[target] - GAIN:
                times[target] = best
                far = max(abs(target // width - start // width), abs(target % width - start % width)) > REACH
                root[target] = taken if far else start
                if place[target] < 0:
                    place[target] = filled
                    heap[filled] = target
                    filled += 1
                _up(heap, place, times, place[target])
    return times
