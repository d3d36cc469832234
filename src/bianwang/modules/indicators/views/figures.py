"""Pages of figures: all of them as of a day, and one with its definition, its arithmetic and its rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse_lazy

from bianwang.modules.indicators import queries
from bianwang.modules.indicators.figures import Figure
from bianwang.modules.indicators.pack import figures as subjects
from bianwang.platform.clock import today
from bianwang.platform.exchange.export import workbook_response
from bianwang.platform.exchange.services import note_export
from bianwang.platform.period import Period
from bianwang.platform.ui.cells import Column
from bianwang.platform.ui.pages import Page

FIRST_YEAR = 2000


def period_of(params: QueryDict) -> Period:
    """The period that a page asks for: `on`, else the end of `year`, never beyond today."""
    present = today()
    try:
        on = date.fromisoformat(params.get("on", ""))
    except ValueError:
        year = params.get("year", "")
        on = date(int(year), 12, 31) if year.isdecimal() and FIRST_YEAR <= int(year) <= present.year else present
    on = max(date(FIRST_YEAR, 1, 1), min(on, present))
    return Period.of_year(on.year, on)


class FigureList(Page):
    """Every figure by subject."""

    title = "数字清单"
    permission = "indicators.view"
    template = "indicators/figures.html"
    crumbs = (("绩效指标", reverse_lazy("indicators:list")),)
    columns = (
        Column("subject", "类别", lambda row: row[0]),
        Column("label", "数字", lambda row: row[1].label),
        Column("value", "数值", lambda row: row[1].text),
        Column("unit", "单位", lambda row: row[1].unit),
        Column("numerator", "分子", lambda row: row[1].numerator),
        Column("denominator", "分母", lambda row: row[1].denominator),
        Column("source", "来源", lambda row: row[1].source),
        Column("query", "取数", lambda row: row[1].query),
        Column("note", "说明", lambda row: row[1].note or row[1].missing),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        period = period_of(request.GET)
        wanted = request.GET.get("q", "").strip()
        rows = list(_chosen(queries.figures(period), wanted, missing=request.GET.get("missing") == "1"))
        if request.GET.get("export") == "xlsx":
            note_export(self.user, self.title, len(rows))
            return workbook_response(f"{self.title} {period.last}", self.columns, rows, maker=str(request.user))
        groups: dict[str, list[Figure]] = {}
        for subject, figure in rows:
            groups.setdefault(subject, []).append(figure)
        return self.render(period=period, groups=groups, wanted=wanted, is_missing=request.GET.get("missing") == "1")


class FigurePage(Page):
    """One figure."""

    permission = "indicators.view"
    template = "indicators/figure.html"
    crumbs = (("绩效指标", reverse_lazy("indicators:list")), ("数字清单", reverse_lazy("indicators:figures")))

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        period = period_of(request.GET)
        figure = queries.figure(period, code)
        return self.render(title=figure.label, figure=figure, period=period)


def _chosen(found: Any, wanted: str, *, missing: bool) -> Iterator[tuple[str, Figure]]:
    for subject, rows in subjects().items():
        for row in rows:
            figure = found[row.id]
            if wanted and wanted not in figure.label and wanted not in figure.id:
                continue
            if missing and figure.value is not None:
                continue
            yield subject, figure
