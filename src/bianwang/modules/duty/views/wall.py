"""The one-screen view and the figures."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy

from bianwang.modules.duty import figures, queries, receipts, wall
from bianwang.platform.clock import today
from bianwang.platform.ui.pages import Page

_YEARS = range(2000, 2101)


class Wall(Page):
    """The big screen of the command centre."""

    title = "值守一屏"
    permission = "duty.view"
    template = "duty/wall.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render(**_state(request.user))


class WallState(Page):
    """What changes on it."""

    permission = "duty.view"

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "duty/_wall.html", _state(request.user))


class Statistics(Page):
    """Figures by unit for a year or a month."""

    title = "值班统计"
    permission = "duty.view"
    template = "duty/statistics.html"
    crumbs = (("值班安排", reverse_lazy("duty:list")),)

    def get(self, request: HttpRequest) -> HttpResponse:
        year, month = _number(request, "year", _YEARS), _number(request, "month", range(1, 13))
        chosen = year or today().year
        return self.render(year=chosen, month=month, months=range(1, 13), lines=figures.lines(self.user, chosen, month))


def _state(user: Any) -> dict[str, Any]:
    own, others = wall.posts(user)
    return {
        "own": own,
        "others": others,
        "sent": wall.sent(user),
        "rounds": wall.rounds(user),
        "late_receipts": receipts.late_count(user),
        "matters": wall.matters(user),
        "open_matters": queries.open_matter_count(user),
        "late_handovers": queries.late_handover_count(user),
    }


def _number(request: HttpRequest, name: str, allowed: range) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and int(text) in allowed else None
