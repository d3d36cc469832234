"""Accidents of a year as of several days, against adding up one accident after another."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from bianwang.modules.accidents.models import Accident, Gdp
from bianwang.platform.period import Period
from tests.measured import YEAR, at, day_of, inside, taken, total, until
from tests.people import ClientFor, World

pytestmark = pytest.mark.django_db
AS_OF = (date(2022, 6, 30), date(2022, 12, 30), date(2022, 12, 31))
STATES = ("registered", "investigating", "closed", "filed", "revoked")


def many(world: World, number: int = 120) -> None:
    """Accidents from 2020 to 2023: of all grades, exercises, other events, revoked ones, at both ends of a day."""
    chance = random.Random(5)
    rows = []
    for serial in range(number):
        day = date(2020, 12, 1) + timedelta(days=serial * 800 // number)
        moment = at(day, *chance.choice([(0, 0), (14, 5), (23, 59)]))
        rows.append(
            Accident(
                number=f"测{serial:03}",
                owner=world.plant if serial % 3 else world.other,
                title="高处坠落",
                occurred_at=moment,
                received_at=moment,
                kind="09",
                deaths=chance.choice((0, 1, 1, 2, 4)),
                injuries=chance.choice((0, 0, 3)),
                grade=chance.choice("23444"),
                is_work_safety=chance.random() < 0.9,
                is_exercise=chance.random() < 0.1,
                source="police",
                state=STATES[serial % len(STATES)],
                state_since=moment,
                supplement_by=moment,
                investigate_by=moment,
            )
        )
    Accident.objects.bulk_create(rows)


def gdp(*rows: tuple[int, str, str]) -> None:
    """GDP by year and basis."""
    Gdp.objects.bulk_create(
        Gdp(year=year, value=Decimal(value), basis=basis, source="统计公报") for year, value, basis in rows
    )


def counted(period: Period) -> list[Accident]:
    """What statistics are about."""
    return [
        row
        for row in Accident.objects.all()
        if inside(period, day_of(row.occurred_at))
        and row.is_work_safety
        and not row.is_exercise
        and row.state != "revoked"
    ]


@pytest.mark.parametrize("period", until(*AS_OF), ids=str)
def test_accidents_are_those_counted_by_hand(world: World, client_for: ClientFor, period: Period) -> None:
    many(world)
    client = client_for("head")
    rows = counted(period)
    assert taken(client, "accidents.count", period).value == len(rows) > 0
    assert taken(client, "accidents.deaths", period).value == total(rows, "deaths") > 0
    assert taken(client, "accidents.injuries", period).value == total(rows, "injuries") > 0
    assert taken(client, "accidents.large", period).value == sum(row.grade < "4" for row in rows) > 0
    before = counted(Period(date(2021, 1, 1), period.last.replace(year=2021)))
    assert taken(client, "accidents.count", period, year="before").value == len(before) > 0
    assert taken(client, "accidents.deaths", period, year="before").value == total(before, "deaths") > 0


@pytest.mark.parametrize("period", until(*AS_OF), ids=str)
def test_the_decline_is_that_of_both_years_rates(world: World, client_for: ClientFor, period: Period) -> None:
    many(world)
    gdp((2020, "801.10", "constant"), (2021, "900.30", "constant"), (2022, "947.66", "constant"))
    this = Fraction(total(counted(period), "deaths")) / Fraction("947.66")
    last = Fraction(total(counted(period.before()), "deaths")) / Fraction("900.30")
    found = taken(client_for("head"), "accidents.decline_per_gdp", period)
    assert isinstance(found.value, Decimal)
    assert abs(Fraction(found.value) - 100 * (1 - this / last)) < Fraction(1, 10**20)
    assert found.numerator == pytest.approx(Decimal(this.numerator) / this.denominator)
    assert found.denominator == pytest.approx(Decimal(last.numerator) / last.denominator)
    assert [rows.name for rows in found.rows][2:] == ["2022年地区生产总值", "2021年地区生产总值"]
    assert "947.66 亿元" in found.note
    assert "均为不变价" in found.note


def test_the_gdp_says_its_basis_and_source(world: World, client_for: ClientFor) -> None:
    gdp((2021, "900.30", "current"), (2022, "947.66", "constant"))
    client = client_for("head")
    assert taken(client, "accidents.gdp", YEAR).value == Decimal("947.66")
    last = taken(client, "accidents.gdp", YEAR, year="before")
    assert (last.value, last.note) == (Decimal("900.30"), "现价，统计公报")
    mixed = taken(client, "accidents.decline_per_gdp", YEAR)
    words = "2021年是现价，2022年是不变价"
    assert mixed.value is None
    assert mixed.missing == f"两年地区生产总值的口径不同（{words}），请在“地区生产总值”改为同一口径。"


def test_without_gdp_or_deaths_it_says_what_is_lacking(world: World, client_for: ClientFor) -> None:
    client = client_for("head")
    none = taken(client, "accidents.decline_per_gdp", YEAR)
    assert none.missing == "没有2021年、2022年的地区生产总值，请在“事故统计”的“地区生产总值”录入。"
    gdp((2021, "900.30", "constant"), (2022, "947.66", "constant"))
    nobody = taken(client, "accidents.decline_per_gdp", YEAR)
    assert (nobody.value, nobody.numerator) == (None, 0)
    assert nobody.missing == "2021年同期没有死亡，没有下降比例，请按不适用处理。"
