"""The evaluator: readings and time in, verdict changes out. What it computes is written in semantics.py."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bianwang.engine import snapshot
from bianwang.engine.calendar import WEEKENDS, RestDays
from bianwang.engine.changes import Changes
from bianwang.engine.formula import SignalSpec, Signature
from bianwang.engine.layout import LONG_AGO
from bianwang.engine.machine import Machine
from bianwang.engine.program import compile_formula
from bianwang.engine.semantics import Outcome
from bianwang.engine.table import Instance, Table, compile_table
from bianwang.engine.waiting import Readings, Waiting


class Evaluator:
    """Judges all instances of one table. One thread at a time; the kernel releases the GIL."""

    def __init__(self, table: Table, start_ms: int, rest_days: RestDays = WEEKENDS) -> None:
        """Start with nothing known: nothing is judged before ``start_ms``, and silence counts from there."""
        self.table = table
        self.start_ms = start_ms
        self._direct = Machine(table.direct, start_ms, rest_days)
        self._waiting = Waiting(Machine(table.waiting, start_ms, rest_days))

    def push(self, signal: ArrayLike, time: ArrayLike, value: ArrayLike, quality: ArrayLike) -> Changes:
        """Apply readings: uint32 signal, int64 ms, float64, uint8 (0 = good), of equal length.

        Any mixture of signals, each in order of time (any order for those that wait); what comes too late is not
        judged and told in ``Changes.outcome``. Raises ValueError if the columns differ in length.
        """
        batch = Readings.of(signal, time, value, quality)
        changes = self._direct.push(batch)
        if not len(self.table.waiting.keys):
            return changes
        kept = self._waiting.keep(batch)
        unheard = changes.outcome == Outcome.NO_RULE
        changes.outcome[unheard] = kept[unheard]
        return changes

    def advance(self, now: int | NDArray[np.int64], owner: ArrayLike | None = None) -> Changes:
        """Time passes: decide everything due before ``now``; no reading older than that is outstanding.

        ``now`` in ms for everyone, or one for each entry of ``owner``; owners not named stand still.
        """
        changes = self._direct.advance(now, owner)
        return changes.followed_by(self._waiting.advance(now, owner)) if len(self.table.waiting.keys) else changes

    def snapshot(self) -> bytes:
        """The whole state as bytes, versioned and checksummed."""
        return snapshot.dump(self.start_ms, self._direct, self._waiting)

    @classmethod
    def restore(
        cls,
        table: Table,
        *snapshots: bytes,
        start_ms: int | None = None,
        after_outage: bool = False,
        rest_days: RestDays = WEEKENDS,
    ) -> Evaluator:
        """An evaluator of ``table`` that goes on from a snapshot, or from several of different instances.

        Where two snapshots know the same signal or instance, the later one is believed.

        Instances whose definition is unchanged keep their state; new and changed ones start with nothing known from
        ``start_ms`` (default: the snapshot's own). ``after_outage``: silence of all of them counts from ``start_ms`` at
        the earliest. Raises SnapshotError for bytes that are damaged or of another version.
        """
        all_saved = [snapshot.load(data) for data in snapshots]
        evaluator = cls(table, all_saved[-1].start_ms if start_ms is None else start_ms, rest_days)
        for saved in all_saved:
            saved.carry_over(evaluator._direct, evaluator._waiting)
        if after_outage:
            evaluator.forgive_outage(evaluator.start_ms)
        return evaluator

    def forgive_outage(self, until_ms: int) -> None:
        """Nobody listened until ``until_ms``: silence that is not reported yet counts from there at the earliest."""
        for machine in (self._direct, self._waiting.machine):
            machine.forgive_outage(until_ms)

    def remember_open(self, keys: Collection[int], interrupted: Collection[int] = ()) -> None:
        """Instances that were open (or open and interrupted) when the state was lost, as others remember it.

        They go on as if the formula had been true up to now: no second BEGAN, but an ENDED when it is false. Those
        whose signals have been heard are left as they are.
        """
        for machine in (self._direct, self._waiting.machine):
            machine.remember_open(keys, interrupted)

    def last_times(self) -> dict[int, int]:
        """Time (ms) of the newest reading of each signal that has had one."""
        found = self._waiting.last_times()
        for signal, time in self._direct.last_times().items():
            found[signal] = max(time, found.get(signal, time))
        return found

    @property
    def outstanding_ms(self) -> int:
        """The earliest moment whose readings may not all be judged yet; those that wait may be pushed again."""
        known = [int(clock) for clock in self._waiting.clocks if clock != LONG_AGO]
        known += [time + 1 for time in self._direct.last_times().values()]
        return min(known, default=self.start_ms)

    def memory_bytes(self) -> int:
        """What the state takes."""
        return self._direct.memory_bytes() + self._waiting.machine.memory_bytes()


def warm_up() -> None:
    """Compile everything (about half a minute), or load it from numba's cache (well under a second)."""
    signature = Signature({"x": SignalSpec(), "y": SignalSpec()})
    texts = (
        "votes(1, 2, x > 1)",
        "delta[0, 10ms](x) > 1 or x + mean[0, 10ms](x + y) > 1",
        "stale(x, 10ms) since night",
    )
    programs = [compile_formula(text, signature) for text in texts]
    rules = [
        Instance(key=key, owner=1, program=program, signals=tuple(range(len(program.signals))))
        for key, program in enumerate(programs)
    ]
    evaluator = Evaluator(compile_table(rules), 0)
    evaluator.push([0, 1], [1, 10], [0.0, 2.0], [0, 0])
    evaluator.advance(100)
