"""Every corner of the semantics, one example each, with exact milliseconds, for both evaluators."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from bianwang.engine.evaluator import Evaluator
from bianwang.engine.reference import ReferenceEvaluator
from bianwang.engine.semantics import ChangeKind, Kind, Op, Outcome
from bianwang.engine.table import Instance, compile_table

BEGAN, ENDED = ChangeKind.BEGAN, ChangeKind.ENDED
INTERRUPTED, RESUMED = ChangeKind.INTERRUPTED, ChangeKind.RESUMED
BAD = math.nan


def threshold(**fields: Any) -> Instance:
    return Instance(**{"key": 1, "signal": 1, "owner": 1, "kind": Kind.THRESHOLD, "limit": 10.0, **fields})


def rate(**fields: Any) -> Instance:
    common = {"key": 1, "signal": 1, "owner": 1, "kind": Kind.RATE, "limit": 5.0, "window_ms": 100}
    return Instance(**{**common, **fields})


def silence(**fields: Any) -> Instance:
    return Instance(**{"key": 1, "signal": 1, "owner": 1, "kind": Kind.SILENCE, "window_ms": 100, **fields})


def changes(rule: Instance, samples: list[tuple[int, float]], until: int, start: int = 0) -> list[tuple[int, Any]]:
    """(time, kind) of all changes before ``until``; the two evaluators must give the same."""
    reference = ReferenceEvaluator([rule], start)
    expected, _ = reference.push([(1, time, value, 0) for time, value in samples])
    expected += reference.advance(until)
    evaluator = Evaluator(compile_table([rule]), start)
    times, values = [time for time, _ in samples], [value for _, value in samples]
    pushed = evaluator.push([1] * len(samples), times, values, [0] * len(samples))
    got = pushed.followed_by(evaluator.advance(until))
    found = list(zip(got.time.tolist(), [ChangeKind(kind) for kind in got.kind], strict=True))
    assert found == [(change.time, change.kind) for change in expected]
    return found


@pytest.mark.parametrize(
    ("op", "good", "bad"),
    [
        (Op.GT, 10.0, math.nextafter(10.0, 11.0)),
        (Op.GE, math.nextafter(10.0, 9.0), 10.0),
        (Op.LT, 10.0, math.nextafter(10.0, 9.0)),
        (Op.LE, math.nextafter(10.0, 11.0), 10.0),
        (Op.OUTSIDE, 20.0, math.nextafter(20.0, 21.0)),
        (Op.OUTSIDE, 10.0, math.nextafter(10.0, 9.0)),
    ],
)
def test_each_comparison_is_exact_at_its_limit(op: Op, good: float, bad: float) -> None:
    rule = threshold(op=op, limit_high=20.0)
    assert changes(rule, [(0, good), (10, bad), (20, good)], 30) == [(10, BEGAN), (20, ENDED)]


def test_hysteresis_ends_a_verdict_only_when_the_value_has_come_back_by_its_width() -> None:
    samples = [(0, 11.0), (10, 9.0), (20, 8.5), (30, 8.0), (40, 9.0), (50, 11.0)]
    assert changes(threshold(hysteresis=2.0), samples, 60) == [(0, BEGAN), (30, ENDED), (50, BEGAN)]


def test_a_first_value_inside_the_hysteresis_band_is_good() -> None:
    assert changes(threshold(hysteresis=2.0), [(0, 9.0)], 100) == []


def test_a_value_in_the_band_after_bad_data_is_what_it_was_before() -> None:
    samples = [(0, 11.0), (10, BAD), (20, 9.0)]
    assert changes(threshold(hysteresis=2.0), samples, 30) == [(0, BEGAN), (10, INTERRUPTED), (20, RESUMED)]


def test_a_hold_runs_out_between_samples_at_its_exact_time() -> None:
    assert changes(threshold(hold_ms=5000), [(1000, 11.0)], 6001) == [(6000, BEGAN)]


def test_what_is_due_at_now_waits_for_time_to_pass_it() -> None:
    assert changes(threshold(hold_ms=5000), [(1000, 11.0)], 6000) == []


def test_a_sample_at_the_end_of_a_hold_can_still_break_it() -> None:
    assert changes(threshold(hold_ms=5000), [(1000, 11.0), (6000, 9.0)], 20_000) == []
    assert changes(threshold(hold_ms=5000), [(1000, 11.0), (6000, 12.0)], 20_000) == [(6000, BEGAN)]
    assert changes(threshold(hold_ms=5000), [(1000, 11.0), (6001, 9.0)], 20_000) == [(6000, BEGAN), (6001, ENDED)]


def test_bad_data_breaks_a_hold_which_then_counts_anew() -> None:
    samples = [(0, 11.0), (3000, BAD), (3500, 11.0)]
    assert changes(threshold(hold_ms=5000), samples, 20_000) == [(8500, BEGAN)]


def test_a_verdict_ends_after_its_quiet_time() -> None:
    samples = [(0, 11.0), (100, 9.0), (150, 11.0), (200, 9.0)]
    assert changes(threshold(quiet_ms=60), samples, 1000) == [(0, BEGAN), (260, ENDED)]


def test_bad_data_breaks_the_quiet_time_and_the_verdict_stays_open() -> None:
    samples = [(0, 11.0), (100, 9.0), (150, BAD), (200, 9.0)]
    expected = [(0, BEGAN), (150, INTERRUPTED), (260, ENDED)]
    assert changes(threshold(quiet_ms=60), samples, 1000) == expected


def test_an_interrupted_verdict_is_not_interrupted_again_before_it_resumes() -> None:
    samples = [(0, 11.0), (10, BAD), (20, 9.0), (30, BAD), (40, 11.0), (50, BAD)]
    expected = [(0, BEGAN), (10, INTERRUPTED), (40, RESUMED), (50, INTERRUPTED)]
    assert changes(threshold(quiet_ms=60), samples, 60) == expected


def test_bad_data_alone_raises_and_ends_nothing() -> None:
    assert changes(threshold(op=Op.LT), [(0, BAD), (10, BAD)], 100) == []
    assert changes(threshold(), [(0, 11.0), (10, BAD)], 10_000) == [(0, BEGAN), (10, INTERRUPTED)]


def test_a_resumed_verdict_needs_no_new_hold() -> None:
    samples = [(0, 11.0), (60, BAD), (70, 11.0)]
    assert changes(threshold(hold_ms=50), samples, 80) == [(50, BEGAN), (60, INTERRUPTED), (70, RESUMED)]


def test_an_open_verdict_whose_signal_falls_silent_is_interrupted_when_the_sample_goes_stale() -> None:
    samples = [(0, 11.0), (30_000, 12.0), (95_000, 9.0)]
    expected = [(0, BEGAN), (90_000, INTERRUPTED), (95_000, ENDED)]
    assert changes(threshold(stale_ms=60_000), samples, 100_000) == expected


def test_a_sample_at_the_stale_instant_prevents_it() -> None:
    assert changes(threshold(stale_ms=60), [(0, 11.0), (60, 11.0)], 100) == [(0, BEGAN)]


def test_going_stale_breaks_a_hold() -> None:
    assert changes(threshold(stale_ms=60, hold_ms=60), [(0, 11.0)], 1000) == []


def test_three_of_five_counts_samples_not_time() -> None:
    samples = [(0, 11.0), (10, 9.0), (20, 11.0), (30, 9.0), (500, 11.0), (510, 9.0), (520, 9.0)]
    assert changes(threshold(n=3, m=5), samples, 1000) == [(500, BEGAN), (510, ENDED)]


def test_n_of_m_is_unknown_while_bad_samples_could_decide_it() -> None:
    # Of the last three: TT, TT?, T?F (undecided), ?FF.
    samples = [(0, 11.0), (10, 11.0), (20, BAD), (30, 9.0), (40, 9.0)]
    assert changes(threshold(n=2, m=3), samples, 100) == [(10, BEGAN), (20, INTERRUPTED), (40, ENDED)]


def test_n_of_m_resumes_over_a_bad_sample_when_enough_good_ones_remain() -> None:
    samples = [(0, 11.0), (10, 11.0), (20, BAD), (30, 11.0)]
    assert changes(threshold(n=2, m=3), samples, 100) == [(10, BEGAN), (20, INTERRUPTED), (30, RESUMED)]


def test_sixty_four_of_sixty_four() -> None:
    samples = [(time, 11.0) for time in range(64)]
    assert changes(threshold(n=64, m=64), [*samples, (64, 9.0)], 100) == [(63, BEGAN), (64, ENDED)]


def test_a_rate_is_unknown_until_its_window_is_full() -> None:
    assert changes(rate(), [(0, 0.0), (50, 50.0)], 60) == []


def test_a_rate_verdict_begins_and_ends_where_a_sample_leaves_the_window() -> None:
    # x(t) - x(t - 100): 50 from 100 on, when the far end reaches the first sample; 0 from 150 on.
    assert changes(rate(), [(0, 0.0), (50, 50.0)], 1000) == [(100, BEGAN), (150, ENDED)]


def test_a_fall_is_a_rate_below_a_negative_limit() -> None:
    samples = [(0, 50.0), (100, 50.0), (120, 40.0)]
    assert changes(rate(op=Op.LT, limit=-5.0), samples, 1000) == [(120, BEGAN), (220, ENDED)]


def test_a_rate_is_unknown_while_its_far_end_is_bad() -> None:
    samples = [(0, 0.0), (10, BAD), (20, 0.0), (105, 9.0)]
    assert changes(rate(), samples, 1000) == [(105, BEGAN), (110, INTERRUPTED), (120, RESUMED), (205, ENDED)]


def test_a_rate_remembers_a_fast_signal_in_steps() -> None:
    # Window 6,300 ms: one sample is remembered each 100 ms, so the far end sees 0 until the one at 100.
    samples = [(0, 0.0), (99, 99.0), (100, 100.0), (6350, 100.0)]
    assert changes(rate(window_ms=6300), samples, 20_000) == [(6300, BEGAN), (6400, ENDED)]


def test_silence_begins_exactly_its_time_after_the_last_reading() -> None:
    assert changes(silence(), [(50, 1.0), (120, 1.0), (400, 1.0)], 450) == [(220, BEGAN), (400, ENDED)]


def test_silence_counts_from_the_start_when_nothing_was_ever_read() -> None:
    assert changes(silence(), [], 1101, start=1000) == [(1100, BEGAN)]
    assert changes(silence(), [(500, 1.0)], 1101, start=1000) == [(1100, BEGAN)]


def test_a_reading_at_the_last_moment_prevents_silence() -> None:
    assert changes(silence(), [(0, 1.0), (100, 1.0), (200, 1.0)], 300) == []


def test_a_bad_reading_ends_silence_because_the_device_speaks() -> None:
    assert changes(silence(), [(150, BAD)], 200) == [(100, BEGAN), (150, ENDED)]


def test_silence_has_hold_and_quiet_too() -> None:
    samples = [(0, 1.0), (200, 1.0), (220, 1.0)]
    assert changes(silence(hold_ms=30, quiet_ms=40), samples, 300) == [(130, BEGAN), (240, ENDED)]


def test_value_and_margin_say_how_far_it_was() -> None:
    rules = [threshold(key=1), threshold(key=2, op=Op.LT, limit=20.0), rate(key=3), silence(key=4)]
    evaluator = Evaluator(compile_table(rules), 0)
    got = evaluator.push([1, 1], [0, 100], [5.0, 12.5], [0, 0]).followed_by(evaluator.advance(201))
    rows = list(zip(got.key.tolist(), got.kind.tolist(), got.value.tolist(), got.margin.tolist(), strict=True))
    assert rows == [
        (2, BEGAN, 5.0, 15.0),
        (1, BEGAN, 12.5, 2.5),
        (3, BEGAN, 7.5, 2.5),
        (3, ENDED, 0.0, -5.0),
        (4, BEGAN, 12.5, 0.0),
    ]


def test_of_two_samples_at_one_time_the_first_wins() -> None:
    evaluator = Evaluator(compile_table([threshold()]), 0)
    got = evaluator.push([1, 1, 1], [0, 10, 10], [9.0, 11.0, 9.0], [0, 0, 0])
    assert got.outcome.tolist() == [Outcome.JUDGED, Outcome.JUDGED, Outcome.DUPLICATE]
    assert (got.time.tolist(), got.kind.tolist(), got.duplicate_count) == ([10], [BEGAN], 1)


def test_an_older_sample_is_told_as_late_and_judges_nothing() -> None:
    evaluator = Evaluator(compile_table([threshold()]), 0)
    got = evaluator.push([1, 1, 7], [20, 10, 5], [9.0, 11.0, 1.0], [0, 0, 0])
    assert got.outcome.tolist() == [Outcome.JUDGED, Outcome.LATE, Outcome.NO_RULE]
    assert got.late.tolist() == [False, True, False]
    assert (len(got), got.late_count) == (0, 1)


def test_a_sample_not_newer_than_a_decision_is_late_but_time_alone_makes_nothing_late() -> None:
    evaluator = Evaluator(compile_table([threshold(hold_ms=100)]), 0)
    evaluator.push([1], [0], [11.0], [0])
    evaluator.advance(90)
    assert evaluator.push([1], [50], [11.0], [0]).outcome.tolist() == [Outcome.JUDGED]
    assert evaluator.advance(200).time.tolist() == [100]
    assert evaluator.push([1, 1], [100, 101], [9.0, 9.0], [0, 0]).outcome.tolist() == [
        Outcome.LATE,
        Outcome.JUDGED,
    ]


def test_each_owner_has_its_own_clock() -> None:
    rules = [silence(key=1), silence(key=2, signal=2, owner=2), silence(key=3, signal=3, owner=3)]
    evaluator = Evaluator(compile_table(rules), 0)
    assert evaluator.advance(np.array([500, 50]), [2, 3]).key.tolist() == [2]
    assert evaluator.advance(np.array([500, 500]), [3, 99]).key.tolist() == [3]
    assert evaluator.advance(500).key.tolist() == [1]


def test_a_reading_array_may_be_read_only() -> None:
    time = np.array([0, 10])
    time.flags.writeable = False
    assert len(Evaluator(compile_table([threshold()]), 0).push([1, 1], time, [9.0, 11.0], [0, 0])) == 1


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="长度必须相同"):
        Evaluator(compile_table([threshold()]), 0).push([1, 1], [0], [9.0], [0])


def test_an_empty_table_judges_nothing() -> None:
    evaluator = Evaluator(compile_table([]), 0)
    assert evaluator.push([1], [0], [1.0], [0]).outcome.tolist() == [Outcome.NO_RULE]
    assert len(evaluator.advance(100)) == 0
    assert len(Evaluator.restore(compile_table([threshold()]), evaluator.snapshot()).advance(100)) == 0
