"""The page of the year's 叫应率."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy

from bianwang.modules.weather import rates
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.ui.pages import Page

_UNITS = 100


class Rates(Page):
    """Figures of a year by level and by unit."""

    title = "叫应率"
    permission = "weather.view"
    template = "weather/rates.html"
    crumbs = (("预警回执", reverse_lazy("weather:receipts")),)

    def get(self, request: HttpRequest) -> HttpResponse:
        present = now().astimezone(SHANGHAI).year
        years = sorted({present, *rates.years(self.user)}, reverse=True)
        asked = request.GET.get("year", "")
        year = int(asked) if asked.isdecimal() and int(asked) in years else present
        sheet = Paginator(rates.by_unit(self.user, year), _UNITS).get_page(request.GET.get("page"))
        return self.render(year=year, years=years, levels=rates.by_level(self.user, year), sheet=sheet)
