"""The platform's alarms as the place where verdict changes go."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from bianwang.engine.changes import Changes
from bianwang.engine.table import Instance
from bianwang.modules.alarms import services as alarms
from bianwang.processes.intake.alarm_writer import AlarmWriter
from bianwang.processes.intake.warming import History


class AlarmSink:
    """Raises, changes and ends alarms; applied twice it is applied once (unique by rule version, binding and start).

    Every batch, also one without changes, tells the platform that somebody judges.
    """

    def __init__(self, history: History) -> None:
        self._writer = AlarmWriter(history)
        self._writer.start()

    def take(self, batch: int, changes: Changes, states: Mapping[int, bytes]) -> None:
        """See Sink; waits for as long as the business database is away."""
        if len(changes):
            self._writer.changes(changes, 0, states)
        self._writer.then(alarms.note_alive)
        self._settle()

    def withdraw(self, keys: set[int], at_ms: int, instances: tuple[Instance, ...]) -> None:
        """See Sink."""
        self._writer.rule_change(keys, at_ms, instances)
        self._settle()

    def _settle(self) -> None:
        done = threading.Event()
        self._writer.then(done.set)
        done.wait()
