"""Judging beside a real store: rules of several signals, restarts, changes of rules, late readings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bianwang.engine.changes import Changes
from bianwang.engine.evaluator import Evaluator
from bianwang.engine.formula import SignalSpec, Signature
from bianwang.engine.program import compile_formula
from bianwang.engine.semantics import ChangeKind
from bianwang.engine.table import Instance, compile_table
from bianwang.modules.rules.episodes import LEVELS
from bianwang.processes.intake.judging import Applied, EngineJudge, RuleSet
from bianwang.processes.intake.late import LatePass
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.store import TelemetryStore

T = 1_790_000_000_000
INSIDE, TEST = 1, 2
BEGAN, ENDED = ChangeKind.BEGAN, ChangeKind.ENDED
Told = tuple[int, int, ChangeKind]
Reading = tuple[int, int, float]


def rule(text: str, key: int = 8, **fields: Any) -> Instance:
    signature = Signature({"inside": SignalSpec(initial=0.0), "test": SignalSpec(initial=0.0)})
    program = compile_formula(text, signature)
    signals = tuple({"inside": INSIDE, "test": TEST}[name] for name in program.signals)
    return Instance(key=key, owner=7, program=program, signals=signals, **fields)


ENTRY = rule("rise(inside > 0) and not once[0, 30min](rise(test == 1))")
CROWD = rule("inside > 3", 16, hold_ms=5_000)


class Collected:
    """An outbox that keeps what it is told, and writes snapshots at once."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.late_told: list[Told] = []
        self.withdrawn: list[set[int]] = []
        self.states: dict[int, bytes] = {}

    def changes(self, changes: Changes, seq: int, states: Mapping[int, bytes]) -> None:
        self.told += rows(changes)
        self.states.update(states)

    def late(self, changes: Changes) -> None:
        self.late_told += rows(changes)

    def rule_change(self, keys: set[int], at_ms: int, rules: RuleSet) -> None:
        self.withdrawn.append(keys)

    def then(self, do: Callable[[], None]) -> None:
        do()


def rows(changes: Changes) -> list[Told]:
    return [
        (key, time, ChangeKind(kind))
        for key, time, kind in zip(changes.key.tolist(), changes.time.tolist(), changes.kind.tolist(), strict=True)
    ]


class Plant:
    """A judge with its store; `send` does what the pipeline does with one batch."""

    def __init__(self, folder: Path, store: TelemetryStore, *rules: Instance, applied: Applied | None = None) -> None:
        self.folder, self.store, self.outbox = folder, store, Collected()
        self.rules = RuleSet.build(list(rules), frozenset())
        self.judge = EngineJudge.recover(
            store, self.outbox, self.rules, folder / "snapshots", T, applied or Applied(0, (), ())
        )

    def send(self, now: int, *readings: Reading) -> list[Told]:
        """Readings (signal, time, value) that arrive at `now`; what is told of them and of the time that passed."""
        columns = list(zip(*readings, strict=True)) or [(), (), ()]
        batch = Columns.of(np.array(columns[0], np.uint32), np.array(columns[1], np.int64), np.array(columns[2], float))
        batch.received[:] = now
        before = len(self.outbox.told)
        self.judge.admit(batch, now)
        if len(batch):
            self.store.write(batch)
        self.judge.push(batch, now)
        return self.outbox.told[before:]

    def change_rules(self, *rules: Instance) -> None:
        self.judge.change_rules(RuleSet.build(list(rules), frozenset()))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TelemetryStore]:
    opened = TelemetryStore(tmp_path / "telemetry")
    yield opened
    opened.close()


def settle(plant: Plant, now: int) -> list[Told]:
    """Time passes until nothing is outstanding any more: devices are known to be prompt a minute after the start."""
    found: list[Told] = []
    for at in range(now, now + 130_000, 10_000):
        found += plant.send(at)
    return found


def test_readings_of_two_devices_may_come_in_any_order(tmp_path: Path, store: TelemetryStore) -> None:
    plant = Plant(tmp_path, store, ENTRY)
    # The test was passed before anybody entered, but is heard after; in the second batch nobody tested.
    first = plant.send(T + 1_000, (INSIDE, T + 900, 1.0), (TEST, T + 500, 1.0), (TEST, T + 600, 0.0))
    first += settle(plant, T + 2_000)
    assert first == []
    later = T + 40 * 60_000
    second = plant.send(later, (INSIDE, later - 20, 0.0), (INSIDE, later - 10, 2.0))
    second += settle(plant, later + 1_000)
    assert second == [(8, later - 10, BEGAN), (8, later - 10, ENDED)]


