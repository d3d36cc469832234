"""Carries verdict changes from the judge to the alarms, in order, for as long as it takes."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from django.db import DatabaseError, close_old_connections, connection

from bianwang.engine.changes import Changes
from bianwang.engine.table import Instance
from bianwang.modules.alarms import services as alarms
from bianwang.modules.alarms.queries import BindingFacts, binding_facts
from bianwang.modules.rules.episodes import LEVELS
from bianwang.platform.calendar import queries as calendar
from bianwang.processes.intake.warming import History

log = logging.getLogger(__name__)

RETRY_S = 1.0
MOST_WAITING = 2000
BEFORE_MS, AFTER_MS, MOST_INPUTS = 60_000, 1, 200
"""How much of the signal an alarm keeps as evidence: the minute before, at most so many samples."""
TOGETHER_MS = 60_000
"""Evidence of alarms within a minute is read in one query, so that a flood does not wait for thousands."""

Moment = tuple[int, int]
"""A signal and a time in ms."""


class AlarmWriter:
    """The judge's outbox: one thread that applies one item after the other and retries without end.

    The queue is bounded, so a database that is away holds the judge, then the intake, then the devices.
    """

    def __init__(self, store: History) -> None:
        self._store = store
        self.error = ""
        """Why alarms cannot be written at the moment (Chinese), "" while all is well."""
        self._queue: queue.Queue[Callable[[], None] | None] = queue.Queue(MOST_WAITING)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alarms", daemon=True)

    @property
    def waiting(self) -> int:
        """Items not applied yet."""
        return self._queue.qsize()

    def start(self) -> None:
        """Begin to apply."""
        self._thread.start()

    def stop(self) -> None:
        """Apply what waits, then stop; gives up on a database that is away (the next start judges again)."""
        self._stopping.set()
        self._queue.put(None)
        self._thread.join()

    def changes(self, changes: Changes, seq: int, states: Mapping[int, bytes]) -> None:
        """Raise, change and end alarms."""
        self._queue.put(lambda: alarms.apply_changes(changes, _facts(changes), seq, self._context(states)))

    def late(self, changes: Changes) -> None:
        """Raise what late readings show, marked 补判."""
        self._queue.put(lambda: _raise_late(changes, self._context()))

    def rule_change(self, keys: set[int], at_ms: int, instances: Sequence[Instance]) -> None:
        """End what the withdrawn bindings left open."""
        bindings = {key // LEVELS for key in keys} - {instance.key // LEVELS for instance in instances}
        if bindings:
            self._queue.put(lambda: _end_bindings(bindings, at_ms))

    def then(self, do: Callable[[], None]) -> None:
        """Do something once all before it has been applied."""
        self._queue.put(do)

    def _context(self, states: Mapping[int, bytes] = MappingProxyType({})) -> alarms.Context:
        return alarms.Context(calendar=calendar.version(), inputs=self._inputs, states=states)

    def _inputs(self, moments: Collection[Moment]) -> dict[Moment, list[tuple[int, float, int]]]:
        """The samples of signals around moments, as evidence; moments near each other are asked for together."""
        found: dict[Moment, list[tuple[int, float, int]]] = {}
        near: list[Moment] = []
        for moment in sorted(moments, key=lambda pair: pair[1]):
            if near and moment[1] - near[0][1] > TOGETHER_MS:
                found |= self._samples(near)
                near = []
            near.append(moment)
        return found | self._samples(near)

    def _samples(self, moments: list[Moment]) -> dict[Moment, list[tuple[int, float, int]]]:
        signals = sorted({signal for signal, _ in moments})
        times = [at_ms for _, at_ms in moments]
        rows = self._store.series(signals, min(times) - BEFORE_MS, max(times) + AFTER_MS)
        found: dict[Moment, list[tuple[int, float, int]]] = {}
        for signal, at_ms in moments:
            first, last = np.searchsorted(rows["signal"], [signal, signal + 1])
            begin, end = first + np.searchsorted(rows["time"][first:last], [at_ms - BEFORE_MS, at_ms + AFTER_MS])
            begin = max(begin, end - MOST_INPUTS)
            columns = (rows[name][begin:end].tolist() for name in ("time", "value", "quality"))
            found[signal, at_ms] = list(zip(*columns, strict=True))
        return found

    def _run(self) -> None:
        while (apply := self._queue.get()) is not None:
            self._until_done(apply)
        connection.close()

    def _until_done(self, apply: Callable[[], None]) -> None:
        while True:
            try:
                apply()
            except (DatabaseError, OSError) as error:
                if not self.error:
                    log.error("告警写不进业务数据库，每秒重试：%s", error)
                self.error = f"告警写不进业务数据库：{error}"
                close_old_connections()
                if self._stopping.wait(RETRY_S):
                    return
            else:
                if self.error:
                    log.warning("业务数据库恢复写入")
                    self.error = ""
                return


def _facts(changes: Changes) -> dict[int, BindingFacts]:
    return binding_facts(np.unique(changes.key // LEVELS).tolist())


def _raise_late(changes: Changes, context: alarms.Context) -> None:
    alarms.apply_late(changes, _facts(changes), context)


def _end_bindings(bindings: set[int], at_ms: int) -> None:
    alarms.end_for_rule_change(bindings, at_ms)
