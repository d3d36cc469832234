"""Figures of the duty by unit: shifts manned of those planned, spot checks answered in time; each leads to its rows."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q

from bianwang.modules.duty.models import Answer, Shift
from bianwang.platform import access
from bianwang.platform.clock import now
from bianwang.platform.ui.lists import list_url


@dataclass(frozen=True)
class Share:
    """A part of a whole; both lead to their rows."""

    part: int
    whole: int
    url: str
    whole_url: str

    @property
    def percent(self) -> float | None:
        """In per cent; None of nothing."""
        return 100 * self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class Line:
    """One unit's figures."""

    unit: str
    shifts: Share
    answers: Share


def manned() -> Q:
    """Shifts whose people handed over at the end: the proof that somebody was there."""
    return Q(handover__state__in=("written", "signed"))


def ended() -> Q:
    """Shifts that are over."""
    return Q(ends_at__lte=now())


def in_time() -> Q:
    """Answers up to the very moment that they were due."""
    return Q(answered_at__lte=F("due_at"))


def counted() -> Q:
    """Answers that are there or due: what the rate is of."""
    return Q(answered_at__isnull=False) | Q(due_at__lt=now())


def lines(user: Any, year: int, month: int | None) -> list[Line]:
    """Figures of a year or a month for every unit in the user's scope, in two queries."""
    first = date(year, month or 1, 1)
    last = date(year, month or 12, calendar.monthrange(year, month or 12)[1])
    days = {"day_from": first, "day_to": last}
    shifts = (
        access.visible(user, Shift, "duty.view")
        .filter(ended(), roster__state="published", day__range=(first, last))
        .order_by()
        .values("post__owner", "post__owner__name")
        .annotate(whole=Count("pk"), part=Count("pk", filter=manned()))
    )
    asked = {"asked_from": first, "asked_to": last}
    answers = (
        access.visible(user, Answer, "duty.view")
        .filter(counted(), check_round__asked_at__date__range=(first, last))
        .order_by()
        .values("unit", "unit__name")
        .annotate(whole=Count("pk"), part=Count("pk", filter=in_time()))
    )
    planned = {row["post__owner"]: row for row in shifts}
    checked = {row["unit"]: row for row in answers}
    names = {key: row["post__owner__name"] for key, row in planned.items()}
    names |= {key: row["unit__name"] for key, row in checked.items()}
    return [
        Line(
            name,
            _share(planned.get(unit), "duty:list", {"unit": unit, **days, "ended": 1}, "manned"),
            _share(checked.get(unit), "duty:answers", {"unit": unit, **asked, "counted": 1}, "in_time"),
        )
        for unit, name in sorted(names.items(), key=lambda row: (row[1], row[0]))
    ]


def _share(row: Any, page: str, query: dict[str, Any], flag: str) -> Share:
    part, whole = (row["part"], row["whole"]) if row else (0, 0)
    return Share(part, whole, list_url(page, **query, **{flag: 1}), list_url(page, **query))
