"""Time as the platform keeps it: UTC milliseconds inside, Asia/Shanghai for people."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The present moment, aware, UTC."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside, `now` and `today` are those of an aware `moment`: the demo plays a year that has passed.

    Readings (`now_ms`) keep the real time.
    """
    token = _told.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(token)


def today() -> date:
    """The present day in Shanghai: limits, tables and lists of the day go by it."""
    return now().astimezone(SHANGHAI).date()


def now_ms() -> int:
    """The present moment in ms since 1970, UTC."""
    return time.time_ns() // 1_000_000


def from_ms(ms: int) -> datetime:
    """An aware UTC datetime for ms since 1970."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def to_ms(moment: datetime) -> int:
    """ms since 1970 of an aware datetime. Raises ValueError for a naive one, whose zone nobody knows."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime has no zone")
    return round(moment.timestamp() * 1000)
