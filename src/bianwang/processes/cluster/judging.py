"""The part of a batch that runs on Spark's workers: one task judges one bucket."""

from __future__ import annotations

import gc
import json
import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bianwang.engine.calendar import RestDays
from bianwang.engine.changes import Changes
from bianwang.engine.table import Instance, compile_table
from bianwang.modules.rules.episodes import LEVELS
from bianwang.processes.cluster.bucket import Bucket, kept_states
from bianwang.processes.cluster.states import Job, Plan, States
from bianwang.processes.intake.warming import History, Rules
from bianwang.processes.stream.ends import reader
from bianwang.processes.stream.message import SLOTS, Message, decode

if TYPE_CHECKING:
    from pyspark.core.broadcast import Broadcast

RESULT = "key long, time long, kind short, value double, margin double, state binary"
"""A verdict change; `state`: of a beginning by a formula that looks back without bound, what it remembered before."""

Listed = tuple[tuple[Instance, ...], RestDays]


def are_same(one: Listed, other: Listed) -> bool:
    """Whether two lists judge the same."""
    (instances, rest), (others, other_rest) = one, other
    if rest.first_day != other_rest.first_day or not np.array_equal(rest.days, other_rest.days):
        return False
    return instances is others or instances == others


def parts_of(listed: Listed, buckets: int) -> list[bytes]:
    """The rules of each bucket, ready to be sent."""
    instances, rest_days = listed
    parts: list[list[Instance]] = [[] for _ in range(buckets)]
    for instance in instances:
        parts[instance.owner % SLOTS % buckets].append(instance)
    return [pickle.dumps((tuple(part), rest_days), pickle.HIGHEST_PROTOCOL) for part in parts]


@lru_cache(maxsize=64)
def rules_of(part: bytes) -> Rules:
    """Laid out once a worker process and version."""
    instances, rest_days = pickle.loads(part)  # noqa: S301 - sent by our own driver
    rules = Rules(instances, compile_table(instances), rest_days)
    # Spark's worker collects garbage after every task, and would look through all of them each time.
    gc.freeze()
    return rules


@dataclass(frozen=True)
class Judging:
    """Judges one batch; called by Spark with the pieces of the stream that are a bucket's."""

    stream: str
    states: States
    job: Job
    batch: int
    plan: Plan
    parts: Broadcast[list[bytes]]
    history: History

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Verdict changes as RESULT; the bucket's state is kept before Spark hears that the task is done."""
        for bucket, start, end in (row.values() for batch in batches for row in batch.to_pylist()):
            slots = range(bucket, SLOTS, self.job.buckets)
            payloads = reader(self.stream).read(json.loads(start), json.loads(end), slots)
            messages = [decode(payload) for payload in payloads]
            if messages:
                yield self._judge(bucket, messages)

    def _judge(self, number: int, messages: Iterable[Message]) -> pa.RecordBatch:
        rules, saved = rules_of(self.parts.value[number]), self.states.before(self.job, number, self.batch)
        if saved is None:
            beginning = self.states.beginning()
            assert beginning is not None  # noqa: S101 - kept before the first batch
            bucket, found = Bucket.begin(self.plan.rules, rules, self.history, beginning)
            before = bucket.evaluator.snapshot()
        else:
            bucket, found = Bucket.resume(self.plan.rules, rules, self.history, saved, self.plan.at_ms)
            before = saved.engine
        found = found.followed_by(bucket.judge(messages))
        self.states.save(self.job, number, self.batch, bucket.save())
        return _result(found, rules, before)


def _result(changes: Changes, rules: Rules, before: bytes) -> pa.RecordBatch:
    states = kept_states(rules, before, changes)
    columns = [changes.key, changes.time, changes.kind.astype("i2"), changes.value, changes.margin]
    remembered = pa.array([states.get(key // LEVELS) for key in changes.key.tolist()], pa.binary())
    names = ["key", "time", "kind", "value", "margin", "state"]
    return pa.RecordBatch.from_arrays([*map(pa.array, columns), remembered], names)
