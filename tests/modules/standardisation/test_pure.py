"""Arithmetic of scores and days, and what a district pack may not say."""

from __future__ import annotations

import doctest
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings, strategies as st

import bianwang
from bianwang.modules.standardisation import pack, scoring, validity
from bianwang.platform.config import ConfigError
from bianwang.platform.workflow.errors import UnknownLimit

LINES = {"1": Decimal(90), "2": Decimal(75), "3": Decimal(60)}
DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
FILE = Path(bianwang.__file__).parent / "districts" / "bishan" / "standardisation.yaml"


def test_the_examples_in_the_text() -> None:
    assert doctest.testmod(validity).failed == doctest.testmod(scoring).failed == 0
    assert doctest.testmod(validity).attempted == 4


@pytest.mark.parametrize(
    ("score", "level"),
    [("100", "1"), ("90.00", "1"), ("89.99", "2"), ("75.00", "2"), ("74.99", "3"), ("60.00", "3"), ("59.99", "")],
)
def test_a_line_is_reached_at_its_score_and_not_a_hundredth_below(score: str, level: str) -> None:
    assert scoring.reached(Decimal(score), LINES) == level


def test_nobody_reaches_a_line_by_rounding() -> None:
    marks = [scoring.Mark(Decimal(700), Decimal(0), Decimal("280.1"))]
    assert scoring.total(marks) == Decimal("59.98")
    assert scoring.total([scoring.Mark(Decimal(30000), Decimal(0), Decimal("12000.1"))]) == Decimal("59.99")


MARKS = st.builds(
    lambda full, absent, deducted: scoring.Mark(
        Decimal(full), Decimal(min(absent, full)), Decimal(min(deducted, full - min(absent, full)))
    ),
    st.integers(1, 400),
    st.integers(0, 400),
    st.integers(0, 400),
)


@given(st.lists(MARKS, min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_a_total_lies_between_nothing_and_a_hundred_and_falls_with_deductions(marks: list[scoring.Mark]) -> None:
    assert not any(scoring.fault(mark) for mark in marks)
    if sum(mark.reachable for mark in marks) == 0:
        with pytest.raises(ValueError, match="空项"):
            scoring.total(marks)
        return
    found = scoring.total(marks)
    assert 0 <= found <= 100
    assert (found == 100) == all(mark.deducted == 0 for mark in marks)


@pytest.mark.parametrize(
    ("absent", "deducted", "words"),
    [("0", "100", ""), ("0", "100.1", "超过应得分"), ("30", "70.1", "应得分"),
     ("100.1", "0", "超过满分"), ("-1", "0", "小于")],
)  # fmt: skip
def test_what_is_wrong_with_an_element(absent: str, deducted: str, words: str) -> None:
    found = scoring.fault(scoring.Mark(Decimal(100), Decimal(absent), Decimal(deducted)))
    assert (words in found) if words else not found


@pytest.mark.parametrize(
    ("graded", "last"),
    [
        (date(2023, 5, 10), date(2026, 5, 10)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2025, 2, 28), date(2028, 2, 28)),
        (date(2023, 12, 31), date(2026, 12, 31)),
    ],
)
def test_three_years_end_on_the_same_day_or_the_last_of_the_month(graded: date, last: date) -> None:
    assert validity.last_day(graded, 3) == last


@given(DAYS)
@settings(max_examples=80, deadline=None)
def test_reminders_come_at_six_and_three_months_and_never_after_the_end(until: date) -> None:
    six, three = validity.add_months(until, -6), validity.add_months(until, -3)
    one = timedelta(days=1)
    assert validity.reminders_due(until, six - one, (6, 3)) == []
    assert validity.reminders_due(until, six, (6, 3)) == [6]
    assert validity.reminders_due(until, three - one, (6, 3)) == [6]
    assert validity.reminders_due(until, three, (6, 3)) == validity.reminders_due(until, until, (6, 3)) == [3, 6]
    assert validity.reminders_due(until, until + one, (6, 3)) == []


def test_the_standard_changes_with_its_day() -> None:
    assert pack.scheme(date(2025, 10, 30)).code == "gbt33000-2016"
    assert pack.scheme(date(2025, 10, 31)).code == "gbt33000-2025"
    assert {len(scheme.elements) for scheme in pack.pack().schemes} == {8}
    with pytest.raises(UnknownLimit, match=r"standardisation\.yaml"):
        pack.scheme(date(2001, 1, 1))


def test_the_policy_is_that_of_the_day() -> None:
    codes = [pack.policy(day) for day in (date(2019, 12, 31), date(2023, 12, 31), date(2024, 1, 1))]
    assert [row.code if row else None for row in codes] == [None, "2020", "2024"]


def _overlap(raw: Any) -> None:
    raw["policies"][0].pop("valid_to")


def _unknown_line(raw: Any) -> None:
    raw["policies"][0]["budget_line"] = "nowhere"


def _no_marks(raw: Any) -> None:
    raw["schemes"][0]["elements"][0]["full"] = 0


def _no_source(raw: Any) -> None:
    raw["grounds"][0].pop("source")


def _nothing(raw: Any) -> None:
    raw["policies"][0]["amounts"]["3"] = 0


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_overlap, "奖补政策有两条在 2024-01-01 同时有效"),
        (_unknown_line, "预算项目“nowhere”没有列出"),
        (_no_marks, "大于 0 的满分"),
        (_no_source, "source"),
        (_nothing, "金额必须大于 0"),
    ],
)
def test_a_wrong_pack_is_refused_with_one_sentence(spoil: Any, words: str) -> None:
    raw = yaml.safe_load(FILE.read_text("utf-8"))
    pack.read(deepcopy(raw))
    spoil(raw)
    with pytest.raises(ConfigError, match=words):
        pack.read(raw)
