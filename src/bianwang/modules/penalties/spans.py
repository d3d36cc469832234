"""Limits that run from day to day and stand still meanwhile. Plain arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Span:
    """Days, both included, on which a limit stands still; an open end: still standing."""

    first: date
    last: date | None


def stands(spans: Sequence[Span], day: date) -> bool:
    """Whether the limit stands still on a day."""
    return any(span.first <= day and (span.last is None or day <= span.last) for span in spans)


def last_day(start: date, days: int, spans: Sequence[Span] = ()) -> date | None:
    """The last of `days` calendar days after `start` that count; None when an open span keeps it from being known.

    >>> last_day(date(2026, 3, 1), 10)
    datetime.date(2026, 3, 11)
    >>> last_day(date(2026, 3, 1), 10, [Span(date(2026, 3, 5), date(2026, 3, 9))])
    datetime.date(2026, 3, 16)
    >>> last_day(date(2026, 3, 1), 10, [Span(date(2026, 3, 5), None)]) is None
    True
    """
    day, left = start, days
    ends = [span.last for span in spans if span.last is not None]
    known = max(ends, default=start)
    while left:
        day += timedelta(days=1)
        if not stands(spans, day):
            left -= 1
        elif day > known:
            return None
    return day
