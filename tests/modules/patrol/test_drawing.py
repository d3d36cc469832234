"""The draw anybody can repeat, and when rounds are due: laws over random inputs."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from math import ceil

import pytest
from hypothesis import HealthCheck, given, settings, strategies as some

from bianwang.modules.patrol import drawing, schedule
from bianwang.modules.patrol.schedule import SHANGHAI, Window
from bianwang.modules.patrol.shapes import Box

CALM = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
CAMERAS = some.sets(some.integers(1, 10**6), min_size=1, max_size=80)
SEEDS = some.text("0123456789abcdef", min_size=1, max_size=16)
WINDOWS = some.builds(Window, some.integers(0, 1439), some.integers(0, 1439))
DAYS = some.dates(date(2020, 1, 1), date(2035, 12, 31))


@CALM
@given(SEEDS, CAMERAS, some.integers(1, 100))
def test_a_draw_is_the_share_and_can_be_repeated(seed: str, cameras: set[int], percent: int) -> None:
    drawn = drawing.draw(seed, cameras, percent)
    assert drawn <= cameras
    assert len(drawn) == ceil(len(cameras) * percent / 100) >= 1
    assert drawn == drawing.draw(seed, sorted(cameras, reverse=True), percent), "whatever the order"
    by_hand = sorted(cameras, key=lambda pk: hashlib.sha256(f"{seed}|camera|{pk}".encode()).hexdigest())
    assert drawn == set(by_hand[: len(drawn)])


@CALM
@given(SEEDS, CAMERAS, some.integers(1, 99))
def test_a_larger_share_draws_the_same_and_more(seed: str, cameras: set[int], percent: int) -> None:
    assert drawing.draw(seed, cameras, percent) <= drawing.draw(seed, cameras, percent + 1)


def test_over_many_seeds_every_camera_has_the_same_chance() -> None:
    times = dict.fromkeys(range(10), 0)
    for seed in range(2000):
        for pk in drawing.draw(str(seed), list(times), 30):
            times[pk] += 1
    # 600 expected of each; five standard deviations (20.5) of a binomial.
    assert all(abs(count - 600) < 103 for count in times.values()), times


@pytest.mark.parametrize("share", [0.0, 0.05, 1.0])
def test_second_looks_are_the_share(share: float) -> None:
    drawn = sum(drawing.is_drawn("s", key, share) for key in range(4000))
    assert abs(drawn - 4000 * share) <= (70 if 0 < share < 1 else 0)


@CALM
@given(DAYS, some.lists(WINDOWS, min_size=1, max_size=4, unique_by=lambda window: window.start))
def test_windows_begin_on_their_day_and_last_at_most_a_day(day: date, windows: list[Window]) -> None:
    found = schedule.turns(day, weekly=False, weekdays="1234567", windows=windows)
    assert len(found) == len(windows)
    for begin, end in found:
        assert begin.astimezone(SHANGHAI).date() == day
        assert timedelta() < end - begin <= timedelta(days=1)
    assert schedule.parse("\n".join(map(str, windows))) == tuple(sorted(windows)), "as they are written"


@CALM
@given(DAYS, some.text("1234567", min_size=1, max_size=7))
def test_a_daily_plan_keeps_its_days_and_a_weekly_one_has_one_round_a_week(day: date, weekdays: str) -> None:
    days = [day + timedelta(days=n) for n in range(7)]
    window = (Window(480, 720),)
    daily = [one for one in days if schedule.turns(one, weekly=False, weekdays=weekdays, windows=window)]
    assert {str(one.isoweekday()) for one in daily} == set(weekdays)
    monday = day - timedelta(days=day.weekday())
    week = {
        turn
        for n in range(7)
        for turn in schedule.turns(monday + timedelta(days=n), weekly=True, weekdays="", windows=())
    }
    [(begin, end)] = week
    assert (begin.date(), end - begin) == (monday, timedelta(days=7))


def test_a_night_shift_ends_the_next_day() -> None:
    [window] = schedule.parse("22:00-6:00")
    begin, end = window.on(date(2026, 11, 27))
    assert begin.astimezone(UTC) == datetime(2026, 11, 27, 14, tzinfo=UTC)
    assert end.astimezone(UTC) == datetime(2026, 11, 27, 22, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "8点到12点", "25:00-26:00", "08:00-24:30", "08:00-09:00\n08:00-10:00"])
def test_what_is_no_window_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="时段"):
        schedule.parse(text)


@CALM
@given(*[some.floats(0, 1, width=32)] * 4)
def test_a_box_is_kept_to_a_ten_thousandth(x1: float, y1: float, x2: float, y2: float) -> None:
    if x2 - x1 < 0.001 or y2 - y1 < 0.001:
        return
    box = Box(x1, y1, x2, y2)
    again = Box.parse(box.text())
    assert again is not None
    for name in ("x1", "y1", "x2", "y2"):
        assert getattr(again, name) == pytest.approx(getattr(box, name), abs=1e-4)
