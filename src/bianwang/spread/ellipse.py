"""The ellipse that a fire fills in one minute on even ground, and the time it needs along a straight way.

The fire starts inside the ellipse, not in its centre: the centre drifts away at ``drift``, and everything within the
half-axes around it burns. Travel along v takes the t for which v lies on the ellipse grown by t: |M (v - t·drift)| = t,
where M maps the half-axes to the unit circle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DRIFT_LIMIT = 0.9999  # of the way from the centre to the rim: no fire is so driven that it cannot back at all


@dataclass(frozen=True)
class Shapes:
    """Many ellipses: direction of the head (compass degrees), half-axes and drift of the centre, m/min."""

    head: Floats
    half_length: Floats
    half_width: Floats
    forward: Floats
    sideways: Floats  # to the right of the head

    def taken(self, which: NDArray[np.int64]) -> Shapes:
        """The figures of these indexes."""
        figures = (self.head, self.half_length, self.half_width, self.forward, self.sideways)
        return Shapes(*(figure[which] for figure in figures))

    def scaled(self, factor: float | Floats) -> Shapes:
        """The same figures, all rates multiplied."""
        return Shapes(
            self.head,
            self.half_length * factor,
            self.half_width * factor,
            self.forward * factor,
            self.sideways * factor,
        )

    def limited(self, rate: float) -> Shapes:
        """The same figures, those whose head is faster than ``rate`` made smaller."""
        fastest = np.maximum(self.half_length + self.forward, 1e-12)
        return self.scaled(np.minimum(1.0, rate / fastest))

    def table(self) -> Floats:
        """Rows for the kernel: q = M·drift as x, y; M as xx, xy, yy; 1 - |q|². A row of zeros stands still."""
        moving = (self.half_length > 0) & (self.half_width > 0)
        length = np.where(moving, self.half_length, 1.0)
        width = np.where(moving, self.half_width, 1.0)
        reach = np.hypot(self.forward / length, self.sideways / width)
        held = np.minimum(1.0, DRIFT_LIMIT / np.maximum(reach, DRIFT_LIMIT))
        angle = np.radians(self.head)
        sin, cos = np.sin(angle), np.cos(angle)  # the head points to (sin, cos), its right hand to (cos, -sin)
        ahead, beside = self.forward * held / length, self.sideways * held / width  # q in the ellipse's own axes
        rows = np.stack(
            [
                ahead * sin + beside * cos,
                ahead * cos - beside * sin,
                sin * sin / length + cos * cos / width,
                sin * cos * (1 / length - 1 / width),
                cos * cos / length + sin * sin / width,
                1 - ahead * ahead - beside * beside,
            ],
            axis=-1,
        )
        return np.ascontiguousarray(np.where(moving[..., None], rows, 0.0))


def enclosing(directions: Floats, rates: Floats, head: Floats, fastest: Floats) -> Shapes:
    """The ellipses with the length, the place and the width of figures drawn by rates in all directions.

    ``directions`` in compass degrees (n), ``rates`` (m, n); ``head`` and ``fastest`` are direction and rate of the
    greatest rate. What burns on even ground is the convex hull of the figure; the ellipse fills the same box.
    """
    turned = np.radians(directions[None, :] - head[:, None])
    ahead = rates * np.cos(turned)
    beside = rates * np.sin(turned)
    back = np.minimum(ahead.min(axis=1), 0.0)
    left, right = np.minimum(beside.min(axis=1), 0.0), np.maximum(beside.max(axis=1), 0.0)
    return Shapes(head, (fastest - back) / 2, (right - left) / 2, (fastest + back) / 2, (right + left) / 2)


def rate(row: Floats, direction: float) -> float:
    """m/min along a compass direction of one row of a table: the travel time of one metre, inverted."""
    x, y = np.sin(np.radians(direction)), np.cos(np.radians(direction))
    if row[2] == 0.0:
        return 0.0
    px, py = row[2] * x + row[3] * y, row[3] * x + row[4] * y
    pq = px * row[0] + py * row[1]
    return float(row[5] / (np.sqrt(pq * pq + (px * px + py * py) * row[5]) - pq))
