"""How two versions differ."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, strategies as st

from bianwang.modules.rules.comparing import by_day, compare, places, within
from bianwang.modules.rules.episodes import Episodes
from bianwang.modules.rules.schedule import parse

MIDNIGHT = 1_790_784_000_000 - 1_790_784_000_000 % 86_400_000 - 8 * 3_600_000
HOUR = 3_600_000


def episodes(*rows: tuple[int, int, int]) -> Episodes:
    return Episodes.together([Episodes.of([(*row, 0) for row in rows])])


def test_overlap_in_one_place_is_the_same_alarm() -> None:
    where = places([(1, [10, 11]), (2, [11]), (3, [12])])
    assert where[1] == where[2] != where[3]
    found = compare(
        episodes((1, 0, 10), (1, 20, 30), (1, 50, -1)), episodes((2, 5, 7), (2, 31, 40), (3, 20, 30)), where
    )
    assert (found.both, found.only_here, found.only_live) == (1, 2, 2)
    assert found.here_in_live.tolist() == [True, False, False]


def test_one_that_is_not_over_overlaps_all_that_come_later() -> None:
    found = compare(episodes((1, 0, -1)), episodes((1, 100, 200), (1, 300, 300)), {1: 1})
    assert (found.both, found.only_live) == (1, 0)


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 30), st.integers(0, 8)), max_size=12), st.integers(0, 12))
def test_overlap_is_what_it_is_by_definition(rows: list[tuple[int, int, int]], cut: int) -> None:
    where = {1: 1, 2: 2, 3: 1}
    spans = [(binding, begin, begin + length) for binding, begin, length in rows]
    here, live = spans[:cut], spans[cut:]
    found = compare(episodes(*here), episodes(*live), where)
    wanted = [
        any(where[b] == where[c] and begin <= until and start <= end for c, start, until in live)
        for b, begin, end in sorted(here, key=lambda row: (row[1], row[0]))
    ]
    assert sorted(found.here_in_live.tolist()) == sorted(wanted)


def test_days_are_those_of_shanghai() -> None:
    start = MIDNIGHT + HOUR
    found = by_day(
        episodes((1, start, -1), (1, MIDNIGHT + 24 * HOUR - 1, -1), (1, MIDNIGHT + 24 * HOUR, -1)),
        start,
        start + 48 * HOUR,
    )
    first = date.fromisoformat(str(np.datetime64(MIDNIGHT + 8 * HOUR, "ms").astype("datetime64[D]")))
    assert list(found.values()) == [2, 1, 0]
    assert next(iter(found)) == first


@pytest.mark.parametrize(
    ("hours", "left"), [("", 3), ("每天 08:00-18:00", 1), ("每天 22:00-06:00", 2), ("休息日 00:00-23:59", 0)]
)
def test_only_alarms_in_the_hours_of_the_rule_count(hours: str, left: int) -> None:
    at = [MIDNIGHT + hour * HOUR for hour in (1, 12, 23)]
    assert len(within(episodes(*((1, begin, -1) for begin in at)), parse(hours), lambda day: True)) == left
