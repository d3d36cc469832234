"""The annual figures."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from bianwang.modules.enforcement import figures, queries
from bianwang.modules.enforcement.lists import VISITS
from bianwang.platform.clock import today
from bianwang.platform.ui.pages import Page

_FIRST_YEAR, _LAST_YEAR = 2000, 2100


class Statistics(Page):
    """A year's figures until today, 直管 and 全区 apart."""

    title = "检查统计"
    permission = "enforcement.view"
    template = "enforcement/statistics.html"
    crumbs = VISITS

    def get(self, request: HttpRequest) -> HttpResponse:
        present = today()
        year = _number(request.GET.get("year", ""), present.year)
        on = queries.day_of(request.GET.get("on", "")) or present
        return self.render(found=figures.annual(self.user, year, on), year=year, today=present)


def _number(text: str, otherwise: int) -> int:
    year = int(text) if text.isdecimal() and len(text) == 4 else otherwise
    return year if _FIRST_YEAR <= year <= _LAST_YEAR else otherwise
