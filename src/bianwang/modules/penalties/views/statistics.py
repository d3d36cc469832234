"""A year's figures."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from bianwang.modules.penalties import figures
from bianwang.modules.penalties.views.cases import CASES
from bianwang.platform.ui.pages import Page


class Statistics(Page):
    """A year of penalties; each figure leads to its rows."""

    title = "处罚统计"
    permission = "penalties.view"
    template = "penalties/statistics.html"
    crumbs = CASES

    def get(self, request: HttpRequest) -> HttpResponse:
        years = figures.years(self.user)
        wanted = request.GET.get("year", "")
        year = int(wanted) if wanted.isdecimal() and 2000 <= int(wanted) <= years[0] else years[0]
        years = years if year in years else [*years, year]
        return self.render(found=figures.annual(self.user, year), years=years)
