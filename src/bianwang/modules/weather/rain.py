"""Rain over sliding windows: from a gauge's readings to sums and to the levels they reach. Pure; 1/100 mm, ms.

A gauge sends either the rain of each step (`step`) or a counter that only rises until it is reset (`counter`). A window
of hours is (end - hours, end]. What was not measured is said as minutes that are missing, never taken for no rain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

HOUR_MS = 3_600_000
MINUTE_MS = 60_000
WINDOWS = (1, 3, 6, 12, 24)
"""Hours of the sums that a page shows."""


@dataclass(frozen=True)
class Drop:
    """`amount` 1/100 mm that fell in (since, at]."""

    since: int
    at: int
    amount: int


@dataclass(frozen=True)
class Sum:
    """What fell in a window at least, and how many minutes of it nobody measured."""

    amount: int
    missing: int

    @property
    def mm(self) -> float:
        """In millimetres."""
        return self.amount / 100


@dataclass(frozen=True)
class Threshold:
    """`amount` 1/100 mm in so many hours is this level; 1 is the worst."""

    level: int
    hours: int
    amount: int


def hundredths(mm: float) -> int:
    """Millimetres as whole 1/100 mm, so that sums are exact: a gauge tips in 0.1, 0.2 or 0.5 mm."""
    return round(mm * 100)


def step_drops(readings: Iterable[tuple[int, float]], step_ms: int) -> list[Drop]:
    """Drops of a gauge that sends the rain of each step; (time, mm) in time order. A negative amount is no rain.

    >>> step_drops([(300_000, 0.5)], 300_000)
    [Drop(since=0, at=300000, amount=50)]
    """
    return [Drop(at - step_ms, at, hundredths(mm)) for at, mm in readings if mm >= 0]


def counter_drops(readings: Sequence[tuple[int, float]]) -> list[Drop]:
    """Drops of a gauge that sends a counter; one that fell was reset, and what it shows has fallen since.

    >>> [drop.amount for drop in counter_drops([(0, 10.0), (1, 12.5), (2, 0.5)])]
    [250, 50]
    """
    found = []
    for (since, before), (at, after) in pairwise(readings):
        change = hundredths(after) - hundredths(before)
        found.append(Drop(since, at, change if change >= 0 else hundredths(after)))
    return found


def window(drops: Sequence[Drop], end: int, hours: int, grace_ms: int) -> Sum:
    """The sum of the window that ends at `end`.

    Up to `grace_ms` at its end are not missed yet: the next report is due. A window without any reading is missing as a
    whole. A drop counts where it ended: rain that a counter shows after a silence belongs to when it became known.
    """
    start = end - hours * HOUR_MS
    inside = [drop for drop in drops if start < drop.at <= end]
    if not inside:
        return Sum(0, hours * 60)
    measured, reached = 0, start
    # A step that goes on beyond the end was measured up to it; its rain belongs to the next window.
    for drop in sorted((drop for drop in drops if drop.at > start and drop.since < end), key=lambda drop: drop.since):
        until = min(drop.at, end)
        measured += max(0, until - max(drop.since, reached))
        reached = max(reached, until)
    silence = end - reached
    missing = end - start - measured - (silence if silence <= grace_ms else 0)
    return Sum(sum(drop.amount for drop in inside), round(missing / MINUTE_MS))


def reached(sums: dict[int, Sum], thresholds: Iterable[Threshold]) -> set[int]:
    """Levels whose amount has fallen, by sums of windows by hours: reaching it is enough."""
    return {row.level for row in thresholds if sums[row.hours].amount >= row.amount}


def over(sums: dict[int, Sum], thresholds: Iterable[Threshold]) -> set[int]:
    """Levels that are surely no longer reached: less has fallen, and nothing is missing that could be rain."""
    return {row.level for row in thresholds if sums[row.hours].amount < row.amount and not sums[row.hours].missing}
