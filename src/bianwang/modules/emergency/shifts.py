"""Which shift a moment belongs to, so that four days and nights stay readable. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec


class Shift(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A shift of a day with the hour in which it begins; it lasts until the next one begins."""

    code: str
    name: str
    hour: int


def shift_of(local: datetime, shifts: Sequence[Shift]) -> tuple[date, Shift]:
    """The shift in which a local time lies and the day on which that shift began.

    >>> rows = [Shift("day", "白班", 8), Shift("night", "夜班", 20)]
    >>> [shift_of(datetime(2022, 8, 24, hour), rows)[1].name for hour in (7, 8, 19, 20)]
    ['夜班', '白班', '白班', '夜班']
    >>> shift_of(datetime(2022, 8, 24, 7, 59), rows)[0]
    datetime.date(2022, 8, 23)
    """
    rows = sorted(shifts, key=lambda row: row.hour)
    begun = [row for row in rows if row.hour <= local.hour]
    if begun:
        return local.date(), begun[-1]
    return local.date() - timedelta(days=1), rows[-1]
