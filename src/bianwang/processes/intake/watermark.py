"""How far time has certainly passed for each owner: nothing older is outstanding.

Watermark of an owner = wall clock − the longest delay (arrival − device time) seen from its devices in
the last minute, or the lateness that they declare where that is longer − `SLACK_MS`, by which a delay may grow
unannounced. So an in-order device with a right
clock is judged at once, and one whose clock lags is judged by its own clock. A delay beyond `LONGEST_MS`
is not followed: those readings are late and judged afterwards. An owner of whom nothing is known yet, as
after a start, is given the longest delay.

Owners that play recordings are followed however far they are behind; between two runs their time goes on at the
pace of the wall clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bianwang.telemetry.columns import Columns

LONGEST_MS = 60_000
SLACK_MS = 300
_HALF_MINUTE = 30_000
_LONG_AGO = np.iinfo(np.int64).min // 2
_FOR_EVER = np.iinfo(np.int64).max // 4

Int64s = NDArray[np.int64]


@dataclass(frozen=True)
class Clocks:
    """How far time has passed for each owner (ms)."""

    owners: Int64s
    at: Int64s

    @classmethod
    def none(cls) -> Clocks:
        """No owner is known yet."""
        return cls(np.zeros(0, np.int64), np.zeros(0, np.int64))


class OwnerIndex:
    """Signal id → position of its owner in `owners` (−1: not judged)."""

    def __init__(
        self, owner_of_signal: dict[int, int], recorded: frozenset[int], lateness: Mapping[int, int] | None = None
    ) -> None:
        self.owners: Int64s = np.unique(np.fromiter(owner_of_signal.values(), np.int64, len(owner_of_signal)))
        self.recorded = np.isin(self.owners, np.fromiter(recorded, np.int64, len(recorded)))
        declared = lateness or {}
        self.lateness: Int64s = np.array([declared.get(int(owner), 0) for owner in self.owners], np.int64)
        size = max(owner_of_signal, default=0) + 1
        self._position = np.full(size, -1, np.int64)
        ids = np.fromiter(owner_of_signal, np.int64, len(owner_of_signal))
        self._position[ids] = np.searchsorted(
            self.owners, np.fromiter(owner_of_signal.values(), np.int64, len(owner_of_signal))
        )

    def of(self, signal: NDArray[np.uint32]) -> Int64s:
        """Owner positions of signals, −1 where a signal is not judged."""
        inside = signal < len(self._position)
        return np.where(inside, self._position[np.where(inside, signal, 0)], -1)


class Watermarks:
    """One watermark an owner; never goes back."""

    def __init__(self, index: OwnerIndex) -> None:
        self.index = index
        size = len(index.owners)
        self.at: Int64s = np.full(size, _LONG_AGO, np.int64)
        unknown = np.where(index.recorded, _FOR_EVER, LONGEST_MS)
        self._newest: Int64s = unknown.copy()
        """The latest delay of a recorded owner, believed until it is heard again."""
        self._recent: Int64s = unknown.copy()
        self._before: Int64s = unknown.copy()
        self._turned_ms = 0

    def of(self, index: OwnerIndex) -> Watermarks:
        """The same knowledge for a set of owners."""
        if index is self.index:
            return self
        moved = Watermarks(index)
        _, old, new = np.intersect1d(self.index.owners, index.owners, assume_unique=True, return_indices=True)
        for name in ("at", "_newest", "_recent", "_before"):
            getattr(moved, name)[new] = getattr(self, name)[old]
        moved._turned_ms = self._turned_ms
        return moved

    def admit(self, batch: Columns, now_ms: int) -> None:
        """Flag late readings of a batch as not judged, and move on to `now_ms`."""
        if len(batch):
            np.logical_and(batch.judged, ~self.late(batch.signal, batch.time), out=batch.judged)
        self.observe(batch.signal, batch.time, batch.received, now_ms)

    def clocks(self) -> Clocks:
        """How far time has certainly passed for each owner."""
        return Clocks(self.index.owners, self.at.copy())

    def late(self, signal: NDArray[np.uint32], time: Int64s) -> NDArray[np.bool_]:
        """Which readings are older than what has been decided."""
        owner = self.index.of(signal)
        return (owner >= 0) & (time <= self.at[owner]) if len(self.at) else np.zeros(len(time), np.bool_)

    def observe(self, signal: NDArray[np.uint32], time: Int64s, received: Int64s, now_ms: int) -> None:
        """Take note of the delays of readings, late ones too, and move on to `now_ms`."""
        if now_ms - self._turned_ms > _HALF_MINUTE:
            if self._turned_ms:
                self._before, self._recent = self._recent, np.where(self.index.recorded, self._newest, 0)
            self._turned_ms = now_ms
        owner = self.index.of(signal)
        judged = owner >= 0
        if judged.any():
            delay = received[judged] - time[judged]
            position = owner[judged]
            self._newest[position] = delay
            followed = (delay <= LONGEST_MS) | self.index.recorded[position]
            np.maximum.at(self._recent, position[followed], delay[followed])
        delay = np.maximum(np.maximum(self._recent, self._before), self.index.lateness)
        np.maximum(self.at, now_ms - SLACK_MS - delay, out=self.at)
