"""The evaluator: readings and time in, verdict changes out. What it computes is written in semantics.py."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bianwang.engine import kernel, snapshot
from bianwang.engine.changes import CHANGE, Changes, from_records
from bianwang.engine.layout import LONG_AGO, State, forgive_outage, fresh, remember_open
from bianwang.engine.semantics import Kind
from bianwang.engine.table import Instance, Table, compile_table

_ROOM = 4096


class Evaluator:
    """Judges all instances of one table. One thread at a time; the kernel releases the GIL."""

    def __init__(self, table: Table, start_ms: int) -> None:
        """Start with nothing known; silence counts from ``start_ms``."""
        self._begin(table, fresh(table, start_ms))

    def _begin(self, table: Table, state: State) -> None:
        self.table = table
        self._state = state
        self._past = (state.windows, state.samples)
        self._out = np.zeros(_ROOM, CHANGE)
        bits = max(1, (2 * len(table.signals)).bit_length())
        self._shift = 64 - bits
        self._index = np.full(1 << bits, -1, np.int32)
        kernel.build_index(table.signals, self._index, self._shift)
        self._block_due = np.zeros(len(table.block_owner), np.int64)
        kernel.schedule(state.states, state.tracks, self._past, self._block_due)

    def push(self, signal: ArrayLike, time: ArrayLike, value: ArrayLike, quality: ArrayLike) -> Changes:
        """Apply readings: uint32 signal, int64 ms, float64, uint8 (0 = good), of equal length.

        Any mixture of signals, each in order of time; what is out of order is not judged and told in
        ``Changes.outcome``. Raises ValueError if the columns differ in length.
        """
        # Writable, because the kernel is compiled for one type of array only.
        ids = np.require(signal, np.uint32, ["C", "W"])
        times = np.require(time, np.int64, ["C", "W"])
        values = np.require(value, np.float64, ["C", "W"])
        qualities = np.require(quality, np.uint8, ["C", "W"])
        size = len(ids)
        if any(column.shape != (size,) for column in (ids, times, values, qualities)):
            raise ValueError("signal、time、value、quality 四列的长度必须相同。")
        positions = np.empty(size, np.int32)
        kernel.locate(ids, self.table.signals, self._index, self._shift, positions)
        outcome = np.empty(size, np.uint8)
        state, count, done = self._state, np.zeros(1, np.int64), 0
        while True:
            done = kernel.push(
                state.params,
                state.states,
                state.votes,
                state.tracks,
                self._past,
                self._block_due,
                (positions, times, values, qualities),
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
        state, count, done = self._state, np.zeros(1, np.int64), 0
        while True:
            done = kernel.advance(
                state.params,
                state.states,
                state.tracks,
                self._past,
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
        return snapshot.dump(self._state)

    @classmethod
    def restore(
        cls, table: Table, *snapshots: bytes, start_ms: int | None = None, after_outage: bool = False
    ) -> Evaluator:
        """An evaluator of ``table`` that goes on from a snapshot, or from several of different instances.

        Where two snapshots know the same signal or instance, the later one is believed.

        Instances whose definition (all fields but owner) is unchanged keep their state; new and changed ones
        start with nothing known, their silence counting from ``start_ms`` (default: the snapshot's own).
        ``after_outage``: silence of all of them counts from ``start_ms`` at the earliest. Raises SnapshotError
        for bytes that are damaged or of another version.
        """
        all_saved = [snapshot.load(data) for data in snapshots]
        state = fresh(table, all_saved[-1].start_ms if start_ms is None else start_ms)
        for saved in all_saved:
            snapshot.carry_over(saved, state)
        if after_outage:
            forgive_outage(state, state.start_ms)
        evaluator = cls.__new__(cls)
        evaluator._begin(table, state)
        return evaluator

    def remember_open(self, keys: Collection[int], interrupted: Collection[int] = ()) -> None:
        """Instances that were open (or open and interrupted) when the state was lost, as others remember it.

        They go on as if the condition had been true up to now: no second BEGAN, but an ENDED when it is false. Those
        whose signal has been heard are left as they are.
        """
        remember_open(self._state, keys, interrupted)
        kernel.schedule(self._state.states, self._state.tracks, self._past, self._block_due)

    def last_times(self) -> dict[int, int]:
        """Time (ms) of the newest sample of each signal that has had one."""
        last = self._state.tracks["last"]
        heard = last != LONG_AGO
        return dict(zip(self.table.signals[heard].tolist(), last[heard].tolist(), strict=True))

    def _grow(self) -> None:
        self._out = np.concatenate([self._out, np.zeros_like(self._out)])

    def _clocks(self, now: int | NDArray[np.int64], owner: ArrayLike | None) -> NDArray[np.int64]:
        owners = self.table.owners
        if owner is None:
            return np.full(len(owners), now, np.int64)
        clocks = np.full(len(owners), LONG_AGO, np.int64)
        ids, times = np.broadcast_arrays(np.asarray(owner, np.int64), np.asarray(now, np.int64))
        if len(owners):
            position = np.minimum(np.searchsorted(owners, ids), len(owners) - 1)
            known = owners[position] == ids
            clocks[position[known]] = times[known]
        return clocks


def warm_up() -> None:
    """Compile everything (about ten seconds), or load it from numba's cache (well under a second).

    The cache lies in NUMBA_CACHE_DIR, which numba reads when it is first imported; without it beside this
    package, or in the user's cache folder where that is not writable.
    """
    common: dict[str, Any] = {"signal": 1, "owner": 1}
    table = compile_table(
        [
            Instance(key=1, kind=Kind.THRESHOLD, limit=1.0, m=2, **common),
            Instance(key=2, kind=Kind.RATE, limit=1.0, window_ms=10, **common),
            Instance(key=3, kind=Kind.SILENCE, window_ms=10, **common),
        ]
    )
    evaluator = Evaluator(table, 0)
    evaluator.push([1, 1], [0, 10], [0.0, 2.0], [0, 0])
    evaluator.advance(100)
