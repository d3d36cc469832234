"""The lists of surveys and of answers."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse_lazy

from bianwang.modules.outreach.models import Answer, Survey
from bianwang.modules.outreach.workflow import SURVEY
from bianwang.platform import access
from bianwang.platform.ui.cells import Column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, Search
from bianwang.platform.ui.lists import Button, ListPage


class SurveyList(ListPage):
    """All surveys."""

    model = Survey
    permission = "outreach.survey_view"
    title = "问卷调查"
    columns = (
        Column("title", "名称", kind="link", sort="title"),
        state_column(),
        Column("target", "调查对象"),
        Column("closes_on", "截止日期", kind="date", sort="closes_on"),
        Column("sample", "答卷", "sample", kind="number", unit="份", sort="sample"),
        Column("needed", "最少答卷", kind="number", unit="份"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="名称", fields=("title",)),
        Choice("state", "状态", choices=tuple(SURVEY.choices())),
        DateRange("closes_on", "截止日期"),
    )
    sort = "-closes_on"
    empty = "还没有问卷调查。点“新建问卷”，题目可以从模板开始改。"
    buttons = (Button("新建问卷", "outreach:survey_new", "outreach.survey"),)

    def rows(self) -> QuerySet[Any]:
        """With the number of answers."""
        found: QuerySet[Any] = super().rows().annotate(sample=Count("answers"))
        return found


def _surveys(user: Any) -> list[tuple[str, str]]:
    rows = access.visible(user, Survey, "outreach.survey_view").values_list("pk", "title")
    return [(str(pk), title) for pk, title in rows]


class AnswerList(ListPage):
    """All answers, one line each; nobody is named in them."""

    model = Answer
    permission = "outreach.survey_view"
    title = "答卷"
    crumbs = (("问卷调查", reverse_lazy("outreach:surveys")),)
    columns = (
        Column("pk", "序号", kind="number", sort="pk"),
        Column("survey", "问卷调查", "survey.title", link=lambda row: row.survey.get_absolute_url()),
        Column("day", "答卷日期", kind="date", sort="day"),
        Column("source", "来源", sort="source"),
        Column("sheet", "纸质编号", lambda row: row.key if row.source == "paper" else ""),
        Column("chosen", "答案"),
        Column("knows", "知晓", lambda row: _words(row.knows), sort="knows"),
        Column("satisfied", "满意", lambda row: _words(row.satisfied), sort="satisfied"),
    )
    filters = (
        Choice("survey", "问卷调查", choices=_surveys),
        Choice("source", "来源"),
        Flag("knows", "知晓", where=Q(knows=True)),
        Flag("satisfied", "满意", where=Q(satisfied=True)),
        DateRange("day", "答卷日期"),
    )
    related = ("survey",)
    sort = "-pk"
    empty = "还没有答卷。问卷开始回收后，把公开链接发出去，或导入纸质答卷。"


def _words(value: bool | None) -> str:
    return "—" if value is None else "是" if value else "否"
