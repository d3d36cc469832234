"""Grades at every boundary of 国务院令第493号 art. 3, read from the district pack."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bianwang.modules.accidents import grading
from bianwang.modules.accidents.pack import grade_of, kind_choices, pack

DAY = date(2026, 1, 1)
NAMES = {"1": "特别重大", "2": "重大", "3": "较大", "4": "一般"}


def graded(deaths: int = 0, injuries: int = 0, loss: str = "0") -> str:
    return NAMES[grade_of(deaths, injuries, Decimal(loss), DAY).code]


@pytest.mark.parametrize(
    ("deaths", "words"),
    [(0, "一般"), (2, "一般"), (3, "较大"), (9, "较大"), (10, "重大"), (29, "重大"), (30, "特别重大")],
)
def test_deaths(deaths: int, words: str) -> None:
    assert graded(deaths=deaths) == words


@pytest.mark.parametrize(
    ("injuries", "words"), [(9, "一般"), (10, "较大"), (49, "较大"), (50, "重大"), (99, "重大"), (100, "特别重大")]
)
def test_serious_injuries(injuries: int, words: str) -> None:
    assert graded(injuries=injuries) == words


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        ("999.99", "一般"),
        ("1000", "较大"),
        ("4999.99", "较大"),
        ("5000", "重大"),
        ("9999.99", "重大"),
        ("10000", "特别重大"),
    ],
)
def test_losses(loss: str, words: str) -> None:
    assert graded(loss=loss) == words


def test_the_highest_of_the_three_wins() -> None:
    assert graded(deaths=1, injuries=12, loss="5000") == "重大"
    assert graded(deaths=30, injuries=0, loss="0.01") == "特别重大"
    assert graded(deaths=2, injuries=9, loss="999.99") == "一般"


def test_every_grade_names_its_law_and_holds_from_its_day() -> None:
    rows = pack().grades
    assert all(row.source and "第三条" in row.article for row in rows)
    assert grading.valid_on(rows, date(2007, 5, 31)) == []
    assert len(grading.valid_on(rows, date(2007, 6, 1))) == 4


def test_the_kinds_are_the_twenty_of_the_standard() -> None:
    assert len(dict(kind_choices())) == 20
    assert [kind.name for kind in pack().kinds if kind.short] == ["火灾"]
