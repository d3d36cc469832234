"""Inspections of a year as of several days, against counting one visit after another."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bianwang.modules.enforcement.models import Plan, PlanItem, Visit
from bianwang.platform.period import Period
from bianwang.platform.places.models import Enterprise
from tests.measured import YEAR, at, day_of, inside, taken, until
from tests.modules.enforcement import things
from tests.people import ClientFor, World

pytestmark = pytest.mark.django_db
AS_OF = (date(2022, 3, 1), date(2022, 5, 9), date(2022, 5, 10), date(2022, 12, 31))


def plans(world: World, enterprises: list[Enterprise]) -> None:
    """Three versions of 2022 — the last approved after the year —, a draft, and the plan of the year before."""
    versions = [
        (2021, 1, "approved", date(2021, 1, 20), enterprises[:3]),
        (2022, 1, "superseded", date(2022, 2, 1), enterprises[:8]),
        (2022, 2, "superseded", date(2022, 5, 10), enterprises[2:12]),
        (2022, 3, "approved", date(2023, 1, 3), enterprises),
        (2022, 4, "draft", None, enterprises[:1]),
    ]
    user = world.who("enforcement")
    for year, number, state, day, items in versions:
        plan = Plan.objects.create(
            owner=world.bureau,
            year=year,
            number=number,
            state=state,
            made_by=user,
            made_at=at(date(year, 1, 4)),
            approved_at=at(day, 23, 59) if day else None,
            **things.DAYS,
        )
        rows = [PlanItem(plan=plan, enterprise=enterprise, kind="key", month=3) for enterprise in items]
        PlanItem.objects.bulk_create(rows)


def visits(world: World, enterprises: list[Enterprise], number: int = 160) -> None:
    """Visits of three units in every state, from the end of 2021 to the beginning of 2023."""
    chance, user = random.Random(3), world.who("enforcement")
    rows = []
    for serial in range(number):
        unit = (world.bureau, world.bureau, world.town, world.department)[serial % 4]
        own = unit is world.bureau
        rows.append(
            Visit(
                unit=unit,
                # Some planned enterprises are never visited, others often.
                enterprise=chance.choice(enterprises[:9] if own else [world.plant, *enterprises]),
                date=date(2021, 12, 20) + timedelta(days=serial * 390 // number),
                kind="plan" if own else "patrol",
                scope="direct" if own else "district",
                state=chance.choice(("done", "done", "done", "planned", "void")),
                is_statutory=own and serial % 8 != 0,
                made_by=user,
                made_at=at(date(2023, 2, 1)),
            )
        )
    Visit.objects.bulk_create(rows)


def plan_by_hand(period: Period) -> tuple[int, int]:
    """Planned enterprises of the version in force on the last day, and those of them that the bureau inspected."""
    in_force = [
        row
        for row in Plan.objects.all()
        if row.year == period.year and row.approved_at and day_of(row.approved_at) <= period.last
    ]
    plan = max(in_force, key=lambda row: row.approved_at or at(date(1, 1, 1)))
    planned = {item.enterprise_id for item in PlanItem.objects.all() if item.plan_id == plan.pk}
    inspected = {
        row.enterprise_id
        for row in Visit.objects.all()
        if row.state == "done" and row.is_statutory and row.unit_id == plan.owner_id and inside(period, row.date)
    }
    return len(planned & inspected), len(planned)


@pytest.mark.parametrize("period", until(*AS_OF), ids=str)
def test_the_plan_is_completed_by_distinct_enterprises(world: World, client_for: ClientFor, period: Period) -> None:
    enterprises = things.enterprises(world, 14)
    plans(world, enterprises)
    visits(world, enterprises)
    part, whole = plan_by_hand(period)
    assert 0 < part < whole
    rate = taken(client_for("head"), "enforcement.plan_completion", period)
    assert (rate.numerator, rate.denominator, rate.value) == (part, whole, Decimal(100 * part) / whole)
    assert taken(client_for("head"), "enforcement.planned_enterprises", period).value == whole


@pytest.mark.parametrize("period", until(*AS_OF), ids=str)
def test_visits_are_those_counted_by_hand(world: World, client_for: ClientFor, period: Period) -> None:
    visits(world, things.enterprises(world, 14))
    rows = [row for row in Visit.objects.all() if row.state == "done" and inside(period, row.date)]
    direct = [row for row in rows if row.scope == "direct"]
    assert 0 < len(direct) < len(rows)
    assert taken(client_for("head"), "enforcement.visits", period).value == len(rows)
    assert taken(client_for("head"), "enforcement.direct_visits", period).value == len(direct)


def test_without_an_approved_plan_it_says_what_to_do(world: World, client_for: ClientFor) -> None:
    plans(world, things.enterprises(world, 14))
    for code in ("enforcement.plan_completion", "enforcement.planned_enterprises"):
        found = taken(client_for("head"), code, Period.of_year(2022, date(2022, 1, 31)))
        assert (found.value, found.rows) == (None, ())
        assert found.missing == "到 2022-01-31 没有已批准的2022年度检查计划，请在“年度检查计划”编制并报批。"
    assert taken(client_for("head"), "enforcement.visits", YEAR).value == 0
