"""The judge of the pipeline: the rule evaluator, its watermarks and its snapshots.

Exactly once (DESIGN §9): every batch is judged in intake order; what follows goes through the outbox to
the alarm writer, which applies it together with the `seq` up to which all is judged. A snapshot carries
its `seq` and is written only after everything before it has been applied, so a restart loads it, reads
the store from that `seq` on and judges again; repeats are absorbed by the alarms' unique key.
"""

from __future__ import annotations

import json
import logging
import os
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from bianwang.engine.calendar import WEEKENDS, RestDays
from bianwang.engine.changes import Changes
from bianwang.engine.evaluator import Evaluator
from bianwang.engine.snapshot import SnapshotError
from bianwang.engine.table import Instance, changed_keys, compile_table
from bianwang.processes.intake.kept import KeptStates
from bianwang.processes.intake.warming import Rules, from_history, horizon_ms, take_over
from bianwang.processes.intake.watermark import Clocks, OwnerIndex, Watermarks
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.store import TelemetryStore

log = logging.getLogger(__name__)

SNAPSHOT_MS = 30_000


@dataclass(frozen=True)
class RuleSet(Rules):
    """All instances in force, and who owns which signal."""

    index: OwnerIndex

    @classmethod
    def build(cls, instances: list[Instance], recorded: frozenset[int], rest_days: RestDays = WEEKENDS) -> RuleSet:
        """Compile the instances. Raises engine.RuleError for one that makes no sense."""
        owners = {signal: instance.owner for instance in instances for signal in instance.signals}
        lateness: dict[int, int] = {}
        for instance in instances:
            lateness[instance.owner] = max(instance.lateness_ms, lateness.get(instance.owner, 0))
        index = OwnerIndex(owners, recorded, lateness)
        return cls(tuple(instances), compile_table(instances), rest_days, index)


@dataclass(frozen=True)
class Applied:
    """What the alarms have taken in: everything up to `seq`; the engine keys open and interrupted then."""

    seq: int
    open_keys: Collection[int]
    interrupted: Collection[int]


class Outbox(Protocol):
    """Where verdict changes go, in order."""

    def changes(self, changes: Changes, seq: int, states: Mapping[int, bytes]) -> None:
        """Verdict changes of everything up to `seq`; `states` as in `kept.KeptStates.of`."""

    def late(self, changes: Changes) -> None:
        """Verdict changes of a separate pass over late readings."""

    def rule_change(self, keys: set[int], at_ms: int, instances: Sequence[Instance]) -> None:
        """Keys that are judged no more from `at_ms` on, when `instances` took over."""

    def then(self, do: Callable[[], None]) -> None:
        """Do something once all before it has been applied."""


@dataclass
class _Admitted:
    """What `admit` decided for one batch, for `push` to follow."""

    rules: RuleSet
    clocks: Clocks


