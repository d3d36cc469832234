"""The evaluator: readings and time in, verdict changes out. What it computes is written in semantics.py."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bianwang.engine import kernel, snapshot
from bianwang.engine.changes import CHANGE, Changes, from_records
from bianwang.engine.semantics import HISTORY, Kind, Op, Truth
from bianwang.engine.table import Instance, Table, compile_table

_ROOM = 4096


class Evaluator:
    """Judges all instances of one table. Not thread-safe; the kernel releases the GIL."""

    def __init__(self, table: Table, start_ms: int) -> None:
        """Start with nothing known; silence counts from ``start_ms``."""
        self.table = table
        self.start_ms = start_ms
        self._states = _initial_states(table, start_ms)
        self._tracks = _initial_tracks(table)
        self._memory = np.zeros((np.count_nonzero(table.params["kind"] == Kind.RATE), HISTORY), kernel.MEMORY)
        self._block_due = np.zeros(len(table.block_owner), np.int64)
        self._out = np.zeros(_ROOM, CHANGE)
        bits = max(1, (2 * len(table.signals)).bit_length())
        self._shift = 64 - bits
        self._index = np.full(1 << bits, -1, np.int32)
        kernel.build_index(table.signals, self._index, self._shift)
        self._schedule()

    def push(self, signal: ArrayLike, time: ArrayLike, value: ArrayLike, quality: ArrayLike) -> Changes:
        """Apply readings: uint32 signal, int64 ms, float64, uint8 (0 = good), of equal length.

        Any mixture of signals, each in order of time; what is out of order is not judged and told in
        ``Changes.outcome``. Raises ValueError if the columns differ in length.
        """
        batch = (
            np.require(signal, np.uint32, ["C", "W"]),
            np.require(time, np.int64, ["C", "W"]),
            np.require(value, np.float64, ["C", "W"]),
            np.require(quality, np.uint8, ["C", "W"]),
        )
        size = len(batch[0])
        if any(column.shape != (size,) for column in batch):
            raise ValueError("signal、time、value、quality 四列的长度必须相同。")
        outcome = np.empty(size, np.uint8)
        count = np.zeros(1, np.int64)
        done = 0
        while True:
            done = kernel.push(
                self.table.params,
                self.table.signals,
                self._index,
                self._shift,
                self._states,
                self._tracks,
                self._memory,
                self._block_due,
                batch,
                done,
                outcome,
                self._out,
                count,
            )
            if done == size:
                return from_records(self._out[: count[0]], outcome)
            self._grow()

    def advance(self, now: int | NDArray[np.int64], owner: ArrayLike | None = None) -> Changes:
        """Time passes: decide everything due before ``now``; no reading older than that is outstanding.

        ``now`` in ms for everyone, or one for each entry of ``owner``; owners not named stand still.
        """
        clocks = self._clocks(now, owner)
        count = np.zeros(1, np.int64)
        done = 0
        while True:
            done = kernel.advance(
                self.table.params,
                self._states,
                self._tracks,
                self._memory,
                self._block_due,
                self.table.block_first,
                self.table.block_owner,
                clocks,
                done,
                self._out,
                count,
            )
            if done == len(self._block_due):
                return from_records(self._out[: count[0]], np.zeros(0, np.uint8))
            self._grow()

    def snapshot(self) -> bytes:
        """The whole state as bytes, versioned and checksummed."""
        return snapshot.dump(
            snapshot.State(
                self.start_ms, self.table.params, self._states, self._tracks, self.table.signals, self._memory
            )
        )

    @classmethod
    def restore(
        cls, table: Table, data: bytes, *, start_ms: int | None = None, after_outage: bool = False
    ) -> Evaluator:
        """An evaluator of ``table`` that goes on from a snapshot.

        Instances whose definition (all fields but owner) is unchanged keep their state; new and changed ones
        start with nothing known, their silence counting from ``start_ms`` (default: the snapshot's own).
        After an outage silence of all of them counts from there. Raises snapshot.SnapshotError for bytes that
        are damaged or of another version.
        """
        saved = snapshot.load(data)
        start = saved.start_ms if start_ms is None else start_ms
        evaluator = cls(table, start)
        snapshot.carry_over(saved, table, evaluator._states, evaluator._tracks, evaluator._memory)
        if after_outage:
            evaluator._forgive_outage(start)
        evaluator._schedule()
        return evaluator

    def _forgive_outage(self, restart_ms: int) -> None:
        states = self._states
        moved = states["stale"] == 0
        states["start"][moved] = np.maximum(states["start"][moved], restart_ms)
        unreported = (self.table.params["kind"] == Kind.SILENCE) & (states["verdict"] == 0)
        states["condition"][unreported] = Truth.FALSE
        states["verdict_due"][unreported] = kernel.NEVER

    def _schedule(self) -> None:
        kernel.schedule(self.table.params, self._states, self._tracks, self._memory, self._block_due)

    def _grow(self) -> None:
        self._out = np.concatenate([self._out, np.zeros_like(self._out)])

    def _clocks(self, now: int | NDArray[np.int64], owner: ArrayLike | None) -> NDArray[np.int64]:
        owners = self.table.owners
        if owner is None:
            return np.full(len(owners), now, np.int64)
        clocks = np.full(len(owners), kernel.LONG_AGO, np.int64)
        ids, times = np.broadcast_arrays(np.asarray(owner, np.int64), np.asarray(now, np.int64))
        if len(owners):
            position = np.minimum(np.searchsorted(owners, ids), len(owners) - 1)
            known = owners[position] == ids
            clocks[position[known]] = times[known]
        return clocks


def _initial_states(table: Table, start_ms: int) -> NDArray[np.void]:
    states = np.zeros(len(table), kernel.STATE)
    states["verdict_due"] = kernel.NEVER
    states["base"] = -1
    states["start"] = start_ms
    states["passed"] = kernel.LONG_AGO
    kind = table.params["kind"]
    states["condition"] = np.where(kind == Kind.SILENCE, Truth.FALSE, Truth.UNKNOWN)
    states["row"] = np.cumsum(kind == Kind.RATE) - 1
    return states


def _initial_tracks(table: Table) -> NDArray[np.void]:
    tracks = np.zeros(len(table.signals), kernel.SIGNAL)
    tracks["last"] = kernel.LONG_AGO
    tracks["decided"] = kernel.LONG_AGO
    tracks["value"] = np.nan
    tracks["first"] = table.first[:-1]
    tracks["end"] = table.first[1:]
    tracks["block"] = np.repeat(np.arange(len(table.block_owner)), np.diff(table.block_first))
    return tracks


def warm_up() -> None:
    """Compile everything (about ten seconds), or load it from numba's cache (well under a second).

    The cache lies in NUMBA_CACHE_DIR, which numba reads when it is first imported; without it beside this
    package, or in the user's cache folder where that is not writable.
    """
    common: dict[str, Any] = {"signal": 1, "owner": 1}
    table = compile_table(
        [
            Instance(key=1, kind=Kind.THRESHOLD, limit=1.0, m=2, op=Op.GT, **common),
            Instance(key=2, kind=Kind.RATE, limit=1.0, window_ms=10, **common),
            Instance(key=3, kind=Kind.SILENCE, window_ms=10, **common),
        ]
    )
    evaluator = Evaluator(table, 0)
    evaluator.push([1, 1], [0, 10], [0.0, 2.0], [0, 0])
    evaluator.advance(100)
