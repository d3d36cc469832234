"""A map of some kilometres as an SVG drawing: north is up, no tiles, no script; each mark has its row in a table.

Pure. Coordinates of the drawing run from 0 to SIZE, y down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import atan2, cos, degrees, hypot, radians, sin

from bianwang.spread.origin import Origin

SIZE = 400.0
MARGIN = 8.0
CLOSE = 0.6
"""Units: points of a line nearer than this to the last are left out."""
ROUND = (50, 100, 200, 500, 1000, 2000, 5000, 10000)
SECTORS = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")

Place = tuple[float, float]


@dataclass(frozen=True)
class Stroke:
    """A line or an area; `kind` is its class of style."""

    d: str
    kind: str
    title: str = ""


@dataclass(frozen=True)
class Mark:
    """A numbered place; the number is the one of its row in the table."""

    x: float
    y: float
    kind: str
    label: str = ""
    title: str = ""
    href: str = ""


@dataclass
class Drawing:
    """Everything within `reach` metres of the middle, to every side."""

    middle: Place
    reach: float
    strokes: list[Stroke] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.origin = Origin(*self.middle)
        self.unit = (SIZE / 2 - MARGIN) / self.reach

    def at(self, place: Place) -> Place:
        """A place in the drawing."""
        x, y = self.origin.local(*place)
        return SIZE / 2 + float(x) * self.unit, SIZE / 2 - float(y) * self.unit

    def mark(self, place: Place, kind: str, label: str = "", title: str = "", href: str = "") -> None:
        """Put a place on the map; one beyond its edge is left to the table."""
        x, y = self.at(place)
        if 0 <= x <= SIZE and 0 <= y <= SIZE:
            self.marks.append(Mark(round(x, 1), round(y, 1), kind, label, title, href))

    def line(self, points: Iterable[Place], kind: str, title: str = "") -> None:
        """Draw the parts of a line that come near."""
        d = " ".join(_pieces([self.at(point) for point in points]))
        if d:
            self.strokes.append(Stroke(d, kind, title))

    def area(self, rings: Iterable[Sequence[Place]], kind: str, title: str = "") -> None:
        """Fill what lies within rings; a ring within a ring is a hole."""
        parts = []
        for ring in rings:
            places = [f"{x:.1f},{y:.1f}" for x, y in map(self.at, ring)]
            if places:
                parts.append(f"M{' '.join(places)}Z")
        if parts:
            self.strokes.append(Stroke(" ".join(parts), kind, title))

    @property
    def scale(self) -> tuple[int, float]:
        """A round number of metres and its length in the drawing, at most a third of the map."""
        metres = max(size for size in ROUND if size == ROUND[0] or size * self.unit <= SIZE / 3)
        return metres, metres * self.unit

    @property
    def circles(self) -> list[tuple[float, str]]:
        """Circles around the middle: radius in the drawing, words."""
        return [(self.reach * part * self.unit, words(self.reach * part)) for part in (0.25, 0.5, 0.75, 1.0)]

    @staticmethod
    def arrow(blows_from: float) -> str:
        """An arrow along a wind, in the upper left corner."""
        middle, length = 38.0, 24.0
        angle = radians(blows_from + 180)
        x, y = sin(angle) * length, -cos(angle) * length
        tip = (middle + x, middle + y)
        wings = [
            (tip[0] - 11 * sin(angle + turn), tip[1] + 11 * cos(angle + turn)) for turn in (radians(28), radians(-28))
        ]
        head = " ".join(f"L{px:.1f},{py:.1f}" for px, py in (tip, wings[1]))
        return (
            f"M{middle - x:.1f},{middle - y:.1f}L{tip[0]:.1f},{tip[1]:.1f} M{wings[0][0]:.1f},{wings[0][1]:.1f}{head}"
        )


def apart(origin: Origin, place: Place) -> tuple[float, str]:
    """Metres from the origin to a place and the word of its direction.

    >>> apart(Origin(106.2, 29.6), (106.21, 29.6))[1]
    '东'
    """
    x, y = (float(part) for part in origin.local(*place))
    return hypot(x, y), SECTORS[round(degrees(atan2(x, y)) / 45) % 8]


def words(metres: float) -> str:
    """A distance as people say it.

    >>> words(850), words(2500)
    ('850 米', '2.5 千米')
    """
    return f"{metres:.0f} 米" if metres < 1000 else f"{metres / 1000:.3g} 千米"


def _pieces(points: Sequence[Place]) -> list[str]:
    """The parts of a line that come near the drawing, as path data."""
    found: list[list[Place]] = [[]]
    for before, after in pairwise(points):
        if not _near(before, after):
            found.append([])
            continue
        if not found[-1]:
            found[-1].append(before)
        if hypot(after[0] - found[-1][-1][0], after[1] - found[-1][-1][1]) >= CLOSE:
            found[-1].append(after)
    return ["M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in piece) for piece in found if len(piece) > 1]


def _near(before: Place, after: Place) -> bool:
    """Whether the box around a piece of line touches the drawing."""
    return all(min(a, b) <= SIZE and max(a, b) >= 0 for a, b in zip(before, after, strict=True))
