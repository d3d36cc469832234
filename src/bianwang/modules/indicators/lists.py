"""Lists of years and of their indicators."""

from __future__ import annotations

from django.urls import reverse_lazy

from bianwang.modules.indicators import queries
from bianwang.modules.indicators.models import Indicator, Scheme
from bianwang.platform.ui.cells import Column
from bianwang.platform.ui.filters import Choice, Search
from bianwang.platform.ui.lists import Button, ListPage


class SchemeList(ListPage):
    """Years with their indicators."""

    model = Scheme
    permission = "indicators.view"
    title = "绩效指标"
    columns = (
        Column("year", "年度", lambda row: f"{row.year}年度", kind="link", sort="year"),
        Column("name", "名称"),
        Column("total", "总分", kind="number"),
        Column("state", "状态", kind="badge", colour=lambda row: "orange" if row.is_draft else "green", sort="state"),
        Column("adopted_at", "下达时间", kind="datetime", sort="adopted_at"),
        Column("made_by", "编制人", "made_by.name", default=False),
    )
    filters = (Search(fields=("name",)), Choice("state", "状态"))
    related = ("made_by",)
    sort = "-year"
    empty = "还没有绩效指标。请点“编制年度指标”，从模板开始。"
    buttons = (Button("编制年度指标", "indicators:new", "indicators.edit"),)


class IndicatorList(ListPage):
    """Indicators of all years, to compare targets and rules."""

    model = Indicator
    permission = "indicators.view"
    title = "各年指标"
    crumbs = (("绩效指标", reverse_lazy("indicators:list")),)
    columns = (
        Column("name", "指标", kind="link", sort="name"),
        Column("year", "年度", "scheme.year", sort="scheme__year"),
        Column("level1", "一级指标", sort="level1", default=False),
        Column("level2", "二级指标", sort="level2", default=False),
        Column("target", "目标", lambda row: row.target_text),
        Column("weight", "权重", kind="number", sort="weight", total="weight"),
        Column("rule", "计分方式", sort="rule"),
        Column("office", "责任科室", sort="office"),
        Column("excluded", "不适用的理由", default=False),
    )
    filters = (
        Search(fields=("name", "code")),
        Choice("year", "年度", "scheme__year", choices=queries.year_choices),
        Choice("rule", "计分方式"),
        Choice("direction", "方向"),
    )
    related = ("scheme",)
    sort = "place"
    empty = "还没有指标。请先在“绩效指标”中编制年度指标。"
