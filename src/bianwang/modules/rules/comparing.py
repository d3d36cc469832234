"""Two versions over the same period: which alarms both would raise, and which only one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from bianwang.modules.rules.episodes import Episodes
from bianwang.modules.rules.hours import is_within
from bianwang.modules.rules.schedule import Window
from bianwang.platform.clock import SHANGHAI, from_ms

Bools = NDArray[np.bool_]


def within(episodes: Episodes, windows: Sequence[Window], is_working: Callable[[date], bool]) -> Episodes:
    """Those that begin in the hours of the rule: as alarms are raised."""
    if not windows:
        return episodes
    wanted = [is_within(windows, at, is_working) for at in episodes.begin.tolist()]
    return episodes.take(np.array(wanted, np.bool_))


@dataclass(frozen=True)
class Compared:
    """Episodes of a version and of the live one, and for each whether the other has it too."""

    here: Episodes
    live: Episodes
    here_in_live: Bools
    live_in_here: Bools

    @property
    def both(self) -> int:
        """Episodes of the version that the live one has too."""
        return int(np.count_nonzero(self.here_in_live))

    @property
    def only_here(self) -> int:
        """New alarms."""
        return len(self.here) - self.both

    @property
    def only_live(self) -> int:
        """Alarms that would be lost."""
        return int(np.count_nonzero(~self.live_in_here))


def compare(here: Episodes, live: Episodes, places: dict[int, int]) -> Compared:
    """Two episodes are the same alarm if they overlap in one place; `places` by binding, of both versions."""
    return Compared(here, live, _overlapping(here, live, places), _overlapping(live, here, places))


def places(signals: Iterable[tuple[int, Sequence[int]]]) -> dict[int, int]:
    """The place of each (binding, signals): one number for all that share a signal, directly or through others."""
    rows = list(signals)
    place_of: dict[int, int] = {}

    def root(signal: int) -> int:
        while place_of.setdefault(signal, signal) != signal:
            signal = place_of[signal]
        return signal

    for _, together in rows:
        for signal in together:
            place_of[root(signal)] = root(together[0])
    return {binding: root(together[0]) for binding, together in rows}


def by_day(episodes: Episodes, start_ms: int, end_ms: int) -> dict[date, int]:
    """How many begin on each day of [start_ms, end_ms), Asia/Shanghai; days without any are there too."""
    first, last = _day(start_ms), _day(end_ms - 1)
    counts = {first + timedelta(days=n): 0 for n in range((last - first).days + 1)}
    for at in episodes.begin.tolist():
        counts[_day(at)] += 1
    return counts


def _day(ms: int) -> date:
    return from_ms(ms).astimezone(SHANGHAI).date()


def _overlapping(some: Episodes, others: Episodes, places: dict[int, int]) -> Bools:
    """For each of some whether one of the others overlaps it in its place."""
    found = np.zeros(len(some), np.bool_)
    mine, theirs = (np.array([places[b] for b in e.binding.tolist()], np.int64) for e in (some, others))
    for place in np.unique(mine):
        rows, other = np.flatnonzero(mine == place), np.flatnonzero(theirs == place)
        if len(other):
            begins, ends = others.begin[other], np.maximum.accumulate(_ends(others)[other])
            before = np.searchsorted(begins, _ends(some)[rows], side="right")
            found[rows] = (before > 0) & (ends[np.maximum(before, 1) - 1] >= some.begin[rows])
    return found


def _ends(episodes: Episodes) -> NDArray[np.int64]:
    return np.where(episodes.end < 0, np.iinfo(np.int64).max, episodes.end)
