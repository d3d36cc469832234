"""The lists of reports, of towns' sheets and of their figures."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse_lazy

from bianwang.modules.disasters.models import Disaster, Figure, Report, Sheet
from bianwang.modules.disasters.pack import indicator_choices, kind_choices
from bianwang.modules.disasters.queries import late_reports, late_sheets
from bianwang.modules.disasters.units import towns
from bianwang.modules.disasters.workflow import REPORT, SHEET, WAITED_FOR
from bianwang.platform import access
from bianwang.platform.ui.cells import Column, due_column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, Search
from bianwang.platform.ui.lists import Button, ListPage

CRUMBS = (("灾情", reverse_lazy("disasters:list")),)
IN_BOOKS = Q(sheet__report__disaster__is_exercise=False) & ~Q(sheet__report__disaster__phase=Disaster.Phase.REVOKED)
"""Figures that count in statistics."""


def disaster_choices(user: Any) -> list[tuple[int, str]]:
    """Disasters that the user sees, the newest first."""
    rows = access.visible(user, Disaster).order_by("-pk")[:200]
    return [(row.pk, str(row)) for row in rows]


def town_choices(user: Any) -> list[tuple[int, str]]:
    """Towns by code."""
    return list(towns().values_list("pk", "name"))


class ReportList(ListPage):
    """Reports to the upper level, newest first."""

    model = Report
    permission = "disasters.reports"
    title = "灾情报告"
    columns = (
        Column("code", "编号", kind="link", sort="pk"),
        Column("disaster", "灾害", "disaster.name"),
        Column("kind", "报告", sort="kind"),
        state_column(),
        due_column(),
        Column("filed_at", "上报时间", kind="datetime", sort="filed_at"),
        Column("standing", "是否按时", lambda row: row.standing[0], kind="badge", colour=lambda row: row.standing[1]),
        Column("limit_at", "上报时限", kind="datetime", sort="limit_at", default=False),
        Column("is_current", "最新一报", kind="flag", default=False),
        Column("is_demo", "演示数据", "disaster.is_demo", kind="flag", default=False),
    )
    filters = (
        Search(title="编号或灾害名称", fields=("disaster__number", "disaster__name")),
        Choice("disaster", "灾害", choices=disaster_choices),
        Choice("kind", "报告"),
        Choice("state", "状态", choices=tuple(REPORT.choices())),
        DateRange("filed", "上报日期", field="filed_at"),
        Flag("overdue", "逾期未报", where=lambda user: late_reports()),
        Flag("current", "最新一报", where=Q(is_current=True)),
    )
    related = ("disaster",)
    empty = "还没有灾情报告。登记灾害后，初报会出现在这里。"
    crumbs = CRUMBS


class SheetList(ListPage):
    """Towns' sheets, newest first."""

    model = Sheet
    permission = "disasters.figures"
    title = "镇街灾情表"
    columns = (
        Column("report", "灾情报告", lambda row: row.report.code, kind="link", sort="report"),
        Column("disaster", "灾害", "report.disaster.name"),
        Column("kind", "报告", lambda row: row.report.get_kind_display()),
        Column("unit", "填报单位", "unit.name", sort="unit__pinyin"),
        state_column(),
        due_column(),
        Column("is_zero", "零报告", kind="flag"),
        Column("filled_at", "填报时间", kind="datetime", sort="filled_at"),
    )
    filters = (
        Search(title="编号、灾害或单位", fields=("report__disaster__number", "report__disaster__name", "unit__name")),
        Choice("disaster", "灾害", field="report__disaster", choices=disaster_choices),
        Choice("state", "状态", choices=tuple(SHEET.choices())),
        Choice("unit", "填报单位", choices=town_choices),
        Flag("waiting", "待填报", where=Q(state__in=WAITED_FOR)),
        Flag("overdue", "逾期未报", where=lambda user: late_sheets()),
    )
    related = ("report__disaster", "unit")
    buttons = (Button("Excel 导入", "disasters:figure_import", "disasters.import", "file-upload"),)
    empty = "还没有要填的灾情表。区局登记灾害后，受灾镇街在这里和“待办”里看到填报任务。"
    crumbs = CRUMBS


class FigureList(ListPage):
    """What towns told, figure by figure: the rows behind every sum."""

    model = Figure
    permission = "disasters.figures"
    title = "分镇街灾情数"
    columns = (
        Column("unit", "填报单位", "sheet.unit.name", kind="link", sort="sheet__unit__pinyin",
               link=lambda row: row.sheet.get_absolute_url()),
        Column("report", "灾情报告", lambda row: row.sheet.report.code, sort="sheet__report"),
        Column("disaster", "灾害", "sheet.report.disaster.name"),
        Column("code", "指标", lambda row: row.sheet.report.rules.indicator(row.code).plain, sort="code"),
        Column("value", "数值", kind="number", sort="value", total="value"),
        Column("measure", "单位", lambda row: row.sheet.report.rules.indicator(row.code).unit),
    )  # fmt: skip
    filters = (
        Choice("code", "指标", choices=lambda user: indicator_choices()),
        Choice("disaster", "灾害", field="sheet__report__disaster", choices=disaster_choices),
        Choice("report", "灾情报告", field="sheet__report", choices=lambda user: _reports(user)),
        Choice("unit", "填报单位", field="sheet__unit", choices=town_choices),
        Choice("kind", "灾害种类", field="sheet__report__disaster__kind", choices=lambda user: kind_choices()),
        DateRange("began", "灾害发生日期", field="sheet__report__disaster__began_at"),
        Flag("current", "最新一报", where=Q(sheet__report__is_current=True)),
        Flag("counted", "计入统计", where=IN_BOOKS),
        Flag("some", "不为 0", where=Q(value__gt=0)),
    )
    related = ("sheet__unit", "sheet__report__disaster")
    empty = "没有符合条件的灾情数。"
    crumbs = CRUMBS

    def rows(self) -> QuerySet[Any]:
        """Sheets that count: filled, or summed."""
        rows: QuerySet[Any] = super().rows().filter(sheet__state__in=("filled", "summed"))
        return rows


def _reports(user: Any) -> list[tuple[int, str]]:
    rows = Report.objects.filter(disaster__in=access.visible(user, Disaster).order_by().values("pk"))
    return [(row.pk, row.code) for row in rows.select_related("disaster").order_by("-pk")[:300]]
