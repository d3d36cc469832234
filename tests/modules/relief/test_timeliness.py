"""The share of households paid in time, as of every day, against the histories that the test itself has played."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from bianwang.modules.relief.models import Claim
from bianwang.modules.relief.queries import claims as queries
from bianwang.modules.relief.services import claims, payments
from bianwang.platform.clock import today
from tests.modules.relief import things
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LIMIT, SPAN = 15, 36
"""Days to pay, and days that are played."""
WATCHED = (9, 10, 14, 15, 19, 20, 35)
"""Days on which the lists behind the numbers are opened."""


@dataclass
class History:
    """What happens to a household, in days after the start; None: it does not."""

    approved: int | None = 0
    returned: int | None = None
    paid: int | None = None
    withdrawn: int | None = None
    year: int = 2026
    """Of the programme."""
    row: Any = None

    def is_due(self, day: int) -> bool:
        """Granted in the year and not given up by the end of a day, and its time was over or it had its money."""
        gone = self.withdrawn is not None and self.withdrawn <= day
        if self.approved is None or gone or self.year != 2026:
            return False
        return self.approved + LIMIT <= day or self.is_paid(day)

    def is_paid(self, day: int) -> bool:
        """Whether the money was there."""
        return self.paid is not None and self.paid <= day

    def is_timely(self, day: int) -> bool:
        """Whether it was there in time."""
        return self.is_due(day) and self.is_paid(day) and (self.paid or 0) <= (self.approved or 0) + LIMIT


HISTORIES = (
    History(paid=10),
    History(paid=LIMIT),
    History(paid=LIMIT + 1),
    History(),
    History(approved=3, withdrawn=10),
    History(approved=3, withdrawn=20),
    History(approved=5, returned=12, paid=30),
    History(approved=None, withdrawn=6),
    History(approved=None),
    History(approved=30),
    History(paid=10, year=2025),
)


def _play(world: World, history: History, day: int) -> None:
    """Do what happens on a day."""
    row = history.row
    row.refresh_from_db()
    if history.approved == day:
        claims.approve(row, world.who("leader"))
    if history.returned == day:
        _settle(world, row, is_paid=False)
    if history.paid == day:
        _settle(world, row, is_paid=True)
    if history.withdrawn == day:
        claims.withdraw(row, world.who("village"), "不需要了")


def _settle(world: World, row: Claim, *, is_paid: bool) -> None:
    """One batch; the bank returns all but the household that is paid, and all accounts are put right."""
    finance, village = world.who("finance"), world.who("village")
    batch = payments.make_batch(finance, row.programme, things.allotted(world, row.programme), f"{row.pk} {today()}")
    for line in batch.lines.select_related("claim"):
        good = is_paid and line.claim == row
        payments.settle(finance, things.results([line], is_paid=good, reason="" if good else "账号不存在"))
        if not good:
            line.claim.refresh_from_db()
            claims.change_account(line.claim, village, things.ACCOUNT, "核对无误")


@pytest.fixture
def played(world: World) -> Iterator[list[tuple[int, int]]]:
    """What was said on every day of the span: numerator and denominator; the histories have their rows."""
    said = []
    with time_machine.travel(START - timedelta(days=9), tick=False) as clock:
        for history in HISTORIES:
            history.row = things.checked(world, what=things.programme(world, year=history.year))
        for day in range(SPAN):
            clock.move_to(START + timedelta(days=day))
            for history in HISTORIES:
                _play(world, history, day)
            share = queries.timeliness(world.who("leader"), 2026)
            said.append((share.part, share.whole))
        yield said


def test_any_day_says_later_what_it_said_then_and_what_had_happened(
    world: World, client_for: ClientFor, played: list[tuple[int, int]]
) -> None:
    user, client = world.who("leader"), client_for("leader")
    for day in range(SPAN):
        due = {history.row.pk for history in HISTORIES if history.is_due(day)}
        timely = {history.row.pk for history in HISTORIES if history.is_timely(day)}
        share = queries.timeliness(user, 2026, as_of=START.date() + timedelta(days=day))
        assert (share.part, share.whole) == (len(timely), len(due)) == played[day], day
        assert set(share.rows.values_list("pk", flat=True)) == due
        if day in WATCHED:
            for url, rows in ((share.part_url, timely), (share.whole_url, due)):
                assert {row.pk for row in client.get(url).context["sheet"].object_list} == rows
    assert (played[0], played[-1]) == ((0, 0), (2, 5))
