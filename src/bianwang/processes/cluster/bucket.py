"""What one bucket of owners does with its messages. Knows neither Spark nor where its state lies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import groupby
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from bianwang.engine import snapshot
from bianwang.engine.changes import Changes, no_changes
from bianwang.engine.evaluator import Evaluator
from bianwang.engine.semantics import ChangeKind
from bianwang.engine.waiting import Readings
from bianwang.modules.rules.episodes import LEVELS
from bianwang.processes.intake.kept import KeptStates
from bianwang.processes.intake.warming import History, NoHistory, Rules, from_history, horizon_ms, take_over
from bianwang.processes.intake.watermark import Clocks
from bianwang.processes.stream.message import Message


class Saved(msgspec.Struct):
    """A bucket's state as bytes: the evaluator's own snapshot, and how far the stream has been read.

    `rules`: version of the rules that it judged by; `seen`: newest message of each slot; `clocks`: how far time has
    passed for each owner (ms); `started_ms`: when the intake last began to listen.
    """

    rules: int
    engine: bytes
    seen: dict[int, int] = {}
    clocks: dict[int, int] = {}
    started_ms: int = 0


@dataclass(frozen=True)
class Beginning:
    """What a bucket without state starts from: the intake's own judge, if it judged before."""

    now_ms: int
    engine: bytes | None = None
    open_keys: tuple[int, ...] = ()
    interrupted: tuple[int, ...] = ()


@dataclass
class Bucket:
    """The owners of some slots, their rules, and the state of judging them."""

    version: int
    rules: Rules
    evaluator: Evaluator
    history: History = field(default_factory=NoHistory)
    seen: dict[int, int] = field(default_factory=dict)
    clocks: dict[int, int] = field(default_factory=dict)
    started_ms: int = 0

    @classmethod
    def begin(cls, version: int, rules: Rules, history: History, start: Beginning) -> tuple[Bucket, Changes]:
        """A bucket that has never judged; what the past says about its rules."""
        if start.engine is not None:
            evaluator = Evaluator.restore(
                rules.table, start.engine, start_ms=start.now_ms, after_outage=True, rest_days=rules.rest_days
            )
        else:
            evaluator = Evaluator(rules.table, start.now_ms - horizon_ms(rules.instances), rules.rest_days)
        evaluator.remember_open(start.open_keys, start.interrupted)
        found = no_changes()
        if start.engine is None:
            found = _together(from_history(rules, history, start.now_ms, evaluator))
        return cls(version, rules, evaluator, history), found

    @classmethod
    def resume(cls, version: int, rules: Rules, history: History, saved: Saved, at_ms: int) -> tuple[Bucket, Changes]:
        """Go on from a saved state; other rules take over at `at_ms`, and what stands by them begins then."""
        evaluator = Evaluator.restore(rules.table, saved.engine, rest_days=rules.rest_days)
        found = no_changes()
        if saved.rules != version:
            known = snapshot.load(saved.engine).fingerprints()
            marks = dict(zip(rules.table.keys.tolist(), rules.table.fingerprints.tolist(), strict=True))
            added = tuple(each for each in rules.instances if known.get(each.key) != marks[each.key])
            judged, clocks = evaluator.last_times(), _clocks(saved.clocks)
            evaluator, changes = take_over(saved.engine, judged, added, rules, history, clocks, at_ms)
            found = _together(changes)
        return cls(version, rules, evaluator, history, dict(saved.seen), dict(saved.clocks), saved.started_ms), found

    def save(self) -> Saved:
        """The state to go on from."""
        return Saved(self.version, self.evaluator.snapshot(), self.seen, self.clocks, self.started_ms)

    def judge(self, messages: Iterable[Message]) -> Changes:
        """Judge the messages that are new, in their order; repeats are passed over."""
        new = [each for each in sorted(messages, key=lambda each: each.number) if self._is_new(each)]
        return _together(
            changes
            for started_ms, run in groupby(new, lambda each: each.started_ms)
            for changes in self._run(started_ms, list(run))
        )

    def _is_new(self, message: Message) -> bool:
        if message.number <= self.seen.get(message.slot, 0):
            return False
        self.seen[message.slot] = message.number
        return True

    def _run(self, started_ms: int, messages: list[Message]) -> Iterator[Changes]:
        """Messages between which the intake did not start anew: however they are cut, the changes are the same."""
        if started_ms > self.started_ms:
            self.started_ms = started_ms
            self.evaluator.forgive_outage(started_ms)
        readings = Readings(
            *(np.concatenate(column) for column in zip(*(_columns(each) for each in messages), strict=True))
        )
        yield self.evaluator.push(readings.signal, readings.time, readings.value, readings.quality)
        owners = np.concatenate([each.clocks.owners for each in messages])
        at = np.concatenate([each.clocks.at for each in messages])
        if len(owners):
            # Written in the order of the messages, so of several clocks of an owner the last stays.
            told = dict(zip(owners.tolist(), at.tolist(), strict=True))
            self.clocks |= told
            clocks = _clocks(told)
            yield self.evaluator.advance(clocks.at, clocks.owners)


def kept_states(rules: Rules, before: bytes, changes: Changes) -> Mapping[int, bytes]:
    """By binding that begins in the changes and looks back without bound: its state in the snapshot `before`."""
    begun = set(np.unique(changes.key[changes.kind == ChangeKind.BEGAN] // LEVELS).tolist())
    instances = [each for each in rules.instances if each.key // LEVELS in begun]
    if not any(each.horizon_ms is None for each in instances):
        return {}
    return KeptStates.take(instances, before, rules.rest_days).of(changes)


def _columns(message: Message) -> tuple[NDArray[Any], ...]:
    readings = message.readings
    return readings.signal, readings.time, readings.value, readings.quality


def _clocks(told: Mapping[int, int]) -> Clocks:
    return Clocks(np.fromiter(told.keys(), np.int64, len(told)), np.fromiter(told.values(), np.int64, len(told)))


def _together(found: Iterable[Changes]) -> Changes:
    return reduce(Changes.followed_by, found, no_changes())
