"""The arithmetic of sliding rain against brute force, and its boundaries."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from bianwang.modules.weather import rain
from bianwang.modules.weather.rain import HOUR_MS, MINUTE_MS, Drop, Sum, Threshold

END = 100 * HOUR_MS
STEP = 5 * MINUTE_MS
times = st.integers(0, 30 * 12).map(lambda back: END - back * STEP)
rains = st.lists(st.tuples(times, st.integers(0, 300).map(lambda mm: mm / 10)), max_size=20, unique_by=lambda r: r[0])


@given(rains, st.sampled_from(rain.WINDOWS))
def test_a_window_is_what_brute_force_adds_up(readings: list[tuple[int, float]], hours: int) -> None:
    readings = sorted(readings)
    start = END - hours * HOUR_MS
    inside = [mm for at, mm in readings if start < at <= END]
    found = rain.window(rain.step_drops(readings, STEP), END, hours, 0)
    assert found.amount == sum(round(mm * 100) for mm in inside)
    assert found.missing == hours * 60 - 5 * len(inside)


@given(st.lists(st.integers(0, 100), min_size=2, max_size=30), st.integers(0, 29))
def test_a_counter_gives_the_rain_of_its_steps_also_over_a_reset(steps: list[int], reset: int) -> None:
    total, readings = 0, []
    for number, step in enumerate(steps):
        total = step if number == reset else total + step
        readings.append((END + number * STEP, total / 10))
    drops = rain.counter_drops(readings)
    expected = [
        10 * step
        # A reset is seen where the counter falls; before that it looks like less rain.
        if readings[number][1] < readings[number - 1][1] or number != reset
        else 10 * step - round(readings[number - 1][1] * 100)
        for number, step in enumerate(steps)
        if number
    ]
    assert [drop.amount for drop in drops] == expected


def test_a_counter_covers_its_silence_and_a_step_does_not() -> None:
    readings = [(END - 3 * HOUR_MS, 10.0), (END, 40.0)]
    assert rain.window(rain.counter_drops(readings), END, 3, 0) == Sum(3000, 0)
    assert rain.window(rain.step_drops(readings, STEP), END, 3, 0) == Sum(4000, 175)


def test_the_next_report_is_not_missed_before_it_is_due() -> None:
    drops = rain.step_drops([(END - HOUR_MS + i * STEP, 0.0) for i in range(1, 11)], STEP)
    assert rain.window(drops, END, 1, 10 * MINUTE_MS) == Sum(0, 0)
    assert rain.window(drops, END, 1, 10 * MINUTE_MS - 1).missing == 10
    # Nothing heard is never nothing fallen.
    assert rain.window([], END, 1, 2 * HOUR_MS) == Sum(0, 60)


def test_a_window_that_ends_within_a_step_misses_nothing() -> None:
    drops = rain.step_drops([(END - 12 * STEP + i * STEP, 1.0) for i in range(1, 14)], STEP)
    assert rain.window(drops, END + STEP // 2, 1, 0) == Sum(1200, 0)


def test_ten_tenths_are_one() -> None:
    drops = rain.step_drops([(END - i * STEP, 0.1) for i in range(10)], STEP)
    assert rain.window(drops, END, 1, 0).amount == 100


@pytest.mark.parametrize(
    ("amount", "missing", "reached", "over"),
    [(4999, 0, False, True), (5000, 0, True, False), (4999, 1, False, False), (5000, 600, True, False)],
)
def test_a_threshold_is_reached_by_its_amount_and_over_only_when_nothing_is_missing(
    amount: int, missing: int, reached: bool, over: bool
) -> None:
    rules = [Threshold(4, 12, 5000)]
    sums = {12: Sum(amount, missing)}
    assert (rain.reached(sums, rules) == {4}, rain.over(sums, rules) == {4}) == (reached, over)


def test_a_negative_step_is_no_rain() -> None:
    assert rain.step_drops([(END, -1.0)], STEP) == []
    assert rain.step_drops([(END, 0.5)], STEP) == [Drop(END - STEP, END, 50)]
