"""Alerts, money by source, and the way to the imports."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from bianwang.modules.budget.queries import alerts, sources
from bianwang.modules.budget.queries.lines import marks
from bianwang.modules.budget.showing import last_day
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.ui.pages import Page
from bianwang.platform.workflow.queries import limit

_LIMITS = {
    "undisbursed": "budget.undisbursed",
    "red": "budget.pace_red",
    "yellow": "budget.pace_yellow",
    "year_end": "budget.year_end",
    "soon": "budget.publish_soon",
}


class AlertPage(Page):
    """What asks to be acted on today."""

    title = "预算预警"
    permission = "budget.view"
    template = "budget/alerts.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        day = today()
        limits = {name: limit(code, day) for name, code in _LIMITS.items()}
        return self.render(alerts=alerts.alerts(), limits=limits, marks=marks(day), day=day)


class FundPage(Page):
    """A year's money by source."""

    title = "资金来源"
    permission = "budget.view"
    template = "budget/funds.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("year", "")
        year = int(text) if text.isdecimal() and 2000 <= int(text) <= 2100 else today().year
        on: date = last_day(year)
        return self.render(rows=sources.sources(year, on), year=year, on=on)


def upload(request: HttpRequest, kind: str) -> HttpResponse:
    """To the import of one kind."""
    access.require(request.user, "budget.edit")
    return redirect("exchange:upload", kind)