def test_what_waits_survives_a_restart(tmp_path: Path, store: TelemetryStore) -> None:
    plant = Plant(tmp_path, store, ENTRY)
    assert plant.send(T + 1_000, (INSIDE, T + 900, 1.0)) == []
    plant.judge.save()
    seen = plant.send(T + 1_100, (TEST, T + 1_050, 1.0))
    again = Plant(tmp_path, store, ENTRY)
    assert seen + settle(again, T + 2_000) == [(8, T + 900, BEGAN), (8, T + 900, ENDED)]


def test_without_a_snapshot_the_stored_readings_are_judged_again(tmp_path: Path, store: TelemetryStore) -> None:
    Plant(tmp_path, store, ENTRY).send(T - 60_000, (TEST, T - 61_000, 1.0), (TEST, T - 60_500, 0.0))
    again = Plant(tmp_path, store, ENTRY, applied=Applied(3, (), ()))
    assert again.send(T + 1_000, (INSIDE, T + 900, 1.0)) + settle(again, T + 2_000) == []
    much_later = T + 31 * 60_000
    found = again.send(much_later, (INSIDE, much_later - 5, 0.0), (INSIDE, much_later - 1, 1.0))
    assert (8, much_later - 1, BEGAN) in found + settle(again, much_later + 1_000)


def test_a_formula_without_bound_gives_its_state_with_what_begins(tmp_path: Path, store: TelemetryStore) -> None:
    unbounded = rule("rise(inside > 0) and once rise(test == 1)")
    plant = Plant(tmp_path, store, unbounded, CROWD)
    plant.send(T + 1_000, (TEST, T + 900, 1.0))
    settle(plant, T + 2_000)
    plant.judge.save()
    later = T + 300_000
    people = (INSIDE, later, 9.0)
    found = plant.send(later, people) + settle(plant, later + 1_000)
    assert (8, later, BEGAN) in found
    assert (16, later + 5_000, BEGAN) in found
    assert list(plant.outbox.states) == [8 // LEVELS], "the readings in the store give a bounded formula's state"
    again = Evaluator.restore(compile_table([unbounded]), plant.outbox.states[8 // LEVELS])
    assert T + 900 < again.outstanding_ms <= later
    again.push([INSIDE], [people[1]], [people[2]], [0])
    assert rows(again.advance(later + 1))[0] == (8, later, BEGAN)


def test_a_change_of_rules_keeps_the_hold_of_the_others_and_warms_the_new(
    tmp_path: Path, store: TelemetryStore
) -> None:
    plant = Plant(tmp_path, store, CROWD)
    plant.send(T + 1_000, (INSIDE, T + 1_000, 5.0), (TEST, T + 1_000, 1.0))
    plant.change_rules(CROWD, rule("inside > 4", 24))
    found = plant.send(T + 3_000, (TEST, T + 3_000, 1.0))
    assert found == [(24, T + 3_000, BEGAN)]
    assert settle(plant, T + 4_000) == [(16, T + 6_000, BEGAN)]
    plant.change_rules(CROWD)
    plant.send(T + 200_000, (INSIDE, T + 200_000, 5.0))
    assert plant.outbox.withdrawn == [{24}]


def test_late_readings_are_judged_afterwards(tmp_path: Path, store: TelemetryStore) -> None:
    plant = Plant(tmp_path, store, ENTRY)
    plant.send(T + 1_000, (TEST, T + 1_000, 0.0))
    settle(plant, T + 2_000)
    late = LatePass(store, plant.outbox)
    plant.judge.note_late = late.note
    now = T + 200_000
    assert plant.send(now, (INSIDE, T + 5_000, 1.0)) == []
    assert settle(plant, now + 1_000) == []
    late.run(plant.rules)
    assert plant.outbox.late_told == [(8, T + 5_000, BEGAN), (8, T + 5_000, ENDED)]


def test_a_device_may_be_late_within_what_it_declares(tmp_path: Path, store: TelemetryStore) -> None:
    plant = Plant(tmp_path, store, rule("rise(inside > 3)", lateness_ms=90_000))
    settle(plant, T)
    now = T + 200_000
    found = plant.send(now, (INSIDE, now, 1.0))
    found += plant.send(now + 60_000, (INSIDE, now - 25_000, 5.0), (INSIDE, now - 20_000, 4.0))
    assert found + settle(plant, now + 61_000) == [(8, now - 25_000, BEGAN), (8, now - 25_000, ENDED)]
