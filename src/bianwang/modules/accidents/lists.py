"""The lists of accidents, of people hurt, and of the GDP by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse_lazy

from bianwang.modules.accidents.models import Accident, Casualty, Gdp, Report
from bianwang.modules.accidents.pack import kind_choices
from bianwang.modules.accidents.queries import COUNTED, LARGE, late_inquiry, late_reports, overdue
from bianwang.modules.accidents.workflow import WORKFLOW
from bianwang.platform.clock import now
from bianwang.platform.places.models import Territory
from bianwang.platform.ui.cells import Cell, Column, due_column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, InTerritory, Owner, Search, Year
from bianwang.platform.ui.lists import Button, ListPage

NO_TOWN = "none"
_GRADE_COLOURS = {"1": "red", "2": "red", "3": "orange"}


def grade_colour(row: Any) -> str:
    """较大以上 stands out."""
    return _GRADE_COLOURS.get(row.grade, "")


def towns(user: Any) -> list[tuple[str, str]]:
    """Towns and streets, and "none" for accidents without."""
    rows = Territory.objects.filter(kind=Territory.Kind.TOWN).order_by("code")
    return [*((str(pk), name) for pk, name in rows.values_list("pk", "name")), (NO_TOWN, "未填")]


@dataclass(frozen=True)
class Town(Choice):
    """The town where it happened."""

    def apply(self, rows: QuerySet[Any], params: QueryDict, user: Any) -> QuerySet[Any]:
        if params.get(self.name) == NO_TOWN:
            return rows.filter(town__isnull=True)
        return super().apply(rows, params, user)


class AccidentList(ListPage):
    """All accidents, newest first."""

    model = Accident
    permission = "accidents.view"
    title = "生产安全事故"
    columns = (
        Column("number", "编号", kind="link", sort="pk"),
        Column("title", "事故"),
        Column("owner", "事故单位", "owner.name", sort="owner__pinyin"),
        Column("occurred_at", "发生时间", kind="datetime", sort="occurred_at"),
        Column("grade", "等级", kind="badge", sort="grade", colour=grade_colour),
        Column("kind", "类别", "kind_name", sort="kind"),
        Column("deaths", "死亡", kind="number", sort="deaths", total="deaths"),
        Column("injuries", "重伤", kind="number", sort="injuries", total="injuries"),
        state_column(),
        due_column(),
        Column(
            "is_late",
            "报告",
            lambda row: "逾期未报" if row.is_late else "",
            kind="badge",
            sort="is_late",
            colour=lambda row: "red" if row.is_late else "",
        ),
        Column("town", "发生地", "town.name", sort="town__code", default=False),
        Column("place", "具体地点", default=False),
        Column("loss", "直接经济损失", kind="money", unit="万元", sort="loss", total="loss", default=False),
        Column("source", "信息来源", default=False),
        Column("is_work_safety", "生产安全事故", kind="flag", default=False),
        Column("is_traffic", "道路交通事故", kind="flag", default=False),
        Column("received_at", "区局接报时间", kind="datetime", sort="received_at", default=False),
        Column("supplement_by", "补报截止", kind="datetime", sort="supplement_by", default=False),
        Column("closed_at", "结案时间", kind="datetime", sort="closed_at", default=False),
        Column("is_exercise", "演练", kind="flag", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="编号、事故、单位或拼音首字母", fields=("number", "title", "owner__name", "owner__initials")),
        Choice("state", "状态", choices=tuple(WORKFLOW.choices())),
        Choice("grade", "等级"),
        Choice("kind", "类别", choices=lambda user: kind_choices()),
        Town("town", "发生地", choices=towns),
        Choice("source", "信息来源"),
        InTerritory(title="事故单位所在区域"),
        DateRange("occurred", "发生日期", field="occurred_at"),
        Flag("overdue", "有逾期事项", where=lambda user: overdue()),
        Flag("late_report", "报告逾期未报", where=lambda user: late_reports()),
        Flag("late_inquiry", "调查或批复逾期", where=lambda user: late_inquiry()),
        Flag("large", "较大以上", where=LARGE),
        Flag("fatal", "有死亡", where=Q(deaths__gt=0)),
        Flag("injured", "有重伤", where=Q(injuries__gt=0)),
        Flag("lossy", "有经济损失", where=Q(loss__gt=0)),
        Flag("counted", "计入统计", where=COUNTED),
        Owner(title="事故单位"),
    )
    related = ("owner", "town")
    sort = "-occurred_at"
    empty = "还没有事故。接报后点“登记事故”，就会出现在这里。"
    buttons = (Button("登记事故", "accidents:register", "accidents.register"),)

    def rows(self) -> QuerySet[Any]:
        """With whether a report is owed and overdue."""
        owed = Report.objects.filter(accident=OuterRef("pk"), at__isnull=True, due_at__lt=now())
        rows: QuerySet[Any] = super().rows().annotate(is_late=Exists(owed))
        return rows

    def _totals(self, rows: QuerySet[Any], columns: Sequence[Column]) -> list[Cell]:
        """Nobody died in an exercise."""
        return super()._totals(rows.filter(is_exercise=False), columns)


class CasualtyList(ListPage):
    """The people killed or hurt, by family name only."""

    model = Casualty
    permission = "accidents.view"
    title = "伤亡人员"
    columns = (
        Column("accident", "事故", "accident.number", kind="link", link=lambda row: row.accident.get_absolute_url()),
        Column("title", "事故名称", "accident.title"),
        Column("name", "姓名", "masked_name"),
        Column("outcome", "伤亡情况", sort="outcome"),
        Column("post", "岗位或身份"),
        Column("occurred_at", "发生时间", "accident.occurred_at", kind="datetime", sort="accident__occurred_at"),
    )
    filters = (
        Search(title="事故编号或名称", fields=("accident__number", "accident__title")),
        Choice("outcome", "伤亡情况"),
        DateRange("occurred", "发生日期", field="accident__occurred_at"),
    )
    related = ("accident",)
    sort = "-accident__occurred_at"
    empty = "还没有登记伤亡人员，请在事故页面用“登记伤亡人员”登记。"
    crumbs = (("生产安全事故", reverse_lazy("accidents:list")),)


class GdpList(ListPage):
    """The GDP by year."""

    model = Gdp
    permission = "accidents.statistics"
    title = "地区生产总值"
    columns = (
        Column("year", "年度", lambda row: str(row.year), sort="year"),
        Column("value", "地区生产总值", kind="money", unit="亿元", sort="value"),
        Column("basis", "口径"),
        Column("source", "数据来源"),
    )
    filters = (Year(choices=lambda user: [(row.year, f"{row.year}年") for row in Gdp.objects.all()]),)
    sort = "-year"
    empty = "还没有地区生产总值，录入后才能计算亿元GDP死亡率。"
    buttons = (Button("录入或更正", "accidents:gdp_edit", "accidents.gdp"),)
    crumbs = (("事故统计", reverse_lazy("accidents:statistics")),)

    def rows(self) -> QuerySet[Any]:
        """It is published: everybody sees all."""
        return Gdp.objects.all()
