"""The form of a report as a workbook, and the year's table."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy

from bianwang.modules.disasters import layout, statistics
from bianwang.modules.disasters.findings import summed
from bianwang.modules.disasters.models import Report, Sheet
from bianwang.modules.disasters.showing import form_facts
from bianwang.platform import access
from bianwang.platform.exchange.export import download
from bianwang.platform.exchange.services import note_export
from bianwang.platform.ui.pages import Page


class ReportExport(Page):
    """A report in the layout of the form."""

    permission = "disasters.reports"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = access.get(self.user, Report, pk, self.permission, related=("disaster", "owner", "filed_by"))
        towns = self._towns(report)
        totals = dict(report.totals.values_list("code", "value")) or summed(report)
        district = ("全区合计", totals, "" if report.state == "filed" else "汇总中，尚未上报")
        note_export(self.user, f"灾情快报表 {report.code}", len(towns) + 1)
        book = layout.workbook(report.rules, form_facts(report), district, towns)
        return download(book, f"灾情快报表-{report.code}.xlsx")

    def _towns(self, report: Report) -> Sequence[layout.TownRow]:
        rows = access.visible(self.user, Sheet, "disasters.figures").filter(report=report).exclude(state="dropped")
        rows = rows.select_related("unit").prefetch_related("figures").order_by("unit__organisation__code")
        return [
            (
                row.unit.name,
                {figure.code: figure.value for figure in row.figures.all()}
                if row.state in ("filled", "summed")
                else {},
                row.note if row.state in ("filled", "summed") else "未报",
            )
            for row in rows
        ]


class Statistics(Page):
    """A year's disasters by kind; every figure leads to its rows."""

    title = "灾情年度统计"
    permission = "disasters.reports"
    template = "disasters/statistics.html"
    crumbs = (("灾情", reverse_lazy("disasters:list")),)

    def get(self, request: HttpRequest) -> HttpResponse:
        years = statistics.years(self.user)
        wanted = request.GET.get("year", "")
        year = int(wanted) if wanted.isdecimal() and 2000 <= int(wanted) <= years[0] else years[0]
        years = years if year in years else [*years, year]
        return self.render(found=statistics.yearly(self.user, year), years=years)
