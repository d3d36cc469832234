"""One kernel with its plan and state: sorted readings and time in, verdict changes out."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bianwang.engine import kernel
from bianwang.engine.calendar import RestDays
from bianwang.engine.changes import Changes, from_records
from bianwang.engine.layout import (
    CHANGE,
    CLASSES,
    EXPIRED,
    FREE,
    LARGEST,
    LONG_AGO,
    NEVER,
    SAMPLE,
    USED,
    VOTED,
    State,
    aligned,
)
from bianwang.engine.plan import Plan
from bianwang.engine.program import Op
from bianwang.engine.semantics import Truth, Verdict
from bianwang.engine.waiting import Readings

_ROOM = 4096


class Machine:
    """Applies readings to the instances of one plan."""

    def __init__(self, plan: Plan, start_ms: int, rest_days: RestDays) -> None:
        self.plan = plan
        self.state = _fresh(plan, start_ms, rest_days)
        self._out = np.zeros(_ROOM + plan.room[1], CHANGE)
        bits = max(1, (2 * len(plan.signals)).bit_length())
        self._shift = 64 - bits
        self._index = np.full(1 << bits, -1, np.int32)
        kernel.build_index(plan.signals, self._index, self._shift)
        kernel.begin(self.state, plan.initial)
        self.schedule()

    def schedule(self) -> None:
        """Find every due time anew, after the state was changed from outside."""
        kernel.schedule(self.state)

    def push(self, batch: Readings) -> Changes:
        """Apply readings, each signal in order of time, and all of them in that order if an instance has several."""
        size = len(batch.time)
        positions = np.empty(size, np.int32)
        kernel.locate(batch.signal, self.plan.signals, self._index, self._shift, positions)
        outcome = np.empty(size, np.uint8)
        columns = (positions, batch.time, batch.value, batch.quality)

        def step(done: int, count: NDArray[np.int64]) -> int:
            return kernel.push(self.state, columns, done, self.plan.room, outcome, self._out, count)

        return from_records(self._until(step, size), outcome)

    def advance(self, now: int | NDArray[np.int64], owner: ArrayLike | None) -> Changes:
        """Decide everything due before ``now``; see Evaluator.advance."""
        clocks, plan = self.clocks(now, owner), self.plan

        def step(done: int, count: NDArray[np.int64]) -> int:
            return kernel.advance(
                self.state, plan.block_first, plan.block_owner, clocks, done, plan.room, self._out, count
            )

        return from_records(self._until(step, len(plan.block_owner)), np.zeros(0, np.uint8))

    def clocks(self, now: int | NDArray[np.int64], owner: ArrayLike | None) -> NDArray[np.int64]:
        """The clock of each owner of the plan, LONG_AGO for those not named."""
        owners = self.plan.owners
        if owner is None:
            return np.full(len(owners), now, np.int64)
        clocks = np.full(len(owners), LONG_AGO, np.int64)
        ids, times = np.broadcast_arrays(np.asarray(owner, np.int64), np.asarray(now, np.int64))
        if len(owners):
            position = np.minimum(np.searchsorted(owners, ids), len(owners) - 1)
            known = owners[position] == ids
            clocks[position[known]] = times[known]
        return clocks

    def forgive_outage(self, until_ms: int) -> None:
        """Silence counts from ``until_ms`` at the earliest; see Restart in semantics.py."""
        state, instances = self.state, self.state.instances
        instances["start"] = np.maximum(instances["start"], until_ms)
        root = state.nodes[instances["root"]]
        unreported = (root["op"] == Op.STALE) & (instances["verdict"] == Verdict.CLOSED)
        rows = np.flatnonzero(unreported)
        state.nodes["truth"][instances["root"][rows]] = Truth.FALSE
        state.nodes["flags"][instances["root"][rows]] &= 0xFF ^ EXPIRED
        instances["truth"][rows] = Truth.FALSE
        instances["verdict_due"][rows] = NEVER
        instances["due"][rows] = NEVER
        self.schedule()

    def remember_open(self, keys: Collection[int], interrupted: Collection[int]) -> None:
        """Open instances none of whose signals has been heard, as if their formula had been true till now."""
        state, instances = self.state, self.state.instances
        heard = state.signals["last"][state.members] != LONG_AGO
        unheard = ~np.logical_or.reduceat(heard, instances["first_signal"]) if len(instances) else np.zeros(0, bool)
        for verdict, named in ((Verdict.OPEN, keys), (Verdict.INTERRUPTED, interrupted)):
            rows = np.flatnonzero(np.isin(instances["key"], list(named)) & unheard)
            instances["verdict"][rows] = verdict
            instances["truth"][rows] = Truth.UNKNOWN
            instances["due"][rows] = np.minimum(instances["due"][rows], instances["begins"][rows])
            events = rows[instances["is_event"][rows] != 0]
            instances["verdict_due"][events] = instances["begins"][events] + instances["quiet"][events]
            self._remember_true(instances["root"][rows])
        self.schedule()

    def _remember_true(self, roots: NDArray[np.int64]) -> None:
        """Comparisons that are a whole formula: they were true, so hysteresis and votes are on that side."""
        nodes = self.state.nodes
        turned = roots[(nodes["op"][roots] <= Op.COMPARE_WINDOW) & (nodes["was"][roots] == 0)]
        nodes["was"][turned] = 1
        for one, other in (("low", "other_low"), ("high", "other_high")):
            nodes[one][turned], nodes[other][turned] = nodes[other][turned], nodes[one][turned]
        self.state.votes["trues"][nodes["b"][turned[nodes["flags"][turned] & VOTED != 0]]] = ~np.uint64(0)
        silent = roots[nodes["op"][roots] == Op.STALE]
        nodes["truth"][silent] = Truth.TRUE
        nodes["flags"][silent] |= EXPIRED

    def last_times(self) -> dict[int, int]:
        """Time (ms) of the newest sample of each signal that has had one."""
        last = self.state.signals["last"]
        heard = last != LONG_AGO
        return dict(zip(self.plan.signals[heard].tolist(), last[heard].tolist(), strict=True))

    def memory_bytes(self) -> int:
        """What the state takes."""
        return sum(array.nbytes for array in self.state) + self._index.nbytes

    def _until(self, step: Callable[[int, NDArray[np.int64]], int], size: int) -> NDArray[np.void]:
        """Call the kernel until all is done, giving it room when it stops for want of it."""
        count, done = np.zeros(1, np.int64), 0
        while True:
            done = step(done, count)
            if done == size:
                return self._out[: count[0]]
            self._make_room(int(count[0]))

    def _make_room(self, told: int) -> None:
        rings, changes = self.plan.room
        if len(self._out) - told < changes:
            self._out = np.concatenate([self._out, np.zeros_like(self._out)])
        need = int(self.state.alloc[USED]) + rings * 4 * int(self.state.alloc[LARGEST])
        pool = self.state.samples
        if len(pool) < need:
            larger = aligned(max(len(pool) + len(pool) // 4, need), SAMPLE)
            larger[: len(pool)] = pool
            self.state = self.state._replace(samples=larger)


def _fresh(plan: Plan, start_ms: int, rest_days: RestDays) -> State:
    """Nothing known; silence counts from ``start_ms``."""
    alloc = np.full(FREE + CLASSES, -1, np.int64)
    alloc[USED], alloc[LARGEST] = 0, 4
    pool = 16 * plan.room[0] + 4 * len(plan.windows)
    state = State(
        nodes=_copy(plan.nodes),
        instances=_copy(plan.instances),
        signals=_copy(plan.tracks),
        windows=_copy(plan.windows),
        sums=_copy(plan.sums),
        votes=_copy(plan.votes),
        memories=_copy(plan.memories),
        leaves=plan.leaves,
        members=plan.members,
        samples=aligned(pool, SAMPLE),
        alloc=alloc,
        block_due=np.zeros(len(plan.block_owner), np.int64),
        rest_days=rest_days.days,
        first_day=np.array([rest_days.first_day], np.int64),
    )
    state.instances["begins"] = state.instances["start"] = start_ms
    state.instances["due"] = start_ms - plan.calendar_ms
    return state


def _copy(array: NDArray[np.void]) -> NDArray[np.void]:
    fresh = aligned(len(array), array.dtype)
    fresh[:] = array
    return fresh
