"""Replacing a table while it runs: kept instances go on, new ones bring the state they were warmed to."""

from __future__ import annotations

from bianwang.engine.evaluator import Evaluator
from bianwang.engine.semantics import ChangeKind, Kind
from bianwang.engine.snapshot import changed_keys
from bianwang.engine.table import Instance, compile_table

OLD = Instance(key=8, signal=1, owner=5, kind=Kind.THRESHOLD, limit=10.0, hold_ms=1000)
NEW = Instance(key=16, signal=1, owner=5, kind=Kind.THRESHOLD, limit=20.0, hold_ms=5000)


def test_changed_keys_name_new_changed_and_withdrawn_instances() -> None:
    stricter = Instance(key=8, signal=1, owner=5, kind=Kind.THRESHOLD, limit=9.0, hold_ms=1000)
    both = compile_table([OLD, NEW])
    assert changed_keys(both, both) == (set(), set())
    assert changed_keys(both, compile_table([stricter])) == ({8}, {16})
    assert changed_keys(compile_table([OLD]), both) == ({16}, set())


def test_a_kept_instance_finishes_its_hold_and_a_warmed_one_its_own() -> None:
    running = Evaluator(compile_table([OLD]), 0)
    running.push([1], [0], [30.0], [0])
    warmed = Evaluator(compile_table([NEW]), 0)
    warmed.push([1], [0], [30.0], [0])
    both = Evaluator.restore(compile_table([OLD, NEW]), warmed.snapshot(), running.snapshot())
    changes = both.advance(6000)
    assert list(zip(changes.key.tolist(), changes.time.tolist(), changes.kind.tolist(), strict=True)) == [
        (8, 1000, ChangeKind.BEGAN),
        (16, 5000, ChangeKind.BEGAN),
    ]


def test_last_times_tell_what_has_been_judged() -> None:
    evaluator = Evaluator(compile_table([OLD]), 0)
    assert evaluator.last_times() == {}
    evaluator.push([1, 1], [100, 250], [1.0, 2.0], [0, 0])
    assert evaluator.last_times() == {1: 250}
