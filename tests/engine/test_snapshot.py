"""State survives as bytes, follows its instances into another table, and damage is noticed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from bianwang.engine.evaluator import Evaluator
from bianwang.engine.semantics import ChangeKind, Kind
from bianwang.engine.snapshot import SnapshotError
from bianwang.engine.table import Instance, compile_table


def threshold(**fields: Any) -> Instance:
    common = {"key": 1, "signal": 1, "owner": 1, "kind": Kind.THRESHOLD, "limit": 10.0, "hold_ms": 100}
    return Instance(**{**common, **fields})


def silence(**fields: Any) -> Instance:
    return Instance(**{"key": 2, "signal": 1, "owner": 1, "kind": Kind.SILENCE, "window_ms": 100, **fields})


def rate(**fields: Any) -> Instance:
    common = {"signal": 1, "owner": 1, "kind": Kind.RATE, "limit": 5.0, "window_ms": 100}
    return Instance(**{**common, **fields})


def running(*rules: Instance) -> Evaluator:
    evaluator = Evaluator(compile_table(rules), 0)
    evaluator.push([1], [0], [11.0], [0])
    return evaluator


def test_a_restored_evaluator_finishes_a_hold_that_had_begun() -> None:
    evaluator = running(threshold())
    restored = Evaluator.restore(evaluator.table, evaluator.snapshot())
    assert restored.advance(101).time.tolist() == [100]


def test_a_changed_rule_starts_anew_and_its_neighbours_go_on() -> None:
    data = running(threshold(), threshold(key=3)).snapshot()
    table = compile_table([threshold(limit=10.5), threshold(key=3), threshold(key=4)])
    restored = Evaluator.restore(table, data)
    assert restored.advance(1000).key.tolist() == [3]
    # The signal's own time is kept: an older sample stays late for the new rules too.
    assert restored.push([1], [0], [11.0], [0]).duplicate_count == 1


def test_windows_follow_their_rule_to_another_row() -> None:
    data = running(rate(key=7), rate(key=8, limit=1.0)).snapshot()
    table = compile_table([rate(key=8, limit=1.0), rate(key=9), rate(key=7)])
    changes = Evaluator.restore(table, data).push([1], [100], [20.0], [0])
    assert sorted(zip(changes.key.tolist(), changes.value.tolist(), strict=True)) == [(7, 9.0), (8, 9.0)]


def test_silence_of_a_new_rule_counts_from_when_it_was_added() -> None:
    data = running(threshold()).snapshot()
    restored = Evaluator.restore(compile_table([silence()]), data, start_ms=5_000)
    assert restored.advance(10_000).time.tolist() == [5_100]


def test_a_restart_is_no_silence_of_the_device() -> None:
    evaluator = running(silence())
    restored = Evaluator.restore(evaluator.table, evaluator.snapshot(), start_ms=5_000, after_outage=True)
    assert len(restored.advance(5_100)) == 0
    assert restored.advance(5_101).time.tolist() == [5_100]


def test_a_silence_reported_before_the_restart_stays_open_until_the_device_speaks() -> None:
    evaluator = running(silence())
    evaluator.advance(200)
    restored = Evaluator.restore(evaluator.table, evaluator.snapshot(), start_ms=5_000, after_outage=True)
    assert len(restored.advance(9_000)) == 0
    assert restored.push([1], [9_500], [1.0], [0]).kind.tolist() == [ChangeKind.ENDED]


def remembering(*instances: Instance, interrupted: bool = False) -> Evaluator:
    """An evaluator that has lost its state, and is told that all was open."""
    keys = {instance.key for instance in instances}
    evaluator = Evaluator(compile_table(list(instances)), 0)
    evaluator.remember_open(() if interrupted else keys, keys if interrupted else ())
    return evaluator


def test_what_others_remember_as_open_does_not_begin_again_and_ends() -> None:
    evaluator = remembering(threshold())
    assert len(evaluator.push([1, 1], [0, 10], [11.0, 12.0], [0, 0])) == 0
    assert evaluator.push([1], [20], [1.0], [0]).kind.tolist() == [ChangeKind.ENDED]


def test_what_others_remember_as_open_ends_with_the_first_good_sample() -> None:
    for instance in (threshold(), silence()):
        assert remembering(instance).push([1], [5], [1.0], [0]).kind.tolist() == [ChangeKind.ENDED]


def test_what_others_remember_as_interrupted_resumes_or_ends() -> None:
    assert remembering(threshold(), interrupted=True).push([1], [5], [12.0], [0]).kind.tolist() == [ChangeKind.RESUMED]
    assert remembering(threshold(), interrupted=True).push([1], [5], [1.0], [0]).kind.tolist() == [ChangeKind.ENDED]


def test_votes_and_the_band_of_what_was_open_count_as_true() -> None:
    voted = remembering(threshold(m=3, n=2))
    assert len(voted.push([1, 1], [0, 10], [12.0, 1.0], [0, 0])) == 0
    assert voted.push([1], [20], [1.0], [0]).kind.tolist() == [ChangeKind.ENDED]
    assert len(remembering(threshold(hysteresis=5.0)).push([1], [0], [8.0], [0])) == 0


def test_what_the_snapshot_knows_is_not_overruled() -> None:
    evaluator = running(threshold())
    evaluator.remember_open({1})
    assert evaluator.advance(101).kind.tolist() == [ChangeKind.BEGAN]


def test_equal_state_gives_equal_bytes() -> None:
    assert running(threshold(), silence()).snapshot() == running(threshold(), silence()).snapshot()


@given(st.data())
def test_any_damage_is_refused_in_words(data: st.DataObject) -> None:
    good = running(threshold(), silence()).snapshot()
    position = data.draw(st.integers(0, len(good) - 1))
    flipped = bytes([good[position] ^ data.draw(st.integers(1, 255))])
    cut = data.draw(st.integers(0, len(good) - 1))
    for damaged in (good[:position] + flipped + good[position + 1 :], good[:cut]):
        with pytest.raises(SnapshotError, match="快照"):
            Evaluator.restore(compile_table([threshold()]), damaged)
