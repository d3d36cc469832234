"""The statutory clock and the dates of validity: plain arithmetic."""

from __future__ import annotations

import doctest
from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from bianwang.modules.licensing import clocks, validity
from bianwang.modules.licensing.clocks import CALENDAR, Days, Pause, due, used

START = date(2026, 3, 2)
"""A Monday."""


def _between(first: date, last: date) -> int:
    return sum(1 for n in range(1, (last - first).days + 1) if (first + timedelta(days=n)).weekday() < 5)


def _add(day: date, number: int) -> date:
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < 5
    return day


WEEKDAYS = Days(_between, _add)

numbers = st.integers(0, 60)
pauses = st.lists(st.tuples(numbers, numbers), max_size=4).map(
    lambda pairs: [Pause(START + timedelta(min(pair)), START + timedelta(max(pair))) for pair in pairs]
)


def test_the_examples() -> None:
    for module in (clocks, validity):
        assert doctest.testmod(module, extraglobs={"date": date}).failed == 0


@pytest.mark.parametrize("days", [CALENDAR, WEEKDAYS])
@settings(max_examples=60, deadline=None)
@given(pauses=pauses, on=numbers)
def test_a_day_counts_once_and_never_within_a_pause(days: Days, pauses: list[Pause], on: int) -> None:
    day = START + timedelta(on)
    one_by_one = sum(
        days.between(each - timedelta(1), each)
        for each in (START + timedelta(n) for n in range(1, on + 1))
        if not any(pause.start < each <= (pause.end or each) for pause in pauses)
    )
    assert used(START, pauses, day, days) == one_by_one


@settings(max_examples=60, deadline=None)
@given(pauses=pauses, limit=st.integers(1, 45))
def test_the_last_day_is_the_first_on_which_the_limit_is_used_up(pauses: list[Pause], limit: int) -> None:
    last = due(START, pauses, limit, WEEKDAYS)
    assert last is not None
    assert used(START, pauses, last, WEEKDAYS) == limit
    assert used(START, pauses, last - timedelta(1), WEEKDAYS) == limit - 1


@settings(max_examples=40, deadline=None)
@given(since=st.integers(0, 20), on=st.integers(0, 60))
def test_an_open_pause_stops_exactly(since: int, on: int) -> None:
    pause = Pause(START + timedelta(since), None)
    assert used(START, [pause], START + timedelta(on), CALENDAR) == min(since, on)
    assert due(START, [pause], 10, CALENDAR) == (START + timedelta(10) if since >= 10 else None)


@pytest.mark.parametrize(
    ("today", "months"),
    [
        (date(2026, 2, 27), None),
        (date(2026, 2, 28), 6),
        (date(2026, 5, 30), 6),
        (date(2026, 5, 31), 3),
        (date(2026, 7, 31), 1),
        (date(2026, 8, 31), 1),
    ],
)
def test_reminders_at_their_boundaries(today: date, months: int | None) -> None:
    assert validity.stage(today, date(2026, 8, 31), (6, 3, 1)) == months
