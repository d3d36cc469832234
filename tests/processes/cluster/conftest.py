"""The recorded day as the embedded judge told it, and as the intake handed it on to a stream."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from bianwang.engine.changes import Changes
from bianwang.engine.table import Instance
from bianwang.processes.intake.judging import Applied, EngineJudge
from bianwang.processes.stream.folder import FolderPublisher, FolderReader
from bianwang.processes.stream.forwarding import Forwarder
from bianwang.processes.stream.message import SLOTS, Message, decode
from bianwang.telemetry.store import TelemetryStore
from tests.processes.cluster import day


def batches_of(folder: Path) -> list[list[Message]]:
    """The messages of a stream, by file."""
    reader = FolderReader(folder)
    place, found = reader.first(), []
    while (following := reader.next(place, reader.last(), 1)) != place:
        found.append([decode(payload) for payload in reader.read(place, following, range(SLOTS))])
        place = following
    return found


@dataclass(frozen=True)
class Recorded:
    """`stream`: the folder of messages; `told`: every verdict change of the embedded judge, sorted."""

    stream: Path
    told: list[day.Told]
    start_ms: int


class Collected:
    """An outbox that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[day.Told] = []

    def changes(self, changes: Changes, seq: int, states: Mapping[int, bytes]) -> None:
        self.told += day.told(changes)

    def late(self, changes: Changes) -> None:
        raise AssertionError("nobody judges late readings here")

    def rule_change(self, keys: set[int], at_ms: int, instances: Sequence[Instance]) -> None:
        raise AssertionError("the rules do not change")

    def then(self, do: Callable[[], None]) -> None:
        do()


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """Both paths get every batch as the intake's pipeline would give it."""
    folder = tmp_path_factory.mktemp("day")
    store, outbox, rules = TelemetryStore(folder / "telemetry"), Collected(), day.rule_set()
    start_ms = day.FIRST_MS
    judge = EngineJudge.recover(store, outbox, rules, folder / "snapshots", start_ms, Applied(0, (), ()))
    stream = FolderPublisher(folder / "stream")
    forwarder = Forwarder.recover(store, stream, day.all_owners(), rules, folder / "forwarded", start_ms, 0)
    lateness = np.full(1 + max(rules.table.signals), day.LATE_MS, np.int64)
    for batch, now_ms in day.batches(day.readings()):
        screened = store.screen(batch, lateness, now_ms + 300_000)
        copy = screened.take(np.arange(len(screened)))
        judge.admit(screened, now_ms)
        forwarder.admit(copy, now_ms)
        forwarder.publish(copy, now_ms)
        store.write(screened)
        judge.push(screened, now_ms)
        forwarder.push(copy, now_ms)
    assert store.duplicates > 100
    assert store.count() > store.count() - int((~store.since(0).judged).sum()) > 30_000
    store.close()
    return Recorded(folder / "stream", sorted(outbox.told), start_ms)
