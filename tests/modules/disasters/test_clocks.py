"""The clocks of reports to the second: 初报 within two hours, then every day from the first to the last, then 核报."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from bianwang.modules.disasters import services
from bianwang.modules.disasters.models import Disaster, Total
from bianwang.platform.ledger.models import Entry
from tests.modules.disasters.things import filed, flood, latest
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

KNOWN = datetime(2026, 6, 23, 2, 0, tzinfo=UTC)
"""10 o'clock in Shanghai."""
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
AROUND = [(-SECOND, "按时", 0), (timedelta(0), "按时", 0), (SECOND, "迟报", 1)]
"""How far from the limit, what the report is then, and how many are overdue while it is not filed."""


@pytest.fixture
def time_of(world: World) -> Any:
    """The clock of the test, at the moment the bureau hears of it."""
    with time_machine.travel(KNOWN, tick=False) as traveller:
        yield traveller


def _overdue(client_for: ClientFor) -> int:
    """What the tile's list counts, after the loop has looked at the clock."""
    services.escalate_overdue()
    listed = client_for("duty").get(reverse("disasters:reports"), {"overdue": "1"}).context["sheet"].paginator.count
    assert Entry.objects.filter(verb="disasters.report_late").count() == listed
    return int(listed)


@pytest.mark.parametrize(("off", "standing", "overdue"), AROUND)
def test_the_first_report_is_due_two_hours_after_the_bureau_knew(
    world: World, client_for: ClientFor, time_of: Any, off: timedelta, standing: str, overdue: int
) -> None:
    disaster = flood(world, began_at=KNOWN - timedelta(hours=5))
    time_of.move_to(KNOWN + timedelta(hours=2) + off)
    assert _overdue(client_for) == overdue
    assert filed(world, disaster).standing[0] == standing


@pytest.mark.parametrize(("off", "standing", "overdue"), AROUND)
def test_a_zero_report_is_due_a_day_after_the_first_report(
    world: World, client_for: ClientFor, time_of: Any, off: timedelta, standing: str, overdue: int
) -> None:
    disaster = flood(world)
    filed(world, disaster)
    # Whenever the first was filed within its time, the day runs from then.
    assert latest(disaster).limit_at == KNOWN + DAY
    time_of.move_to(KNOWN + DAY + off)
    assert _overdue(client_for) == overdue
    report = filed(world, disaster)
    assert (report.kind, report.standing[0]) == ("following", standing)
    assert report.sheets.get().is_zero
    assert set(Total.objects.filter(report=report).values_list("value", flat=True)) == {0}


def test_zero_reports_go_on_every_day_until_the_disaster_is_stable(world: World, time_of: Any) -> None:
    disaster = flood(world)
    filed(world, disaster)
    for day in range(1, 4):
        report = latest(disaster)
        assert (report.kind, report.limit_at) == ("following", KNOWN + day * DAY)
        time_of.move_to(KNOWN + day * DAY)
        filed(world, disaster, stable=day == 3)
    kinds = list(disaster.reports.order_by("number").values_list("kind", "state"))
    assert kinds == [
        ("initial", "filed"), *[("following", "filed")] * 3, ("final", "collecting"),
    ]  # fmt: skip


def test_who_files_late_owes_the_next_a_day_after_that(world: World, time_of: Any) -> None:
    disaster = flood(world)
    time_of.move_to(KNOWN + timedelta(hours=3))
    assert filed(world, disaster).standing[0] == "迟报"
    assert latest(disaster).limit_at == KNOWN + timedelta(hours=27)


@pytest.mark.parametrize(("off", "standing", "overdue"), AROUND)
def test_the_last_report_is_due_at_the_end_of_the_fifth_day(
    world: World, client_for: ClientFor, time_of: Any, off: timedelta, standing: str, overdue: int
) -> None:
    # The last second of 31 December in Shanghai: the first day after it is in the new year.
    time_of.move_to(datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC))
    disaster = flood(world)
    filed(world, disaster, stable=True)
    end = datetime(2027, 1, 5, 15, 59, 59, tzinfo=UTC)
    assert (latest(disaster).kind, latest(disaster).limit_at) == ("final", end)
    time_of.move_to(end + off)
    assert _overdue(client_for) == overdue
    assert filed(world, disaster).standing[0] == standing
    disaster.refresh_from_db()
    assert disaster.phase == Disaster.Phase.VERIFIED
