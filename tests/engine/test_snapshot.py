"""State survives as bytes, follows its instances into another table, and damage is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from bianwang.engine.evaluator import Evaluator
from bianwang.engine.semantics import ChangeKind
from bianwang.engine.snapshot import SnapshotError
from bianwang.engine.table import Instance, changed_keys, compile_table
from tests.engine.rules import rule, told

HELD = rule("x > 10", hold_ms=100)
SILENT = rule("stale(x, 100ms)", 2)


def running(*rules: Instance) -> Evaluator:
    evaluator = Evaluator(compile_table(rules), 0)
    evaluator.push([1], [0], [11.0], [0])
    return evaluator


def test_a_restored_evaluator_finishes_a_hold_that_had_begun() -> None:
    evaluator = running(HELD)
    restored = Evaluator.restore(evaluator.table, evaluator.snapshot())
    assert restored.advance(101).time.tolist() == [100]


def test_a_changed_rule_starts_anew_and_its_neighbours_go_on() -> None:
    data = running(HELD, rule("x > 10", 3, hold_ms=100)).snapshot()
    table = compile_table([rule("x > 10.5", hold_ms=100), rule("x > 10", 3, hold_ms=100), rule("x > 10", 4)])
    restored = Evaluator.restore(table, data)
    assert restored.advance(1000).key.tolist() == [3]
    # The signal's own time is kept: the same sample is a duplicate for the new rules too.
    assert restored.push([1], [0], [11.0], [0]).duplicate_count == 1


def test_a_changed_parameter_hold_or_signal_makes_another_rule() -> None:
    base = rule("x > limit", parameters=(10.0,))
    for other in (
        rule("x > limit", parameters=(11.0,)),
        rule("x > limit", parameters=(10.0,), hold_ms=1),
        rule("x > limit", parameters=(10.0,), signals=(2,)),
    ):
        assert changed_keys(compile_table([base]), compile_table([other])) == ({1}, set())
    assert changed_keys(compile_table([base]), compile_table([base])) == (set(), set())
    assert changed_keys(compile_table([base]), compile_table([])) == (set(), {1})


def test_windows_follow_their_rule_to_another_row() -> None:
    delta = "delta[0, 100ms](x) > {}"
    data = running(rule(delta.format(5), 7), rule(delta.format(1), 8)).snapshot()
    table = compile_table([rule(delta.format(1), 8), rule(delta.format(5), 9), rule(delta.format(5), 7)])
    changes = Evaluator.restore(table, data).push([1], [100], [20.0], [0])
    assert sorted(zip(changes.key.tolist(), changes.value.tolist(), strict=True)) == [(7, 9.0), (8, 9.0)]


def test_readings_that_wait_are_in_the_snapshot() -> None:
    evaluator = Evaluator(compile_table([rule("x > 10 and y > 10")]), 0)
    evaluator.push([2, 1], [7, 5], [11.0, 11.0], [0, 0])
    restored = Evaluator.restore(evaluator.table, evaluator.snapshot())
    assert told(restored.advance(8)) == [(1, 7, ChangeKind.BEGAN)]


def test_silence_of_a_new_rule_counts_from_when_it_was_added() -> None:
    data = running(HELD).snapshot()
    restored = Evaluator.restore(compile_table([SILENT]), data, start_ms=5_000)
    assert restored.advance(10_000).time.tolist() == [5_100]


def test_a_restart_is_no_silence_of_the_device() -> None:
    evaluator = running(SILENT)
    restored = Evaluator.restore(evaluator.table, evaluator.snapshot(), start_ms=5_000, after_outage=True)
    assert len(restored.advance(5_100)) == 0
    assert restored.advance(5_101).time.tolist() == [5_100]


def test_a_silence_reported_before_the_restart_stays_open_until_the_device_speaks() -> None:
    evaluator = running(SILENT)
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
    evaluator = remembering(HELD)
    assert len(evaluator.push([1, 1], [0, 10], [11.0, 12.0], [0, 0])) == 0
    assert evaluator.push([1], [20], [1.0], [0]).kind.tolist() == [ChangeKind.ENDED]


def test_what_others_remember_as_open_ends_with_the_first_good_sample() -> None:
    for instance in (HELD, SILENT):
        assert remembering(instance).push([1], [5], [1.0], [0]).kind.tolist() == [ChangeKind.ENDED]


def test_what_others_remember_as_interrupted_resumes_or_ends() -> None:
    assert remembering(HELD, interrupted=True).push([1], [5], [12.0], [0]).kind.tolist() == [ChangeKind.RESUMED]
    assert remembering(HELD, interrupted=True).push([1], [5], [1.0], [0]).kind.tolist() == [ChangeKind.ENDED]


def test_votes_and_the_band_of_what_was_open_count_as_true() -> None:
    voted = remembering(rule("votes(2, 3, x > 10)"))
    assert len(voted.push([1, 1], [0, 10], [12.0, 1.0], [0, 0])) == 0
    assert voted.push([1], [20], [1.0], [0]).kind.tolist() == [ChangeKind.ENDED]
    assert len(remembering(rule("hysteresis(x > 10, 5)")).push([1], [0], [8.0], [0])) == 0


def test_what_the_snapshot_knows_is_not_overruled() -> None:
    evaluator = running(HELD)
    evaluator.remember_open({1})
    assert evaluator.advance(101).kind.tolist() == [ChangeKind.BEGAN]


def test_a_warmed_rule_and_a_kept_one_both_go_on() -> None:
    kept, new = rule("x > 10", 8, hold_ms=1000), rule("x > 20", 16, hold_ms=5000)
    before, warmed = Evaluator(compile_table([kept]), 0), Evaluator(compile_table([new]), 0)
    for evaluator in (before, warmed):
        evaluator.push([1], [0], [30.0], [0])
    both = Evaluator.restore(compile_table([kept, new]), warmed.snapshot(), before.snapshot())
    assert told(both.advance(6000)) == [(8, 1000, ChangeKind.BEGAN), (16, 5000, ChangeKind.BEGAN)]


def test_last_times_tell_what_has_been_judged_or_waits() -> None:
    evaluator = Evaluator(compile_table([HELD, rule("x > 1 and y > 1", 2)]), 0)
    assert evaluator.last_times() == {}
    evaluator.push([1, 1, 2], [100, 250, 70], [1.0, 2.0, 3.0], [0, 0, 0])
    assert evaluator.last_times() == {1: 250, 2: 70}


def test_equal_state_gives_equal_bytes() -> None:
    assert running(HELD, SILENT).snapshot() == running(HELD, SILENT).snapshot()


@given(st.data())
def test_any_damage_is_refused_in_words(data: st.DataObject) -> None:
    good = running(HELD, SILENT).snapshot()
    position = data.draw(st.integers(0, len(good) - 1))
    flipped = bytes([good[position] ^ data.draw(st.integers(1, 255))])
    cut = data.draw(st.integers(0, len(good) - 1))
    for damaged in (good[:position] + flipped + good[position + 1 :], good[:cut]):
        with pytest.raises(SnapshotError, match="快照"):
            Evaluator.restore(compile_table([HELD]), damaged)
