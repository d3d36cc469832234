"""The year of the report: 22 households and 48 people from report to payment, 19 500 元, all in time."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bianwang.modules.relief.models import Claim, Line
from bianwang.modules.relief.queries import claims as queries, funds as money
from bianwang.modules.relief.services import claims, funds, payments
from bianwang.platform.clock import today
from bianwang.platform.ledger.models import Entry
from tests.modules.relief import things
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

SIZES = [3] * 4 + [2] * 18
"""Twenty-two households of forty-eight people."""


def test_the_reports_households_are_paid_in_time(world: World, client_for: ClientFor) -> None:
    programme = things.programme(world, year=2022, policy_date=date(2022, 11, 1))
    rows = [things.reported(world, programme, size=size) for size in SIZES]
    assert (len(rows), sum(row.persons for row in rows)) == (22, 48)
    things.met(world, *rows)
    things.notice_ended(*rows)
    village, town, leader = (client_for(key) for key in ("village", "town", "leader"))
    for client, action, state in (
        (village, "submit", "submitted"),
        (town, "check", "checked"),
        (leader, "approve", "approved"),
    ):
        client.post("/relief/", {"action": action, "row": [row.pk for row in rows]})
        assert set(Claim.objects.values_list("state", flat=True)) == {state}

    finance = world.who("finance")
    pot = things.fund(world, "20000")
    funds.allot(finance, pot, programme, Decimal("19500"), today())
    batch = payments.make_batch(finance, programme, pot, "once")
    assert (batch.households, batch.amount) == (22, Decimal("19500.00"))
    payments.settle(finance, things.results(batch.lines.all()))
    batch.refresh_from_db()
    assert batch.state == "done"
    village.post("/relief/", {"action": "confirm", "row": [row.pk for row in rows]})
    assert set(Claim.objects.values_list("state", flat=True)) == {"confirmed"}

    user = world.who("leader")
    for way in ("decision", "arrival"):
        share = queries.timeliness(user, 2022, way=way)
        assert (share.part, share.whole, share.percent) == (22, 22, 100)
        for url in (share.part_url, share.whole_url):
            assert leader.get(url).context["sheet"].paginator.count == 22
    for by in ("programme", "disaster", "town"):
        first, total = queries.totals(user, 2022, by)
        assert (first.households, first.persons, first.granted, first.paid) == (22, 48, Decimal(19500), Decimal(19500))
        assert (total.households, total.persons, total.granted, total.paid) == (22, 48, first.granted, first.paid)
        assert leader.get(first.paid_url).context["sheet"].paginator.count == 22
    assert money.standing(pot).balance == Decimal("500.00")
    # Each step of each household is one row of the ledger.
    steps = ("report", "pass", "submit", "check", "approve", "batch_line", "pay", "confirm")
    for step in steps:
        assert Entry.objects.filter(verb=f"relief.{step}").count() == 22


def test_late_payment_and_late_money_count_apart(world: World) -> None:
    row = things.approved(world)
    pot = things.allotted(world, row.programme)
    payments.make_batch(world.who("finance"), row.programme, pot, "r")
    long_ago = today() - timedelta(days=40)
    Claim.objects.update(decided_on=long_ago, pay_by=long_ago + timedelta(days=15))
    late = queries.timeliness(world.who("leader"), today().year)
    assert (late.part, late.whole) == (0, 1)
    payments.settle(world.who("finance"), things.results(Line.objects.all()))
    decision, arrival = (
        queries.timeliness(world.who("leader"), today().year, way=way) for way in ("decision", "arrival")
    )
    assert (decision.part, decision.whole) == (0, 1)
    assert (arrival.part, arrival.whole) == (1, 1)


def test_nothing_is_due_before_its_day_and_refused_households_never(world: World) -> None:
    things.refused(world)
    things.approved(world)
    share = queries.timeliness(world.who("leader"), today().year)
    assert (share.whole, share.percent) == (0, None)
    limit_day = queries.timeliness(world.who("leader"), today().year, as_of=today() + timedelta(days=15))
    assert (limit_day.part, limit_day.whole) == (0, 1)
    before = queries.timeliness(world.who("leader"), today().year, as_of=today() + timedelta(days=14))
    assert before.whole == 0


def test_the_district_figures_are_those_of_the_users_scope(world: World) -> None:
    claims.withdraw(things.reported(world), world.who("village"), "不申请了")
    things.approved(world)
    here, elsewhere = (queries.totals(world.who(key), today().year, "town") for key in ("town", "town2"))
    assert here[-1].households == 1
    assert elsewhere[-1].households == 0
