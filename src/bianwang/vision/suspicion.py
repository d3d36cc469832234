"""What is only suspected: it goes to a person, never into an alarm. How often it is wrong: `baselines`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from bianwang.vision.detection import UNTRACKED
from bianwang.vision.persistence import Persistence, Steady

Kind = Literal["fallen", "no_vest", "flame", "smoke", "no_hard_hat", "smoking"]
"""`baselines` find the first four; the last two take a model of the customer's own."""
Box = tuple[float, float, float, float]
"""x1 y1 x2 y2 in pixels of the picture."""


class Mark(NamedTuple):
    """Something suspicious in one picture; ``who`` is the person's identity, -1 for a place."""

    box: Box
    score: float
    who: int = UNTRACKED


@dataclass(frozen=True)
class Suspicion:
    """A mark that lasts, since when, and in which region it is (none: empty)."""

    kind: Kind
    region: str
    box: Box
    score: float
    since: float
    track: int = UNTRACKED
    """Whom it is about; -1: a place."""


@dataclass
class _Episode:
    mark: Mark
    steady: Steady
    since: float
    misses: int = field(default=0)


class Episodes:
    """Marks of one kind over time: the same person, or boxes that overlap, are one."""

    def __init__(self, rule: Persistence) -> None:
        self._rule = rule
        self._open: list[_Episode] = []

    def step(self, marks: Sequence[Mark], seconds: float) -> list[tuple[Mark, float]]:
        """Marks that N of the last M pictures show, with the moment of the first; the marks are one picture's."""
        new, told = list(marks), []
        for episode in self._open:
            seen = next((mark for mark in new if _same(mark, episode.mark)), None)
            if seen is not None:
                new.remove(seen)
                episode.mark, episode.misses = seen, 0
            else:
                episode.misses += 1
            if episode.steady.step(float(seen is not None)) > 0:
                told.append((episode.mark, episode.since))
        self._open = [episode for episode in self._open if episode.misses < self._rule.among]
        for mark in new:
            begun = _Episode(mark, Steady(self._rule), seconds)
            if begun.steady.step(1.0) > 0:
                told.append((mark, seconds))
            self._open.append(begun)
        return told


def overlap(one: Box, other: Box) -> float:
    """Shared area by the smaller of the two, 0–1."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    least = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return max(0.0, wide) * max(0.0, high) / max(1e-6, least)


def _same(one: Mark, other: Mark) -> bool:
    if UNTRACKED not in (one.who, other.who):
        return one.who == other.who
    return overlap(one.box, other.box) > 0.2
