"""Enterprises with a valid certificate as of several days, against looking at one enterprise after another."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from bianwang.modules.standardisation.models import Grade
from bianwang.platform.clock import now, today
from bianwang.platform.period import Period
from tests.measured import taken, until
from tests.modules.enforcement import things
from tests.people import ClientFor, World

pytestmark = pytest.mark.django_db
CODE = "standardisation.certified"
AS_OF = (date(2020, 6, 30), date(2022, 6, 30), date(2022, 12, 31))


def certificates(world: World) -> None:
    """Up to three gradings of each enterprise: valid, run out, revoked, given after the year, and applications."""
    chance = random.Random(11)
    rows = []
    for owner in things.enterprises(world, 30):
        graded = date(2017, 1, 1) + timedelta(days=chance.randrange(1000))
        for _ in range(chance.randrange(4)):
            lasts = timedelta(days=chance.choice((700, 1095)))
            ended = graded + timedelta(days=chance.randrange(900)) if chance.random() < 0.2 else None
            rows.append(Grade(owner=owner, graded_on=graded, valid_until=graded + lasts, ended_on=ended))
            graded += timedelta(days=chance.randrange(300, 1200))
        rows.append(Grade(owner=owner, graded_on=None))
    for row in rows:
        row.level, row.state_since, row.is_imported = "3", now(), True
        row.state = "valid" if row.graded_on else "applied"
    Grade.objects.bulk_create(rows)


def by_hand(day: date) -> int:
    """Enterprises whose last grading until the day had neither run out nor been revoked on it."""
    last: dict[int, Grade] = {}
    for row in Grade.objects.all():
        if row.graded_on and row.graded_on <= day:
            before = last.get(row.owner_id)
            if before is None or before.graded_on is None or before.graded_on < row.graded_on:
                last[row.owner_id] = row
    valid = [row for row in last.values() if row.valid_until and row.valid_until >= day]
    return sum(row.ended_on is None or row.ended_on > day for row in valid)


@pytest.mark.parametrize("period", until(*AS_OF), ids=str)
def test_valid_certificates_are_those_counted_by_hand(world: World, client_for: ClientFor, period: Period) -> None:
    certificates(world)
    expected = by_hand(period.last)
    assert 0 < expected < 30
    assert taken(client_for("head"), CODE, period).value == expected


def test_a_year_that_goes_on_is_counted_today(world: World, client_for: ClientFor) -> None:
    certificates(world)
    later = date(today().year + 1, 12, 31)
    certified = Grade.objects.filter(graded_on__isnull=False).order_by("-pk")[:1]
    Grade.objects.filter(pk=certified.get().pk).update(graded_on=today(), valid_until=later, ended_on=None)
    found = taken(client_for("head"), CODE, Period.of_year(today().year))
    assert found.value == by_hand(today()) > 0
    assert found.note.startswith(str(today()))
