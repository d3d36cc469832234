"""Time as the platform keeps it: UTC milliseconds inside, Asia/Shanghai for people."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC)


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
