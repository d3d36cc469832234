"""Readings that came too late to be judged in order are judged afterwards, in a separate pass (补判)."""

from __future__ import annotations

import logging
import threading

import numpy as np

from bianwang.engine.evaluator import Evaluator
from bianwang.engine.table import compile_table
from bianwang.processes.intake.judging import Outbox, RuleSet
from bianwang.processes.intake.warming import horizon_ms
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.store import TelemetryStore, TooManyRows

log = logging.getLogger(__name__)


class LatePass:
    """Notes whose readings came late, and judges those owners' time again from the store."""

    def __init__(self, store: TelemetryStore, outbox: Outbox) -> None:
        self._store = store
        self._outbox = outbox
        self._lock = threading.Lock()
        self._spans: dict[int, tuple[int, int]] = {}
        """Owner → first and last time (ms) of its late readings."""

    def note(self, late: Columns, rules: RuleSet) -> None:
        """Remember late readings; cheap, called by the judge."""
        position = rules.index.of(late.signal)
        for owner in np.unique(position[position >= 0]):
            times = late.time[position == owner]
            code = int(rules.index.owners[owner])
            with self._lock:
                first, last = self._spans.get(code, (int(times.min()), int(times.max())))
                self._spans[code] = (min(first, int(times.min())), max(last, int(times.max())))

    def run(self, rules: RuleSet) -> None:
        """Judge what was noted since the last call; on any thread but the judge's."""
        with self._lock:
            spans, self._spans = self._spans, {}
        for owner, (first, last) in spans.items():
            self._judge(owner, first, last, rules)

    def _judge(self, owner: int, first: int, last: int, rules: RuleSet) -> None:
        instances = tuple(instance for instance in rules.instances if instance.owner == owner)
        if not instances:
            return
        around = horizon_ms(instances)
        signals = sorted({signal for instance in instances for signal in instance.signals})
        try:
            rows = self._store.series(signals, first - around, last + around)
        except TooManyRows:
            log.warning("单位 %d 的迟到读数跨度过大，没有补判", owner)
            return
        if not rows:
            return
        order = np.argsort(rows["time"], kind="stable")
        evaluator = Evaluator(compile_table(instances), first - around, rules.rest_days)
        changes = evaluator.push(*(rows[name][order] for name in ("signal", "time", "value", "quality")))
        changes = changes.followed_by(evaluator.advance(int(rows["time"].max()) + 1))
        if len(changes):
            self._outbox.late(changes)
