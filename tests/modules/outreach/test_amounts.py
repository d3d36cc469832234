"""Rewards at every boundary of the district pack's bands."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bianwang.modules.outreach.pack import band, pack
from bianwang.modules.outreach.rewards import Claim, amount, first, shares, valid_on
from bianwang.platform.workflow.errors import UnknownLimit

DAY = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("fine", "expected"),
    [
        ("0", "3000.00"),
        ("19999.99", "3000.00"),
        ("20000", "3000.00"),
        ("20000.03", "3000.00"),
        ("20000.04", "3000.01"),
        ("20000.10", "3000.02"),
        ("100000", "15000.00"),
        ("1999999.90", "299999.99"),
        ("2000000", "300000.00"),
        ("2000000.01", "300000.00"),
        ("99999999.99", "300000.00"),
    ],
)
def test_a_share_of_the_fine_between_floor_and_ceiling(fine: str, expected: str) -> None:
    assert str(amount(Claim(fine=Decimal(fine)), band("major", DAY))) == expected


@pytest.mark.parametrize(
    ("grade", "people", "expected"),
    [
        ("4", 1, "30000.00"),
        ("4", 10, "300000.00"),
        ("4", 11, "300000.00"),
        ("3", 1, "40000.00"),
        ("3", 7, "280000.00"),
        ("3", 8, "300000.00"),
        ("2", 1, "50000.00"),
        ("2", 6, "300000.00"),
        ("1", 1, "60000.00"),
        ("1", 5, "300000.00"),
        ("1", 6, "300000.00"),
    ],
)
def test_a_sum_for_each_person_concealed(grade: str, people: int, expected: str) -> None:
    assert str(amount(Claim(grade=grade, people=people), band("concealed", DAY))) == expected


@pytest.mark.parametrize("proposed", ["300", "412.50", "500"])
def test_a_general_danger_within_its_range(proposed: str) -> None:
    assert amount(Claim(proposed=Decimal(proposed)), band("general", DAY)) == Decimal(proposed)


@pytest.mark.parametrize(
    ("code", "claim", "words"),
    [
        ("general", Claim(proposed=Decimal("299.99")), "300 至 500"),
        ("general", Claim(proposed=Decimal("500.01")), "300 至 500"),
        ("general", Claim(), "300 至 500"),
        ("major", Claim(), "处罚金额"),
        ("major", Claim(fine=Decimal("-0.01")), "处罚金额"),
        ("concealed", Claim(people=1), "事故等级"),
        ("concealed", Claim(grade="4"), "人数"),
    ],
)
def test_what_is_missing_is_said(code: str, claim: Claim, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        amount(claim, band(code, DAY))


@pytest.mark.parametrize(
    ("total", "people", "expected"),
    [
        ("3000.00", 1, ["3000.00"]),
        ("3000.00", 2, ["1500.00", "1500.00"]),
        ("10000.00", 3, ["3333.34", "3333.33", "3333.33"]),
        ("0.05", 3, ["0.03", "0.01", "0.01"]),
    ],
)
def test_joint_reporters_share_one_reward_to_the_cent(total: str, people: int, expected: list[str]) -> None:
    parts = shares(Decimal(total), people)
    assert [str(part) for part in parts] == expected
    assert sum(parts) == Decimal(total)


def test_nobody_cannot_share() -> None:
    with pytest.raises(ValueError, match="至少是 1 人"):
        shares(Decimal(1), 0)


def test_the_first_reporter_gets_it() -> None:
    early, late = datetime(2026, 1, 1, 8, tzinfo=UTC), datetime(2026, 1, 1, 8, 1, tzinfo=UTC)
    assert first([(late, 1), (early, 2)]) == 2
    assert first([(early, 5), (early, 3)]) == 3, "of two at the same moment, the one entered first"


def test_every_band_names_its_source_and_holds_from_its_day() -> None:
    rows = pack().rewards
    assert all(row.source and row.certainty for row in rows)
    assert valid_on(rows, date(2018, 1, 3)) == []
    assert {row.code for row in valid_on(rows, date(2018, 1, 4))} == {"major", "concealed", "general"}
    with pytest.raises(UnknownLimit):
        band("major", date(2018, 1, 3))
