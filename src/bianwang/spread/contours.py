"""Where the fire stands at a minute: rings around what has burnt, by marching squares."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Corners of a square: 1 north-west, 2 north-east, 4 south-east, 8 south-west; sides 0 north, 1 east, 2 south, 3 west.
# Each case: pieces of the front as (side it comes from, side it leaves by), the burnt corners on the right.
# Two burnt corners that only touch (5, 10) stay apart.
PIECES: tuple[tuple[tuple[int, int], ...], ...] = (
    (),
    ((0, 3),),
    ((1, 0),),
    ((1, 3),),
    ((2, 1),),
    ((0, 3), (2, 1)),
    ((2, 0),),
    ((2, 3),),
    ((3, 2),),
    ((0, 2),),
    ((1, 0), (3, 2)),
    ((1, 2),),
    ((3, 1),),
    ((0, 1),),
    ((3, 0),),
    (),
)


def rings(times: Floats, minute: float) -> list[Floats]:
    """Closed rings (n, 2) in cells, x to the east and y to the SOUTH from the middle of the first cell.

    What burnt lies on the left of an outer ring seen with y to the north: outer rings run counter-clockwise, holes
    clockwise. First point = last point. Times may be infinite.
    """
    padded = np.pad(times, 1, constant_values=np.inf)
    burnt = padded <= minute
    case = burnt[:-1, :-1] * 1 + burnt[:-1, 1:] * 2 + burnt[1:, 1:] * 4 + burnt[1:, :-1] * 8
    follows: dict[tuple[int, int, int], tuple[int, int, int]] = {}
    for row, column in np.argwhere((case > 0) & (case < 15)).tolist():
        for enters, leaves in PIECES[case[row, column]]:
            follows[_side(row, column, enters)] = _side(row, column, leaves)
    found = []
    while follows:
        start, following = follows.popitem()
        ring = [start]
        while following != start:
            ring.append(following)
            following = follows.pop(following)
        ring.append(start)
        found.append(_places(padded, minute, np.array(ring[::-1])))
    return found


def _side(row: int, column: int, side: int) -> tuple[int, int, int]:
    """The side of a square as its first corner and whether it runs south: shared with the square beyond."""
    return row + (side == 2), column + (side == 1), side % 2


def _places(padded: Floats, minute: float, sides: NDArray[np.int64]) -> Floats:
    """Where the front crosses each side: in proportion of the times, half-way to a cell that never burns."""
    row, column, south = sides.T
    first = padded[row, column]
    second = padded[row + south, column + 1 - south]
    with np.errstate(invalid="ignore"):
        part = np.clip((minute - first) / (second - first), 0.0, 1.0)
    part = np.where(np.isfinite(first) & np.isfinite(second), part, 0.5)
    return np.stack([column - 1 + part * (1 - south), row - 1 + part * south], axis=-1)


def area(ring: Floats) -> float:
    """Signed: positive for a ring that runs counter-clockwise with y to the north."""
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


def length(ring: Floats) -> float:
    """The way around."""
    return float(np.hypot(*np.diff(ring, axis=0).T).sum())
