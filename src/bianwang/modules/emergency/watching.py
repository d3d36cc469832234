"""On which days of a watch somebody has to look, and which are lacking. Pure; every moment is local time.

The watch begins with the day on which the response ended, when there still was time to look before the hour that the
district sets, else with the next day.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from decimal import Decimal


def due(day: date, hours: Decimal) -> datetime:
    """Until when somebody must have looked on a day; `hours` are counted from its midnight.

    >>> due(date(2022, 8, 27), Decimal(18))
    datetime.datetime(2022, 8, 27, 18, 0)
    """
    return datetime.combine(day, time.min) + timedelta(hours=float(hours))


def first_day(ended: datetime, hours: Decimal) -> date:
    """The first day of a watch.

    >>> [first_day(datetime(2022, 8, 26, hour), Decimal(18)).day for hour in (17, 18)]
    [26, 27]
    """
    return ended.date() if ended < due(ended.date(), hours) else ended.date() + timedelta(days=1)


def days(ended: datetime, hours: Decimal, until: date) -> list[date]:
    """Every day of a watch up to a day.

    >>> [day.day for day in days(datetime(2022, 8, 26, 9), Decimal(18), date(2022, 8, 28))]
    [26, 27, 28]
    """
    first = first_day(ended, hours)
    return [first + timedelta(days=number) for number in range((until - first).days + 1)]


def lacking(ended: datetime, hours: Decimal, least: int, moment: datetime, seen: Collection[date]) -> list[date]:
    """The days that still have to be looked at before a watch may end at a moment.

    These are the first `least` days, also those to come, and every later day whose hour has passed.

    >>> ended, seen = datetime(2022, 8, 26, 9), {date(2022, 8, 26)}
    >>> [day.day for day in lacking(ended, Decimal(18), 2, datetime(2022, 8, 27, 12), seen)]
    [27]
    >>> lacking(ended, Decimal(18), 1, datetime(2022, 8, 27, 12), seen)
    []
    """
    first = first_day(ended, hours)
    wanted = {first + timedelta(days=number) for number in range(least)}
    wanted |= {day for day in days(ended, hours, moment.date()) if due(day, hours) <= moment}
    return sorted(wanted - set(seen))
