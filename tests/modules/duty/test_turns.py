"""Arithmetic of rosters over random input: nobody twice, no gap, everybody in turn."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from bianwang.modules.duty.turns import Times, Turn, check_times, clashes, deal, spans

START = datetime(2026, 1, 1, tzinfo=UTC)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 8), st.integers(-1, 7), st.lists(st.integers(1, 3), max_size=20))
def test_turns_go_round_evenly_and_nobody_is_twice_in_a_shift(people: int, after: int, counts: list[int]) -> None:
    after = min(after, people - 1)
    if counts and max(counts) > people:
        with pytest.raises(ValueError, match="轮换名单"):
            deal(range(people), after, counts)
        return
    dealt = deal(range(people), after, counts)
    flat = [person for shift in dealt for person in shift]
    assert [len(shift) for shift in dealt] == counts
    assert flat == [(after + 1 + step) % people for step in range(sum(counts))]
    assert all(len(set(shift)) == len(shift) for shift in dealt)
    had = Counter(dict.fromkeys(range(people), 0)) + Counter(flat)
    assert max(had.values(), default=0) - min((had[person] for person in range(people)), default=0) <= 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 60), st.integers(1, 24)), max_size=12))
def test_a_clash_is_found_exactly_where_hours_overlap(rows: list[tuple[int, int, int]]) -> None:
    turns = [Turn(who, START + timedelta(hours=at), START + timedelta(hours=at + long)) for who, at, long in rows]
    overlap = any(
        one.person == two.person and one.starts < two.ends and two.starts < one.ends
        for index, one in enumerate(turns)
        for two in turns[index + 1 :]
    )
    found = clashes(turns)
    assert bool(found) == overlap
    assert all(one.person == two.person and one.starts < two.ends and two.starts < one.ends for one, two in found)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 23), st.lists(st.integers(1, 8), min_size=1, max_size=3), st.integers(1, 10))
def test_shifts_follow_each_other_without_a_gap(start: int, hours: list[int], days: int) -> None:
    rows, at = [], start
    for number, long in enumerate([*hours, 24 - sum(hours)] if sum(hours) < 24 else hours):
        rows.append(Times(str(number), f"第{number}班", time(at % 24), long))
        at += long
    check_times(rows)
    made = list(spans(date(2026, 5, 1), date(2026, 5, 1) + timedelta(days=days - 1), rows))
    assert len(made) == days * len(rows)
    assert all(one.ends == two.starts for one, two in itertools.pairwise(made))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "至少要有一个班次"),
        ([Times("a", "白班", time(8), 0)], "1至24小时"),
        ([Times("a", "白班", time(8), 25)], "1至24小时"),
        ([Times("a", "白班", time(8), 12), Times("b", "夜班", time(21), 11)], "应从上一班结束的 20:00 开始"),
        ([Times("a", "白班", time(8), 12), Times("b", "夜班", time(20), 13)], "超过24小时"),
    ],
)
def test_times_that_do_not_fit_are_refused(rows: list[Times], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check_times(rows)