@dataclass
class EngineJudge:
    """Judges batches with one evaluator; `admit` runs on the storing thread, `push` on the judging thread."""

    store: TelemetryStore
    outbox: Outbox
    rules: RuleSet
    evaluator: Evaluator
    folder: Path
    note_late: Callable[[Columns, RuleSet], None] = lambda late, rules: None
    """Called with readings that came too late to be judged in order."""
    watermarks: Watermarks = field(init=False)
    _admitted: deque[_Admitted] = field(default_factory=deque)
    _pushed: RuleSet = field(init=False)
    kept: KeptStates = field(default_factory=KeptStates)
    seq: int = 0
    """Everything up to here has been judged, or waits in the evaluator (and its snapshot) for its owner's clock."""
    _clocks: Clocks = field(default_factory=Clocks.none)
    _snapshot_ms: int = 0

    def __post_init__(self) -> None:
        self.watermarks = Watermarks(self.rules.index)
        self._pushed = self.rules
        self._keep(self.evaluator.snapshot())

    # -- the pipeline's side ------------------------------------------------------------------------------------

    def admit(self, batch: Columns, now_ms: int) -> None:
        """Flag late readings as not judged, and decide how far this batch may advance."""
        rules = self.rules
        self.watermarks = self.watermarks.of(rules.index)
        self.watermarks.admit(batch, now_ms)
        self._admitted.append(_Admitted(rules, self.watermarks.clocks()))

    def publish(self, batch: Columns, now_ms: int) -> None:
        """Judged here."""

    def push(self, batch: Columns, now_ms: int) -> None:
        """Judge a durable batch and advance its owners' clocks."""
        admitted = self._admitted.popleft()
        if admitted.rules is not self._pushed:
            self._take_over(admitted.rules, now_ms)
        if len(batch):
            self._judge(batch)
        self._clocks = admitted.clocks
        self._emit(self.evaluator.advance(admitted.clocks.at, admitted.clocks.owners))
        if now_ms - self._snapshot_ms >= SNAPSHOT_MS:
            self._snapshot_ms = now_ms
            self.save()

    def save(self) -> None:
        """Put a snapshot of what has been judged on its way."""
        data, seq = self.evaluator.snapshot(), self.seq
        self._keep(data)
        self.outbox.then(lambda: _write(self.folder, data, seq))

    # -- start and change ---------------------------------------------------------------------------------------

    @classmethod
    def recover(
        cls, store: TelemetryStore, outbox: Outbox, rules: RuleSet, folder: Path, now_ms: int, applied: Applied
    ) -> EngineJudge:
        """Go on from the last good snapshot, judging again what the store holds beyond it.

        Without one, the readings of the rules' horizon are judged again; the alarms know those changes by time.
        What they know to be open and the snapshot knows nothing of is open: an old condition must find its end.
        """
        saved, seq = _load(folder, rules, now_ms)
        evaluator = saved or Evaluator(rules.table, now_ms - horizon_ms(rules.instances), rules.rest_days)
        evaluator.remember_open(applied.open_keys, applied.interrupted)
        judge = cls(store, outbox, rules, evaluator, folder, seq=seq if saved else applied.seq)
        if not saved:
            for changes in from_history(rules, store, now_ms, evaluator):
                judge._emit(changes)
        count = 0
        while len(batch := store.since(judge.seq)):
            judge._judge(batch)
            count += len(batch)
        if count:
            log.info("已从存储中接续判定 %d 条读数", count)
        return judge

    def change_rules(self, rules: RuleSet) -> None:
        """Take over with a new set at the next batch."""
        self.rules = rules

    def _take_over(self, rules: RuleSet, now_ms: int) -> None:
        """Replace the table at one moment: kept instances keep their state, new ones are warmed from the store."""
        old, self._pushed = self._pushed, rules
        added_keys, gone = changed_keys(old.table, rules.table)
        added = tuple(i for i in rules.instances if i.key in added_keys)
        before, judged = self.evaluator.snapshot(), self.evaluator.last_times()
        self.evaluator, found = take_over(before, judged, added, rules, self.store, self._clocks, now_ms)
        for changes in found:
            self._emit(changes)
        self._keep(self.evaluator.snapshot())
        if gone:
            self.outbox.rule_change(gone, now_ms, rules.instances)
        log.info("判定规则已更换：共 %d 条实例，新增 %d，停用 %d", len(rules.instances), len(added), len(gone))

    # -- inside -------------------------------------------------------------------------------------------------

    def _judge(self, batch: Columns) -> None:
        timely = batch
        if not batch.judged.all():
            timely = batch.take(np.flatnonzero(batch.judged))
            self.note_late(batch.take(np.flatnonzero(~batch.judged)), self._pushed)
        self.seq = int(batch.seq[-1])
        self._emit(self.evaluator.push(timely.signal, timely.time, timely.value, timely.quality))

    def _emit(self, changes: Changes) -> None:
        if len(changes):
            self.outbox.changes(changes, self.seq, self.kept.of(changes))

    def _keep(self, snapshot: bytes) -> None:
        self.kept = KeptStates.take(self._pushed.instances, snapshot, self._pushed.rest_days)


def _write(folder: Path, data: bytes, seq: int) -> None:
    """Keep the last two snapshots; each appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / "draft"
    head = json.dumps({"seq": seq}).encode().ljust(64)
    with draft.open("wb") as stream:
        stream.write(head + data)
        stream.flush()
        os.fsync(stream.fileno())
    current = folder / "engine.snapshot"
    if current.exists():
        current.replace(folder / "engine.snapshot.1")
    draft.replace(current)


def snapshot_seq(folder: Path) -> int:
    """Up to which `seq` the newest snapshot has judged; 0 without one."""
    file = folder / "engine.snapshot"
    return int(json.loads(file.read_bytes()[:64])["seq"]) if file.exists() else 0


def snapshot_bytes(folder: Path) -> bytes | None:
    """The newest snapshot; None without one."""
    file = folder / "engine.snapshot"
    return file.read_bytes()[64:] if file.exists() else None


def _load(folder: Path, rules: RuleSet, now_ms: int) -> tuple[Evaluator | None, int]:
    for name in ("engine.snapshot", "engine.snapshot.1"):
        file = folder / name
        if not file.exists():
            continue
        content = file.read_bytes()
        try:
            seq = int(json.loads(content[:64])["seq"])
            found = Evaluator.restore(
                rules.table, content[64:], start_ms=now_ms, after_outage=True, rest_days=rules.rest_days
            )
            return found, seq
        except (SnapshotError, ValueError, KeyError) as error:
            log.warning("引擎快照 %s 不可用：%s", name, error)
    return None, 0
