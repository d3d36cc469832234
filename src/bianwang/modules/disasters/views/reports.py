"""Pages of reports and of towns' sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import reverse, reverse_lazy

from bianwang.modules.disasters import services, sheet_forms as forms, showing
from bianwang.modules.disasters.findings import findings, lacking_photos
from bianwang.modules.disasters.heading import said
from bianwang.modules.disasters.models import Report, Sheet
from bianwang.modules.disasters.queries import earlier
from bianwang.platform import access
from bianwang.platform.ui.cells import Cell, fact
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepForm, StepService

REPORTS = (("灾情报告", reverse_lazy("disasters:reports")),)
SHEETS = (("镇街灾情表", reverse_lazy("disasters:sheets")),)


class ReportPage(ObjectPage):
    """One report: what is wrong while it is collected, its figures, its towns, the ledgers beside them."""

    model = Report
    permission = "disasters.reports"
    select: ClassVar[Sequence[str]] = ("disaster", "owner", "filed_by")
    crumbs = REPORTS
    template = "disasters/report.html"
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {"file": forms.FileForm}

    def facts(self) -> Sequence[Facts]:
        row: Report = self.object
        cells = [
            fact("灾害", str(row.disaster), href=row.disaster.get_absolute_url()),
            fact("灾害种类", row.disaster.kind_name),
            fact("发生时间", row.disaster.began_at, "datetime"),
            fact("上报时限", row.limit_at, "due" if row.due_at else "datetime"),
            fact("上报时间", row.filed_at, "datetime"),
            fact("是否按时", row.standing[0], "badge", colour=row.standing[1]),
            fact("上报人", row.filed_by.name if row.filed_by else ""),
            fact("指标依据", f"{row.rules.source}（{row.rules.certainty}）"),
        ]
        groups = [Facts("报告", cells)]
        if row.narrative:
            groups.append(Facts("灾情综述", [fact("综述", row.narrative), fact("说明", row.note)]))
        return groups

    def related(self) -> Sequence[Related]:
        return [showing.towns_of(self.object, self.user)]

    def actions(self) -> Sequence[Action]:
        return [Action("导出报表", reverse("disasters:report_export", args=[self.object.pk]), "table-export")]

    def extra(self) -> dict[str, Any]:
        row: Report = self.object
        collecting = row.state == "collecting"
        return {
            "findings": findings(row) if collecting else [],
            "collecting": collecting,
            "groups": showing.report_lines(row),
            "compared": showing.compared(row),
            "photos": lacking_photos(row),
            "head": said(row.rules.head, showing.form_facts(row)),
            "foot": said(row.rules.foot, showing.form_facts(row)),
        }


class SheetPage(ObjectPage):
    """One town's figures for one report."""

    model = Sheet
    permission = "disasters.figures"
    select: ClassVar[Sequence[str]] = ("report__disaster", "report__owner", "unit", "filled_by")
    crumbs = SHEETS
    template = "disasters/sheet.html"
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {
        "fill": forms.OwnFillForm,
        "change": forms.OwnFillForm,
        "enter": forms.FillForm,
    }
    step_services: ClassVar[Mapping[str, StepService]] = {"return": services.send_back}

    def facts(self) -> Sequence[Facts]:
        row: Sheet = self.object
        cells = [
            fact("灾害", str(row.report.disaster), href=row.report.disaster.get_absolute_url()),
            self._report(row),
            fact("填报单位", row.unit.name),
            fact("填报时限", row.due_at, "due"),
            fact("零报告", row.is_zero, "flag"),
            fact("填报说明", row.note),
            fact("填报人", row.filled_by.name if row.filled_by else ""),
            fact("填报时间", row.filled_at, "datetime"),
        ]
        return [Facts("填报", cells)]

    def extra(self) -> dict[str, Any]:
        row: Sheet = self.object
        last = earlier(row).order_by("-report__number").first()
        before = dict(last.figures.values_list("code", "value")) if last else {}
        now = dict(row.figures.values_list("code", "value"))
        return {"groups": showing.lines(row.report.rules, now, before) if now else []}

    def render(self, template: str = "", status: int = 200, **context: Any) -> HttpResponse:
        """A form of figures brings its own page."""
        template = getattr(context.get("form"), "page_template", template)
        return super().render(template, status, **context)

    def _report(self, row: Sheet) -> Cell:
        """A link only where the reader will be let in."""
        href = row.report.get_absolute_url() if access.can(self.user, "disasters.reports") else ""
        return fact("灾情报告", f"第{row.report.number}报（{row.report.get_kind_display()}）", href=href)
