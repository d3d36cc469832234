"""The part of a job that runs on Spark's driver: plans each batch, has its buckets judged, hands on what they found."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bianwang.engine.changes import Changes
from bianwang.modules.rules.episodes import LEVELS
from bianwang.platform.clock import now_ms
from bianwang.processes.cluster.judging import RESULT, Judging, Listed, are_same, parts_of
from bianwang.processes.cluster.sinks import Sink
from bianwang.processes.cluster.states import ClusterError, Job, Plan, States
from bianwang.processes.intake.warming import History

if TYPE_CHECKING:
    from pyspark.core.broadcast import Broadcast
    from pyspark.sql import DataFrame

log = logging.getLogger(__name__)


@dataclass
class Driver:
    """`__call__` is what Spark calls with every micro-batch, in order, and again with one whose end it did not see.

    `rules` gives the rules in force and the days off: the same object as long as nothing has changed.
    """

    stream: str
    states: States
    job: Job
    rules: Callable[[], Listed]
    history: History
    sink: Sink
    _sent: tuple[int, Broadcast[list[bytes]]] | None = None
    """The version that the workers have."""
    _listed: dict[int, Listed] = field(default_factory=dict)
    """Versions that this process has read or written."""

    def __call__(self, pieces: DataFrame, batch: int) -> None:
        """Judge one batch, given as rows of PIECE."""
        plan = self.states.plan(batch) or self._decide(batch)
        self._withdraw(batch, plan)
        rules = self._send(pieces, plan.rules)
        judging = Judging(self.stream, self.states, self.job, batch, plan, rules, self.history)
        found = pieces.mapInArrow(judging, RESULT).toArrow()
        self.sink.take(batch, _changes(found), _states(found))

    # -- plans

    def _decide(self, batch: int) -> Plan:
        """The rules in force now are those of the batch and stay so, also if it is repeated after a crash."""
        wanted, versions = self.rules(), self.states.versions()
        version = versions[-1] if versions else 0
        known = self._read(version)
        if known is None or not are_same(known, wanted):
            version += 1
            self.states.set_rules(version, wanted)
            log.info("规则第 %d 版：共 %d 条实例", version, len(wanted[0]))
        self._listed = {version: wanted}
        plan = Plan(version, now_ms())
        self.states.set_plan(batch, plan)
        return plan

    def _read(self, version: int) -> Listed | None:
        if version not in self._listed:
            found = self.states.rules(version)
            if found is None:
                return None
            self._listed[version] = found
        return self._listed[version]

    def _withdraw(self, batch: int, plan: Plan) -> None:
        """End what was open by rules that are judged no more from this batch on."""
        before = self.states.plan(batch - 1)
        if before is None or before.rules == plan.rules:
            return
        old, new = self.states.rules(before.rules), self._read(plan.rules)
        if old is None or new is None:
            return
        gone = {instance.key for instance in old[0]} - {instance.key for instance in new[0]}
        if gone:
            self.sink.withdraw(gone, plan.at_ms, new[0])

    def _send(self, pieces: DataFrame, version: int) -> Broadcast[list[bytes]]:
        if self._sent is None or self._sent[0] != version:
            listed = self._read(version)
            if listed is None:
                raise ClusterError(
                    f"规则第 {version} 版不在任务文件夹 {self.states.address} 中，请从备份恢复该文件夹。"
                )
            if self._sent is not None:
                self._sent[1].unpersist()
            context = pieces.sparkSession.sparkContext
            self._sent = version, context.broadcast(parts_of(listed, self.job.buckets))
        return self._sent[1]


def _changes(found: pa.Table) -> Changes:
    def column(name: str, dtype: Any) -> Any:
        return found[name].to_numpy().astype(dtype)

    return Changes(
        key=column("key", np.int64),
        time=column("time", np.int64),
        kind=column("kind", np.uint8),
        value=column("value", np.float64),
        margin=column("margin", np.float64),
        outcome=np.zeros(0, np.uint8),
    )


def _states(found: pa.Table) -> dict[int, bytes]:
    pairs = zip(found["key"].to_pylist(), found["state"].to_pylist(), strict=True)
    return {key // LEVELS: state for key, state in pairs if state is not None}
