"""Relief of a year as of several days, against adding up one household after another."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bianwang.modules.relief.models import Claim, Programme
from bianwang.platform.period import Period
from tests.measured import YEAR, at, inside, taken, total, until
from tests.people import ClientFor, World

pytestmark = pytest.mark.django_db
AS_OF = (date(2022, 6, 30), date(2022, 12, 20), date(2022, 12, 31))
KINDS = ("winter", "repair_severe", "repair_light")
STATES = (
    "reported",
    "checked",
    "approved",
    "approved",
    "paid",
    "paid",
    "confirmed",
    "confirmed",
    "refused",
    "withdrawn",
)


def many(world: World, number: int = 200) -> None:
    """Households of three years' programmes in every state, paid in time, late, before the year, after it, or not."""
    chance, user = random.Random(31), world.who("head")
    programmes = [
        Programme.objects.create(
            owner=world.bureau,
            name=f"{year}年{kind}",
            kind=kind,
            year=year,
            scope=f"y{year}",
            policy_date=date(year, 1, 1),
            token=f"{year}{kind}",
            made_by=user,
            made_at=at(date(year, 1, 1)),
        )
        for year in (2021, 2022, 2023)
        for kind in KINDS
    ]
    rows = []
    for serial in range(number):
        programme = programmes[serial % len(programmes)]
        state = chance.choice(STATES)
        decided = date(programme.year, 1, 1) + timedelta(days=chance.randrange(364))
        granted = state in ("approved", "paid", "confirmed")
        paid = state in ("paid", "confirmed")
        rows.append(
            Claim(
                number=f"测{serial:03}",
                programme=programme,
                owner=world.village,
                source="village",
                head="测试",
                id_mask="5002**********1234",
                persons=chance.randrange(1, 6),
                rooms=chance.randrange(5),
                situation="房屋进水",
                amount=Decimal(chance.randrange(10_000, 900_000)) / 100,
                reported_at=at(decided),
                state=state,
                state_since=at(decided),
                decided_on=decided if granted else None,
                pay_by=decided + timedelta(days=15) if granted else None,
                paid_on=decided + timedelta(days=chance.choice((3, 15, 16, 40))) if paid else None,
            )
        )
    Claim.objects.bulk_create(rows)


def is_due(row: Claim, day: date) -> bool:
    """Whether a household's money had to be there by a day, or was."""
    return row.pay_by is not None and (row.pay_by <= day or (row.paid_on is not None and row.paid_on <= day))


@pytest.mark.parametrize("period", until(*AS_OF), ids=str)
def test_timeliness_is_that_counted_by_hand(world: World, client_for: ClientFor, period: Period) -> None:
    many(world)
    day = period.last
    due = [row for row in Claim.objects.select_related("programme") if row.programme.year == 2022 and is_due(row, day)]
    timely = [row for row in due if row.paid_on and row.pay_by and row.paid_on <= min(day, row.pay_by)]
    assert 0 < len(timely) < len(due)
    rate = taken(client_for("head"), "relief.timeliness", period)
    assert (rate.numerator, rate.denominator) == (len(timely), len(due))
    assert rate.value == Decimal(100 * len(timely)) / len(due)


@pytest.mark.parametrize("kind", ["", "winter", "repair_severe", "repair_severe,repair_light"])
@pytest.mark.parametrize("period", until(*AS_OF), ids=str)
def test_money_households_people_and_rooms(world: World, client_for: ClientFor, period: Period, kind: str) -> None:
    many(world)
    rows = [
        row
        for row in Claim.objects.select_related("programme")
        if row.paid_on and inside(period, row.paid_on) and (not kind or row.programme.kind in kind.split(","))
    ]
    client = client_for("head")
    assert taken(client, "relief.households", period, kind=kind).value == len(rows) > 0
    assert taken(client, "relief.paid", period, kind=kind).value == total(rows, "amount")
    assert taken(client, "relief.persons", period, kind=kind).value == total(rows, "persons")
    assert taken(client, "relief.rooms", period, kind=kind).value == total(rows, "rooms")


def test_a_year_without_programmes_shows_no_other_years_rows(world: World, client_for: ClientFor) -> None:
    many(world)
    found = taken(client_for("head"), "relief.timeliness", Period.of_year(2019))
    assert found.value is None
    assert found.missing == "2019年度的救助项目到 2019-12-31 没有应拨付的户，请按不适用处理。"


def test_a_kind_that_does_not_exist_is_no_zero(world: World, client_for: ClientFor) -> None:
    found = taken(client_for("head"), "relief.paid", YEAR, kind="gold")
    assert found.missing == "统计参数 kind 没有“gold”这个取值，请系统管理员更正指标定义。"
