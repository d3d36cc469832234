"""The intake's judge where judging happens elsewhere: admits readings as ever, and hands them on to the stream.

Readings are handed on before they are stored, and stored before a device is acknowledged. So whatever is killed when,
an acknowledged reading is in the stream; one that is in the stream twice is a repeat to whoever judges.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np

from bianwang.engine.waiting import Readings
from bianwang.processes.intake.judging import RuleSet, snapshot_seq
from bianwang.processes.intake.watermark import Clocks, OwnerIndex, Watermarks
from bianwang.processes.stream.ends import Publisher
from bianwang.processes.stream.message import Message, encode, split
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.store import TelemetryStore

log = logging.getLogger(__name__)

CLOCK_MS = 1_000
"""How often all owners' clocks are told; those that wait for them are judged so much later."""
SILENT_S = 120
"""So long a batch may take before somebody is told."""


def judging_trouble(alive_at: datetime | None, started_at: datetime, at: datetime) -> str:
    """What is wrong (Chinese) when no batch has been judged for long, since the intake started at the earliest; ""."""
    if (at - max(alive_at or started_at, started_at)).total_seconds() < SILENT_S:
        return ""
    return "集群研判已超过 2 分钟没有判完一批读数，新的告警不会产生，请检查 bian cluster judge 是否在运行。"


class Forwarder:
    """`admit` and `publish` run on the storing thread, `push` on the judging thread."""

    def __init__(
        self,
        publisher: Publisher,
        index: OwnerIndex,
        rules: RuleSet,
        now_ms: int,
        epoch: int,
        note_late: Callable[[Columns, RuleSet], None] = lambda late, rules: None,
    ) -> None:
        self.rules = rules
        self.index = index
        self.note_late = note_late
        self.seq = 0
        """Everything up to here has been handed on."""
        self._publisher = publisher
        self._marks = Watermarks(index)
        self._number = epoch << 32
        self._started_ms = now_ms
        self._told_ms = 0

    @classmethod
    def recover(
        cls,
        store: TelemetryStore,
        publisher: Publisher,
        index: OwnerIndex,
        rules: RuleSet,
        folder: Path,
        now_ms: int,
        judged_seq: int,
    ) -> Forwarder:
        """Go on after a start; at first, hand on what the intake has stored and not judged itself.

        `folder`: where the intake's own judge kept its snapshots; `judged_seq`: up to where the alarms have its
        findings, which counts if it left no snapshot. A hand-over that was cut off is begun again; repeats do no harm.
        """
        forwarder = cls(publisher, index, rules, now_ms, _next_epoch(folder / "stream.epoch", now_ms))
        handed_over = folder / "stream.begun"
        if not handed_over.exists():
            forwarder._hand_over(store, snapshot_seq(folder) or judged_seq)
            handed_over.touch()
        forwarder.seq = store.seq
        return forwarder

    def change_rules(self, rules: RuleSet, index: OwnerIndex) -> None:
        """Other rules or owners from the next batch on."""
        self.rules, self.index = rules, index

    def admit(self, batch: Columns, now_ms: int) -> None:
        """Flag late readings as not judged."""
        self._marks = self._marks.of(self.index)
        self._marks.admit(batch, now_ms)

    def publish(self, batch: Columns, now_ms: int) -> None:
        """Hand on the readings to be judged, and once a second the clocks of all owners. Raises OSError."""
        clocks = Clocks.none()
        if now_ms - self._told_ms >= CLOCK_MS:
            clocks = self._marks.clocks()
        self._publish(batch, clocks)
        if len(clocks.owners):
            self._told_ms, self._started_ms = now_ms, 0

    def push(self, batch: Columns, now_ms: int) -> None:
        """Note what came late; the rest is judged elsewhere."""
        if not len(batch):
            return
        if not batch.judged.all():
            self.note_late(batch.take(np.flatnonzero(~batch.judged)), self.rules)
        self.seq = int(batch.seq[-1])

    def save(self) -> None:
        """Nothing to keep: the state is with whoever judges."""

    def _publish(self, batch: Columns, clocks: Clocks) -> None:
        owner = self.index.of(batch.signal)
        timely = batch.judged & (owner >= 0)
        kept = batch if timely.all() else batch.take(np.flatnonzero(timely))
        readings = Readings(kept.signal, kept.time, kept.value, kept.quality)
        owners = self.index.owners[owner[timely]]
        self._number += 1
        messages = {
            slot: encode(Message(slot, self._number, *content, started_ms=self._started_ms))
            for slot, content in split(readings, owners, clocks).items()
        }
        if messages:
            self._publisher.publish(self._number, messages)

    def _hand_over(self, store: TelemetryStore, seq: int) -> None:
        count = 0
        while len(batch := store.since(seq)):
            self._publish(batch, Clocks.none())
            seq = int(batch.seq[-1])
            count += len(batch)
        log.info("首次交由集群研判：已交出库中尚未研判的 %d 条读数", count)


def _next_epoch(file: Path, now_ms: int) -> int:
    """Numbers of messages begin with it and must grow from start to start: also when the clock was set back, which the
    file tells, and when an old file was restored, which the clock tells."""
    known = int(file.read_text()) if file.exists() else 0
    epoch = max(known + 1, now_ms // 1000)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".draft")
    with draft.open("w", encoding="ascii") as stream:
        stream.write(str(epoch))
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)
    return epoch
