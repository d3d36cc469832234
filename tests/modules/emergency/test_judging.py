"""Grades, response levels and shifts at their limits."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings, strategies as st

import bianwang
from bianwang.modules.emergency.judging import fire_grade, reached
from bianwang.modules.emergency.pack.events import fire_grades, pack, read, thresholds
from bianwang.modules.emergency.shifts import shift_of
from bianwang.platform.config import ConfigError

DAY = date(2026, 8, 23)
RAW = yaml.safe_load((Path(bianwang.__file__).parent / "districts/bishan/emergency.yaml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("area", "deaths", "injuries", "name"),
    [
        ("0.99", 0, 0, "一般"), ("0", 2, 9, "一般"), ("1", 0, 0, "较大"), ("0", 3, 0, "较大"), ("0", 0, 10, "较大"),
        ("99.99", 9, 49, "较大"), ("100", 0, 0, "重大"), ("0", 10, 0, "重大"), ("0", 0, 50, "重大"),
        ("1000", 0, 0, "特别重大"), ("0", 30, 0, "特别重大"), ("0", 0, 100, "特别重大"),
    ],
)  # fmt: skip
def test_forest_fires_by_article_40(area: str, deaths: int, injuries: int, name: str) -> None:
    assert fire_grade(Decimal(area), deaths, injuries, fire_grades(DAY)).name == name


def test_any_one_number_asks_for_a_level_and_the_highest_wins() -> None:
    rows = thresholds("forest_fire", DAY)
    assert reached({}, rows) is None
    levels = [
        found.level
        for figures in ({"area": Decimal(1)}, {"evacuated": Decimal(50)}, {"area": Decimal(1), "deaths": Decimal(10)})
        if (found := reached(figures, rows))
    ]
    assert levels == [4, 3, 1]


@settings(max_examples=50)
@given(st.integers(0, 4 * 365 * 24 * 60))
def test_every_moment_lies_in_the_shift_that_began_last(minutes: int) -> None:
    moment = datetime(2022, 1, 1) + timedelta(minutes=minutes)
    day, shift = shift_of(moment, pack().shifts)
    begun = datetime(day.year, day.month, day.day, shift.hour)
    assert begun <= moment
    assert (moment - begun).total_seconds() < 12 * 3600


def test_a_wrong_pack_is_refused_in_one_sentence() -> None:
    unknown, level = deepcopy(RAW), deepcopy(RAW)
    unknown["classes"][0]["headquarters"] = "nobody"
    level["levels"][0]["level"] = 5
    for raw, words in ((unknown, "nobody"), (level, "1 至 4 级")):
        with pytest.raises(ConfigError, match=words):
            read(raw)
