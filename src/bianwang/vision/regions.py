"""Parts of a camera's picture that are watched, and who stands in them.

A person stands where the bottom centre of his box is. Points of a region are fractions of the picture, so that a region
drawn on a small snapshot fits every stream of the camera.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bianwang.vision.errors import RegionError

Points = Sequence[tuple[float, float]]
Floats = NDArray[np.float64]

MARGIN = 0.01
"""How far, in parts of the picture's diagonal, a person must be beyond a line before the side counts."""


@dataclass(frozen=True)
class Region:
    """An area of three points or more, or a line of two. ``use`` is the quantity that its number of persons is."""

    name: str
    kind: Literal["area", "line"]
    points: tuple[tuple[float, float], ...]
    use: str = "head_count"

    def __post_init__(self) -> None:
        needed, shape = (2, "界线应有 2 个点") if self.kind == "line" else (3, "区域至少要有 3 个点")
        if len(self.points) < needed or (self.kind == "line" and len(self.points) > needed):
            raise RegionError(f"“{self.name}”有 {len(self.points)} 个点，{shape}。")
        if len({*self.points}) < needed or (self.kind == "area" and _in_a_row(self.points)):
            raise RegionError(f"“{self.name}”的点重合或在一条直线上，请重新画。")

    def on(self, width: int, height: int) -> Floats:
        """(n, 2): its points in pixels of a picture."""
        # Fractions that were made from whole pixels come back as whole pixels.
        return np.round(np.array(self.points, float) * (width, height), 6)


def inside(area: Floats, points: Floats) -> NDArray[np.bool_]:
    """Which of ``points`` (m, 2) lie in the polygon ``area`` (n, 2), its border included. Where the polygon crosses
    itself, what is enclosed an even number of times is outside."""
    x, y = points[:, None, 0], points[:, None, 1]
    start, end = area, np.roll(area, -1, axis=0)
    along, rise = end - start, y - start[:, 1]
    cross = along[:, 0] * rise - along[:, 1] * (x - start[:, 0])
    spans = (start[:, 1] > y) != (end[:, 1] > y)
    # The edge is right of the point: the sign of the cross product tells, seen in the edge's direction.
    right = np.where(along[:, 1] > 0, cross > 0, cross < 0)
    odd = (spans & right).sum(axis=1) % 2 == 1
    near = (np.minimum(start, end) <= points[:, None]) & (points[:, None] <= np.maximum(start, end))
    return np.asarray(odd | ((cross == 0) & near.all(axis=2)).any(axis=1))


def side(line: Floats, point: Floats) -> float:
    """Signed distance of a point from the line through two points, in pixels; positive right of it, seen along it."""
    along, to = line[1] - line[0], point - line[0]
    return float((along[0] * to[1] - along[1] * to[0]) / np.hypot(*along))


def passes(line: Floats, start: Floats, end: Floats) -> bool:
    """Whether the way from ``start`` to ``end`` goes between the two points of the line."""
    way = np.stack((start, end))
    return side(way, line[0]) * side(way, line[1]) <= 0 if np.any(start != end) else False


def _in_a_row(points: Points) -> bool:
    """Whether all points lie on one straight line, as far as floating point can tell."""
    at = np.array(points, float)
    return bool(np.linalg.matrix_rank(at - at[0], tol=1e-9) < 2)
