"""Hazards of a year as of several days, against counting one hazard after another."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bianwang.modules.hazards.models import Hazard
from bianwang.platform.period import Period
from tests.measured import at, day_of, inside, taken, until
from tests.people import ClientFor, World

pytestmark = pytest.mark.django_db
STATES = ("registered", "rectifying", "submitted", "passed", "closed", "revoked")
AS_OF = (date(2022, 3, 1), date(2022, 6, 30), date(2022, 12, 30), date(2022, 12, 31))


def many(world: World, number: int = 240) -> None:
    """Hazards from the last days of 2021 to the first of 2023 in every state, some rectified long after the year."""
    chance = random.Random(7)
    rows = []
    for serial in range(number):
        state = STATES[serial % len(STATES)]
        day = date(2021, 12, 20) + timedelta(days=serial * 390 // number)
        # The last minute of a day, and the first of the next, are told apart in Shanghai time.
        found = at(day, *chance.choice([(0, 0), (9, 30), (23, 59)]))
        ordered = state not in ("registered", "revoked")
        rectified = state in ("submitted", "passed", "closed")
        rows.append(
            Hazard(
                number=f"测{serial:04}",
                owner=world.plant if serial % 2 else world.other,
                source="town",
                track="unit",
                title="通道堵塞",
                category="2",
                grade="general",
                state=state,
                state_since=found,
                found_at=found,
                rectify_by=at(day + timedelta(days=chance.randrange(40)), 23, 59) if ordered else None,
                rectified_at=found + timedelta(days=chance.randrange(60)) if rectified else None,
            )
        )
    Hazard.objects.bulk_create(rows)


def by_hand(period: Period) -> tuple[int, int, int]:
    """Found, rectified and overdue."""
    found = rectified = overdue = 0
    for row in Hazard.objects.all():
        if row.state == "revoked" or not inside(period, day_of(row.found_at)):
            continue
        found += 1
        done = row.rectified_at is not None and day_of(row.rectified_at) <= period.last
        rectified += done and row.state in ("passed", "closed")
        overdue += not done and row.rectify_by is not None and day_of(row.rectify_by) <= period.last
    return found, rectified, overdue


@pytest.mark.parametrize("period", until(*AS_OF), ids=str)
def test_hazards_as_of_a_day_are_those_counted_by_hand(world: World, client_for: ClientFor, period: Period) -> None:
    many(world)
    client = client_for("head")
    found, rectified, overdue = by_hand(period)
    assert min(found, rectified, overdue) > 0
    assert taken(client, "hazards.found", period).value == found
    assert taken(client, "hazards.rectified", period).value == rectified
    assert taken(client, "hazards.overdue", period).value == overdue
    rate = taken(client, "hazards.rectification_rate", period)
    assert (rate.numerator, rate.denominator) == (rectified, found)
    assert rate.value == Decimal(100 * rectified) / found


def test_what_is_rectified_later_does_not_move_a_past_day(world: World, client_for: ClientFor) -> None:
    many(world)
    [period] = until(date(2022, 6, 30))
    before = {code: taken(client_for("head"), code, period) for code in ("hazards.rectified", "hazards.overdue")}
    late = Hazard.objects.filter(state="rectifying")
    assert late.update(state="closed", rectified_at=at(date(2022, 7, 1), 0)) > 0
    assert before == {code: taken(client_for("head"), code, period) for code in before}


def test_a_year_without_hazards_has_no_rate(world: World, client_for: ClientFor) -> None:
    rate = taken(client_for("head"), "hazards.rectification_rate", Period.of_year(2022))
    assert rate.value is None
    assert rate.missing == "本期没有登记发现的隐患，请在“隐患”登记或导入。"
