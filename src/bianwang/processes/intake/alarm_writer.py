"""Carries verdict changes from the judge to the alarms, in order, for as long as it takes."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections, connection

from bianwang.engine.changes import Changes
from bianwang.modules.alarms import services as alarms
from bianwang.platform.ledger.context import acting
from bianwang.processes.intake.judging import RuleSet

log = logging.getLogger(__name__)

RETRY_S = 1.0
MOST_WAITING = 2000


class AlarmWriter:
    """The judge's outbox: one thread that applies one item after the other and retries without end.

    The queue is bounded, so a database that is away holds the judge, then the intake, then the devices.
    """

    def __init__(self) -> None:
        self.error = ""
        """Why alarms cannot be written at the moment (Chinese), "" while all is well."""
        self._queue: queue.Queue[Callable[[], None] | None] = queue.Queue(MOST_WAITING)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alarms")

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

    def changes(self, changes: Changes, rules: RuleSet, seq: int) -> None:
        """Raise, change and end alarms."""
        self._queue.put(lambda: alarms.apply_changes(changes, rules.meta, seq))

    def rule_change(self, keys: list[int], at_ms: int, rules: RuleSet) -> None:
        """End what the withdrawn instances left open."""
        bindings = sorted({key // 8 for key in keys} - {key // 8 for key in rules.meta})
        if bindings:
            self._queue.put(lambda: alarms.end_for_rule_change(bindings, at_ms))

    def late(self, episodes: Changes, rules: RuleSet) -> None:
        """Raise what late readings show, marked 补判."""
        self._queue.put(lambda: alarms.apply_late(episodes, rules.meta))

    def snapshot(self, write: Callable[[], None]) -> None:
        """Write a snapshot once all before it has been applied."""
        self._queue.put(write)

    def _run(self) -> None:
        while (apply := self._queue.get()) is not None:
            self._until_done(apply)
        connection.close()

    def _until_done(self, apply: Callable[[], None]) -> None:
        while True:
            try:
                with acting(None, "本机", name="自动判定"):
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
