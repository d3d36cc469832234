"""A span of days, and how rows, lists and figures are limited to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from bianwang.platform.clock import SHANGHAI


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included, in Asia/Shanghai."""

    first: date
    last: date

    @classmethod
    def of_year(cls, year: int, on: date | None = None) -> Period:
        """A year, or what of it has passed by the end of a day."""
        last = date(year, 12, 31)
        return cls(date(year, 1, 1), min(last, on) if on else last)

    @property
    def year(self) -> int:
        """The year in which it ends."""
        return self.last.year

    @property
    def start(self) -> datetime:
        """The first moment in it."""
        return datetime.combine(self.first, time(), SHANGHAI)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), SHANGHAI)

    def before(self) -> Period:
        """The same days of the year before; 29 February becomes the 28th."""
        return Period(_year_before(self.first), _year_before(self.last))

    def moments(self, field: str) -> Q:
        """Rows whose moment lies in it."""
        return Q(**{f"{field}__gte": self.start, f"{field}__lt": self.end})

    def days(self, field: str) -> Q:
        """Rows whose day lies in it."""
        return Q(**{f"{field}__gte": self.first, f"{field}__lte": self.last})

    def query(self, name: str) -> dict[str, str]:
        """The same as parameters of a list."""
        return {f"{name}_from": self.first.isoformat(), f"{name}_to": self.last.isoformat()}


def _year_before(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day)
