"""What every test of measures asks: few queries, and that each row count is what the list behind it shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bianwang.platform.clock import SHANGHAI
from bianwang.platform.measures import Measured, take
from bianwang.platform.period import Period

YEAR = Period.of_year(2022)
QUERIES = 5
"""No measure asks the database more often, however many rows there are."""


def taken(client: Client, code: str, period: Period, /, **arguments: str) -> Measured:
    """A measure whose rows have been counted in their lists, over HTTP."""
    with CaptureQueriesContext(connection) as asked:
        found = take(code, period, arguments)
    assert len(asked) <= QUERIES, asked.captured_queries
    for rows in found.rows:
        page = client.get(rows.url)
        assert page.status_code == 200, rows
        assert page.context["sheet"].paginator.count == rows.count, rows
    return found


def until(*days: date) -> list[Period]:
    """The year until each of these days."""
    return [Period.of_year(day.year, day) for day in days]


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of a day in Shanghai."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def day_of(moment: datetime) -> date:
    """The day of a moment in Shanghai, counted without Django: eight hours ahead of UTC."""
    return (moment + timedelta(hours=8)).date() if moment.utcoffset() == timedelta() else moment.date()


def inside(period: Period, day: date) -> bool:
    """Whether a day lies in a period."""
    return period.first <= day <= period.last


def total(rows: Iterable[Any], name: str) -> Any:
    """The sum of a column."""
    return sum(getattr(row, name) for row in rows)
