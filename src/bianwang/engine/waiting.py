"""Readings of instances that wait: kept until nothing older is outstanding, then judged in order of time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bianwang.engine.changes import Changes
from bianwang.engine.layout import LONG_AGO
from bianwang.engine.semantics import Outcome

if TYPE_CHECKING:
    from bianwang.engine.machine import Machine


@dataclass(frozen=True)
class Readings:
    """Columns of equal length: uint32, int64 ms, float64, uint8."""

    signal: NDArray[np.uint32]
    time: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint8]

    @classmethod
    def of(cls, signal: ArrayLike, time: ArrayLike, value: ArrayLike, quality: ArrayLike) -> Readings:
        """Columns as the kernel takes them. Raises ValueError if they differ in length."""
        # Writable, because the kernel is compiled for one type of array only.
        columns = cls(
            np.require(signal, np.uint32, ["C", "W"]),
            np.require(time, np.int64, ["C", "W"]),
            np.require(value, np.float64, ["C", "W"]),
            np.require(quality, np.uint8, ["C", "W"]),
        )
        size = len(columns.signal)
        if any(column.shape != (size,) for column in (columns.signal, columns.time, columns.value, columns.quality)):
            raise ValueError("signal、time、value、quality 四列的长度必须相同。")
        return columns

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Readings:
        """Some rows."""
        return Readings(self.signal[rows], self.time[rows], self.value[rows], self.quality[rows])

    def followed_by(self, other: Readings) -> Readings:
        """The rows of both, this one's first."""
        return Readings(
            np.concatenate([self.signal, other.signal]),
            np.concatenate([self.time, other.time]),
            np.concatenate([self.value, other.value]),
            np.concatenate([self.quality, other.quality]),
        )


def no_readings() -> Readings:
    """None."""
    return Readings.of([], [], [], [])


class Waiting:
    """A machine whose readings wait for their owner's clock."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.pending = no_readings()
        self.clocks = np.full(len(machine.plan.owners), LONG_AGO, np.int64)
        plan = machine.plan
        order = np.argsort(plan.signals)
        self._ids = plan.signals[order]
        self._owners = np.repeat(plan.block_owner, np.diff(plan.block_first))[order]

    def keep(self, batch: Readings) -> NDArray[np.uint8]:
        """Keep readings until their owner's clock has passed them; the outcome of each."""
        owner = self._owner(batch.signal)
        outcome = np.full(len(owner), Outcome.NO_RULE, np.uint8)
        known = owner >= 0
        late = known & (batch.time < self.clocks[owner]) if len(self.clocks) else known
        outcome[known] = Outcome.JUDGED
        outcome[late] = Outcome.LATE
        wanted = known & ~late
        if wanted.any():
            self.pending = self.pending.followed_by(batch.take(wanted))
        return outcome

    def advance(self, now: int | NDArray[np.int64], owner: ArrayLike | None) -> Changes:
        """Judge what the clocks have passed, in order of time; of equal signal and time the first wins."""
        np.maximum(self.clocks, self.machine.clocks(now, owner), out=self.clocks)
        changes = self._judge(self.pending)
        return changes.followed_by(self.machine.advance(self.clocks, self.machine.plan.owners))

    def _judge(self, pending: Readings) -> Changes:
        ready = pending.time < self.clocks[self._owner(pending.signal)] if len(pending.time) else np.zeros(0, np.bool_)
        self.pending = pending.take(~ready) if ready.any() else pending
        batch = pending.take(ready)
        judged = self.machine.push(batch.take(np.argsort(batch.time, kind="stable")))
        return replace(judged, outcome=np.zeros(0, np.uint8))

    def last_times(self) -> dict[int, int]:
        """Newest reading of each signal, judged or waiting."""
        found = self.machine.last_times()
        for signal, time in zip(self.pending.signal.tolist(), self.pending.time.tolist(), strict=True):
            found[signal] = max(time, found.get(signal, time))
        return found

    def _owner(self, signal: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Position of each signal's owner, -1 if nothing here looks at it."""
        if not len(self._ids):
            return np.full(len(signal), -1, np.int64)
        position = np.minimum(np.searchsorted(self._ids, signal), len(self._ids) - 1)
        return np.where(self._ids[position] == signal, self._owners[position], -1)
