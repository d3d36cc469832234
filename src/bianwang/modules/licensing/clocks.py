"""The statutory clock of an application: it runs only while it is the bureau's turn.

The clock starts with the acceptance and stands still during pauses (行政许可法第45条: hearing, testing, expert review;
rectification where the kind's own rules say so). The day of an event is not counted, neither the day of acceptance nor
the day a pause ends (民法典第201条), so a stretch of time is the days after its first and up to its last day.

>>> accepted, pause = date(2026, 3, 2), Pause(date(2026, 3, 4), date(2026, 3, 10))
>>> used(accepted, [pause], date(2026, 3, 12), CALENDAR)   # the 3rd, 4th, 11th and 12th
4
>>> due(accepted, [pause], 5, CALENDAR)
datetime.date(2026, 3, 13)
>>> due(accepted, [Pause(date(2026, 3, 4), None)], 5, CALENDAR) is None
True
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple


class Days(NamedTuple):
    """A way of counting days: how many after one day up to another, and the n-th after a day."""

    between: Callable[[date, date], int]
    add: Callable[[date, int], date]


class Pause(NamedTuple):
    """The clock stood still after `start` up to `end`; None: it still does."""

    start: date
    end: date | None


CALENDAR = Days(lambda first, last: (last - first).days, lambda day, number: day + timedelta(days=number))
"""Every day counts."""


def used(accepted: date, pauses: Iterable[Pause], on: date, days: Days) -> int:
    """Days of the limit that are used up at the end of a day."""
    return sum(
        days.between(start, min(end or on, on))
        for start, end in _running(accepted, pauses)
        if start < min(end or on, on)
    )


def due(accepted: date, pauses: Iterable[Pause], limit: int, days: Days) -> date | None:
    """The last day of a limit of at least one day; None while the clock stands still before it."""
    left = limit
    for start, end in _running(accepted, pauses):
        if end is None:
            return days.add(start, left)
        run = days.between(start, end)
        if run >= left:
            return days.add(start, left)
        left -= run
    return None


def _running(accepted: date, pauses: Iterable[Pause]) -> Iterator[tuple[date, date | None]]:
    """The stretches between the pauses; the last is open (None) unless a pause is."""
    start = accepted
    for pause in sorted(pauses, key=lambda each: each.start):
        if pause.start > start:
            yield start, pause.start
        if pause.end is None:
            return
        start = max(start, pause.end)
    yield start, None
