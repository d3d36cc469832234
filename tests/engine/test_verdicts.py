"""Verdicts, time, order and lateness, each by a small example (semantics.py)."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bianwang.engine.calendar import RestDays
from bianwang.engine.evaluator import Evaluator
from bianwang.engine.formula import SignalSpec
from bianwang.engine.semantics import ChangeKind, Outcome
from bianwang.engine.table import Instance, compile_table
from tests.engine.rules import rule, told

BEGAN, ENDED = ChangeKind.BEGAN, ChangeKind.ENDED
INTERRUPTED, RESUMED = ChangeKind.INTERRUPTED, ChangeKind.RESUMED
BAD = math.nan


def evaluator_of(*rules: Instance) -> Evaluator:
    return Evaluator(compile_table(rules), 0)


def changes_of(instance: Instance, samples: list[tuple[int, float]], until: int) -> list[tuple[int, ChangeKind]]:
    """(time, kind) of one instance on signal 1."""
    evaluator = evaluator_of(instance)
    pushed = evaluator.push([1] * len(samples), *zip(*samples, strict=True), [0] * len(samples))
    return [(time, kind) for _, time, kind in told(pushed) + told(evaluator.advance(until + 1))]


@pytest.mark.parametrize(
    ("fields", "samples", "expected"),
    [
        ({}, [(0, 1), (5, 4), (9, 1)], [(5, BEGAN), (9, ENDED)]),
        ({"hold_ms": 4}, [(0, 1), (5, 4), (9, 1)], []),
        ({"hold_ms": 3}, [(0, 1), (5, 4), (9, 1)], [(8, BEGAN), (9, ENDED)]),
        ({"quiet_ms": 3}, [(0, 4), (5, 1), (7, 4), (9, 1)], [(0, BEGAN), (12, ENDED)]),
        ({}, [(0, 4), (5, BAD), (7, 4), (9, 1)], [(0, BEGAN), (5, INTERRUPTED), (7, RESUMED), (9, ENDED)]),
        ({"quiet_ms": 5}, [(0, 4), (5, BAD), (7, 1), (9, BAD), (20, 1)], [(0, BEGAN), (5, INTERRUPTED), (25, ENDED)]),
        ({"hold_ms": 5}, [(0, 4), (3, BAD), (4, 4)], [(9, BEGAN)]),
    ],
)
def test_hold_quiet_and_interruption(
    fields: dict[str, int], samples: list[tuple[int, float]], expected: object
) -> None:
    assert changes_of(rule("x > 3", **fields), samples, 40) == expected


def test_an_event_is_an_episode_of_length_zero() -> None:
    samples = [(0, 1.0), (5, 4.0), (9, 1.0), (12, 4.0)]
    assert changes_of(rule("rise(x > 3)"), samples, 40) == [(5, BEGAN), (5, ENDED), (12, BEGAN), (12, ENDED)]


def test_quiet_time_joins_events_to_one_episode() -> None:
    samples = [(0, 1.0), (5, 4.0), (9, 1.0), (12, 4.0)]
    assert changes_of(rule("rise(x > 3)", quiet_ms=7), samples, 40) == [(5, BEGAN), (19, ENDED)]
    assert changes_of(rule("rise(x > 3)", quiet_ms=6), samples, 40) == [
        (5, BEGAN),
        (11, ENDED),
        (12, BEGAN),
        (18, ENDED),
    ]


def test_a_declared_beginning_judges_without_a_sample() -> None:
    instance = rule("x == 0", specs={"x": SignalSpec(initial=0.0)}, hold_ms=10)
    assert changes_of(instance, [(30, 1.0)], 50) == [(10, BEGAN), (30, ENDED)]


def test_a_rule_of_two_signals_waits_for_the_clock_and_takes_any_order() -> None:
    evaluator = evaluator_of(rule("x > 3 and not once[0, 5ms](y > 3)"))
    assert len(evaluator.push([2, 1, 2], [20, 10, 4], [9.0, 9.0, 9.0], [0, 0, 0])) == 0
    assert told(evaluator.advance(10)) == []
    evaluator.push([2], [11], [1.0], [0])
    assert told(evaluator.advance(30)) == [(1, 16, BEGAN), (1, 20, ENDED)]


def test_samples_of_one_instant_are_seen_together() -> None:
    evaluator = evaluator_of(rule("rise(x > 3) and y < 3"))
    evaluator.push([1, 2, 2, 1], [0, 0, 5, 5], [1.0, 1.0, 9.0, 9.0], [0] * 4)
    assert told(evaluator.advance(100)) == []


def test_what_comes_too_late_is_told_and_changes_nothing() -> None:
    evaluator = evaluator_of(rule("x > 3"), rule("x > 3 and y > 3", 2))
    evaluator.push([1, 2], [10, 10], [1.0, 9.0], [0, 0])
    evaluator.advance(20)
    late = evaluator.push([1, 1, 2, 3], [5, 10, 12, 30], [9.0, 9.0, 1.0, 1.0], [0] * 4)
    assert late.outcome.tolist() == [Outcome.LATE, Outcome.DUPLICATE, Outcome.LATE, Outcome.NO_RULE]
    assert told(late) == []
    assert told(evaluator.advance(40)) == []


def test_owners_have_clocks_of_their_own() -> None:
    evaluator = evaluator_of(rule("stale(x, 10ms)"), rule("stale(x, 10ms)", 2, signals=(5,), owner=2))
    assert told(evaluator.advance(100, [2])) == [(2, 10, BEGAN)]
    assert told(evaluator.advance(100, [1])) == [(1, 10, BEGAN)]


def test_value_and_margin_are_those_of_the_comparison() -> None:
    evaluator = evaluator_of(
        rule("x >= 3"), rule("delta[0, 5ms](x) < -2", 2), rule("outside(x, 2, 3)", 3), rule("stale(x, 8ms)", 4)
    )
    changes = evaluator.push([1, 1], [0, 5], [4.5, 1.0], [0, 0]).followed_by(evaluator.advance(20))
    found = {
        (key, kind): (value, margin)
        for (key, _, kind), value, margin in zip(
            told(changes), changes.value.tolist(), changes.margin.tolist(), strict=True
        )
    }
    assert found[1, BEGAN] == (4.5, 1.5)
    assert found[1, ENDED] == (1.0, -2.0)
    assert found[2, BEGAN] == (-3.5, 1.5)
    assert found[3, BEGAN] == (4.5, 1.5)
    assert found[4, BEGAN] == (1.0, 0.0)


def test_a_given_calendar_says_which_days_are_off() -> None:
    monday = 4 * 86_400_000 - 8 * 3_600_000  # 1970-01-05, 00:00 in Shanghai
    off = RestDays(4, np.array([1, 0], np.uint8))
    evaluator = Evaluator(compile_table([rule("x > 3 and holiday")]), monday, off)
    pushed = evaluator.push([1], [monday + 1], [9.0], [0])
    assert told(pushed.followed_by(evaluator.advance(monday + 2 * 86_400_000))) == [
        (1, monday + 1, BEGAN),
        (1, monday + 86_400_000, ENDED),
    ]


def test_a_window_of_many_samples_grows_and_stays_exact() -> None:
    evaluator = evaluator_of(rule("mean[0, 5s](x) > 4.5", is_traced=True))
    evaluator.push([1] * 5000, range(5000), [float(n % 10) for n in range(5000)], [0] * 5000)
    # The last value, 9, holds on; the mean rises as soon as smaller ones leave.
    changes = evaluator.advance(6000)
    assert changes.kind.tolist()[-1] == ChangeKind.TRUE


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="长度必须相同"):
        evaluator_of(rule("x > 3")).push([1, 1], [0], [1.0], [0])
