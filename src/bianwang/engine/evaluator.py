"""The evaluator: readings and time in, verdict changes out. What it computes is written in semantics.py."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bianwang.engine import kernel
from bianwang.engine.changes import CHANGE, Changes, from_records
from bianwang.engine.semantics import HISTORY, Kind, Op, Truth
from bianwang.engine.snapshot import State
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
        self._votes = np.zeros(len(table), kernel.VOTES)
        self._windows = _initial_windows(table)
        self._samples = _zeros((len(self._windows), HISTORY), kernel.SAMPLE)
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
        count = np.zeros(1, np.int64)
        done = 0
        while True:
            done = kernel.push(
                self.table.params,
                self._states,
                self._votes,
                self._tracks,
                (self._windows, self._samples),
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
        count = np.zeros(1, np.int64)
        done = 0
        while True:
            done = kernel.advance(
                self.table.params,
                self._states,
                self._tracks,
                (self._windows, self._samples),
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
        return self._state().dump()

    @classmethod
    def restore(
        cls, table: Table, data: bytes, *, start_ms: int | None = None, after_outage: bool = False
    ) -> Evaluator:
        """An evaluator of ``table`` that goes on from a snapshot.

        Instances whose definition (all fields but owner) is unchanged keep their state; new and changed ones
        start with nothing known, their silence counting from ``start_ms`` (default: the snapshot's own).
        After an outage silence of all of them counts from there. Raises SnapshotError for bytes that
        are damaged or of another version.
        """
        saved = State.load(data)
        start = saved.start_ms if start_ms is None else start_ms
        evaluator = cls(table, start)
        saved.carry_over(evaluator._state())
        if after_outage:
            evaluator._forgive_outage(start)
        evaluator._schedule()
        return evaluator

    def _state(self) -> State:
        return State(
            start_ms=self.start_ms,
            params=self.table.params,
            signals=self.table.signals,
            states=self._states,
            votes=self._votes,
            tracks=self._tracks,
            windows=self._windows,
            samples=self._samples,
        )

    def _forgive_outage(self, restart_ms: int) -> None:
        states = self._states
        moved = states["stale"] == 0
        states["start"][moved] = np.maximum(states["start"][moved], restart_ms)
        unreported = (self.table.params["kind"] == Kind.SILENCE) & (states["verdict"] == 0)
        states["condition"][unreported] = Truth.FALSE
        states["verdict_due"][unreported] = kernel.NEVER

    def _schedule(self) -> None:
        kernel.schedule(self._states, self._tracks, (self._windows, self._samples), self._block_due)

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


def _zeros(shape: int | tuple[int, ...], dtype: np.dtype[np.void]) -> NDArray[np.void]:
    """As np.zeros, but beginning at a cache line: a record of 64 bytes then lies in one."""
    size = int(np.prod(shape)) * dtype.itemsize
    raw = np.zeros(size + 64, np.uint8)
    begin = -raw.ctypes.data % 64
    return raw[begin : begin + size].view(dtype).reshape(shape)


def _initial_states(table: Table, start_ms: int) -> NDArray[np.void]:
    params = table.params
    silence, rate = params["kind"] == Kind.SILENCE, params["kind"] == Kind.RATE
    states = _zeros(len(table), kernel.STATE)
    states["low"] = params["set_low"]
    states["high"] = params["set_high"]
    states["reach"] = np.where(silence, params["window"], params["stale"])
    states["start"] = start_ms
    states["verdict_due"] = kernel.NEVER
    states["window"] = np.where(rate, np.cumsum(rate) - 1, 0)
    states["kind"] = params["kind"]
    states["m"] = params["m"]
    states["condition"] = np.where(silence, Truth.FALSE, Truth.UNKNOWN)
    return states


def _initial_windows(table: Table) -> NDArray[np.void]:
    lengths = table.params["window"][table.params["kind"] == Kind.RATE]
    windows = _zeros(len(lengths), kernel.WINDOW)
    windows["length"] = lengths
    windows["step"] = -(-lengths // (HISTORY - 1))
    windows["base"] = -1
    windows["base_time"] = kernel.LONG_AGO
    windows["base_value"] = np.nan
    windows["next_time"] = kernel.NEVER
    return windows


def _initial_tracks(table: Table) -> NDArray[np.void]:
    tracks = _zeros(len(table.signals), kernel.SIGNAL)
    tracks["last"] = kernel.LONG_AGO
    tracks["decided"] = kernel.LONG_AGO
    tracks["value"] = np.nan
    tracks["first"] = table.first[:-1]
    tracks["end"] = table.first[1:]
    windows = np.r_[0, np.cumsum(table.params["kind"] == Kind.RATE)]
    tracks["first_window"] = windows[table.first[:-1]]
    tracks["end_window"] = windows[table.first[1:]]
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
