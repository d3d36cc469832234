"""追责时效: how long after its end a conduct may still be punished. Plain arithmetic."""

from __future__ import annotations

from datetime import date


def last_day_to_find(end: date | None, years: int) -> date | None:
    """The last day on which a conduct must have been found; None while it continues (行政处罚法 art. 36).

    >>> last_day_to_find(date(2024, 3, 1), 2)
    datetime.date(2026, 3, 1)
    >>> last_day_to_find(date(2024, 2, 29), 2)
    datetime.date(2026, 2, 28)
    """
    if end is None:
        return None
    try:
        return end.replace(year=end.year + years)
    except ValueError:  # 29 February
        return end.replace(year=end.year + years, day=28)


def is_barred(end: date | None, found: date, years: int) -> bool:
    """Whether it was found too late."""
    last = last_day_to_find(end, years)
    return last is not None and found > last
