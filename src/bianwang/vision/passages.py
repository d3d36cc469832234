"""Who went in and out of an area or over a line, how long somebody stays and how long nobody is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bianwang.vision.detection import UNTRACKED
from bianwang.vision.persistence import Persistence, Steady
from bianwang.vision.regions import MARGIN, Region, inside, passes, side
from bianwang.vision.tracking import LOST

Floats = NDArray[np.float64]


@dataclass
class _Visitor:
    """One identity at an area."""

    steady: Steady
    seen: float
    since: float | None = None
    """Since when he is in; None: he is out."""
    first: float | None = None
    """When he was seen in for the first time of the pictures that are not yet enough."""


class AreaWatch:
    """An area over time. Entered and left are counted since the beginning, so that inside = entered - left.

    An identity is in or out once N of M pictures say so; one that is not seen for `LOST` seconds has left.
    """

    def __init__(self, region: Region, rule: Persistence) -> None:
        self._region, self._rule = region, rule
        self._number = Steady(rule)
        self._visitors: dict[int, _Visitor] = {}
        self._empty_since: float | None = None
        self._entered = self._left = 0
        self.count = 0
        """Persons in the last picture."""

    def step(self, feet: Floats, tracks: NDArray[np.int64], size: tuple[int, int], seconds: float) -> None:
        """One picture: where persons stand (n, 2) in pixels and who they are."""
        within = inside(self._region.on(*size), feet)
        self.count = int(within.sum())
        self._steady = self._number.step(self.count)
        if self._steady > 0:
            self._empty_since = None
        elif self._empty_since is None:
            self._empty_since = seconds
        for track, is_in in zip(tracks.tolist(), within.tolist(), strict=True):
            if track != UNTRACKED:
                self._visit(track, is_in, seconds)
        self._forget(seconds)
        self._now = seconds

    def signals(self) -> Mapping[str, float]:
        """Quantity → value: persons (N of M), entered, left, longest present stay and emptiness in seconds."""
        stays = [self._now - visitor.since for visitor in self._visitors.values() if visitor.since is not None]
        return {
            self._region.use: self._steady,
            "entered_count": float(self._entered),
            "left_count": float(self._left),
            "dwell_time": max(stays, default=0.0),
            "absence_time": 0.0 if self._empty_since is None else self._now - self._empty_since,
        }

    def _visit(self, track: int, is_in: bool, seconds: float) -> None:
        visitor = self._visitors.setdefault(track, _Visitor(Steady(self._rule), seconds))
        visitor.seen = seconds
        if not is_in:
            visitor.first = None if visitor.since is None else visitor.first
        elif visitor.first is None:
            visitor.first = seconds
        settled = visitor.steady.step(float(is_in)) > 0
        if settled and visitor.since is None:
            visitor.since = seconds if visitor.first is None else visitor.first
            self._entered += 1
        elif not settled and visitor.since is not None:
            visitor.since = visitor.first = None
            self._left += 1

    def _forget(self, seconds: float) -> None:
        for track in [track for track, visitor in self._visitors.items() if seconds - visitor.seen > LOST]:
            self._left += self._visitors.pop(track).since is not None


@dataclass
class _Walker:
    seen: float
    at: Floats | None = None
    """Where he was when his side was last sure."""
    turned: float = field(default=0.0)


class LineWatch:
    """A line over time. Who goes over it from its left to its right side, seen from its first point to its second, has
    entered; the other way he has left. A side counts once somebody is `MARGIN` beyond the line, so that a person who
    stands on it is not counted again and again."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._walkers: dict[int, _Walker] = {}
        self._entered = self._left = 0
        self.count = 0
        """Persons on the line: always none."""

    def step(self, feet: Floats, tracks: NDArray[np.int64], size: tuple[int, int], seconds: float) -> None:
        """As `AreaWatch.step`."""
        line, margin = self._region.on(*size), MARGIN * float(np.hypot(*size))
        for track, at in zip(tracks.tolist(), feet, strict=True):
            if track == UNTRACKED:
                continue
            walker = self._walkers.setdefault(track, _Walker(seconds))
            walker.seen = seconds
            distance = side(line, at)
            if abs(distance) <= margin:
                continue
            if walker.at is not None and walker.turned * distance < 0 and passes(line, walker.at, at):
                self._entered += distance > 0
                self._left += distance < 0
            walker.at, walker.turned = at, distance
        for track in [track for track, walker in self._walkers.items() if seconds - walker.seen > LOST]:
            del self._walkers[track]

    def signals(self) -> Mapping[str, float]:
        """Quantity → value."""
        return {"entered_count": float(self._entered), "left_count": float(self._left)}
