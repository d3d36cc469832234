"""The colour of an indicator during the year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bianwang.modules.indicators.progress import light, planned_share
from bianwang.modules.indicators.scoring import Reached, Target

PLAN = (25, 50, 75)


@pytest.mark.parametrize(("day", "share"), [("03-31", 25), ("06-30", 50), ("09-30", 75), ("12-31", 100)])
def test_the_plan_is_reached_at_the_end_of_a_quarter(day: str, share: int) -> None:
    assert planned_share(PLAN, date.fromisoformat(f"2022-{day}")) == share


def colour(direction: str, target: str, reached: Reached | None, on: str, plan: tuple[int, int, int] | None) -> str:
    goal = Target(direction, Decimal(target))
    day = date.fromisoformat(f"2022-{on}")
    return light(goal, reached, plan, day, red_below=Decimal(60), yellow_below=Decimal(80)).colour


@pytest.mark.parametrize(
    ("reached", "on", "expected"),
    [
        ("40", "06-30", "green"),  # 40 of 50 planned: 80 %
        ("39.9", "06-30", "yellow"),
        ("30", "06-30", "yellow"),
        ("29.9", "06-30", "red"),
        ("95", "12-31", "yellow"),  # the year is over and the target is missed
        ("100", "12-31", "green"),
    ],
)
def test_what_adds_up_is_compared_with_its_plan(reached: str, on: str, expected: str) -> None:
    assert colour("at_least", "100", Decimal(reached), on, PLAN) == expected


def test_a_rate_is_compared_with_its_target_all_year() -> None:
    assert colour("at_least", "99", Decimal(98), "02-01", None) == "yellow"
    assert colour("at_least", "99", Decimal(99), "02-01", None) == "green"


def test_a_limit_that_is_passed_is_never_green() -> None:
    assert colour("at_most", "0", Decimal(0), "06-30", None) == "green"
    assert colour("at_most", "0", Decimal(1), "06-30", None) == "red"
    assert colour("at_most", "10", Decimal(11), "06-30", None) == "yellow"


def test_without_a_figure_nobody_can_tell() -> None:
    assert colour("at_least", "99", None, "06-30", PLAN) == "secondary"


@pytest.mark.parametrize(("on", "expected"), [("10-01", "green"), ("11-15", "yellow"), ("12-01", "red")])
def test_a_day_comes_nearer(on: str, expected: str) -> None:
    goal = Target("by_day", day=date(2022, 11, 30))
    day = date.fromisoformat(f"2022-{on}")
    assert light(goal, None, None, day, red_below=Decimal(60), yellow_below=Decimal(80)).colour == expected
