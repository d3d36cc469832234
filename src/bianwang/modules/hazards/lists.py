"""The lists of hazards and of the items by which they are major."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from bianwang.modules.hazards.models import Criterion, Hazard
from bianwang.modules.hazards.queries import COUNTED, IN_TIME, came_due, overdue, overdue_on, rectified_on
from bianwang.modules.hazards.workflow import OPEN, RECTIFIED, WORKFLOW
from bianwang.platform.places.models import Party
from bianwang.platform.ui.cells import Column, due_column, state_column
from bianwang.platform.ui.filters import AsOf, Choice, DateRange, Flag, FlagOn, InTerritory, Owner, Search
from bianwang.platform.ui.lists import BatchAction, Button, ListPage
from bianwang.platform.workflow.errors import Refused


def grade_column() -> Column:
    """一般 or 重大, the latter in red."""
    return Column("grade", "级别", kind="badge", sort="grade", colour=lambda row: "red" if row.is_major else "")


def _units(user: Any) -> list[tuple[int, str]]:
    """Units that have reported hazards, whoever may see these: asking each reads one row of an index."""
    reported = Exists(Hazard.objects.filter(reporting_unit=OuterRef("pk")).order_by())
    return list(Party.objects.filter(reported).values_list("pk", "name"))


def _close(user: Any, rows: list[Hazard]) -> str:
    from bianwang.modules.hazards.services import close

    done, refused = 0, ""
    for row in rows:
        try:
            close(row, user)
            done += 1
        except Refused as refusal:
            refused = f"其余未销号：{refusal}"
    return f"已销号 {done} 项。{refused}"


class HazardList(ListPage):
    """All hazards, newest first."""

    model = Hazard
    permission = "hazards.view"
    title = "隐患"
    columns = (
        Column("number", "编号", kind="link", sort="pk"),
        Column("title", "隐患"),
        Column("owner", "责任单位", "owner.name", sort="owner__pinyin"),
        grade_column(),
        state_column(),
        due_column(),
        Column("found_at", "发现时间", kind="datetime", sort="found_at"),
        Column("source", "来源"),
        Column("track", "闭环方式", default=False),
        Column("category", "类别", default=False),
        Column("reporting_unit", "报送单位", "reporting_unit.name", default=False),
        Column("external_number", "报送单位编号", default=False),
        Column("is_direct", "区局直管", kind="flag", default=False),
        Column("responsible", "整改责任人", default=False),
        Column("funds", "整改资金", kind="money", unit="元", total="funds", default=False),
        Column("rectified_at", "整改完成时间", kind="datetime", sort="rectified_at", default=False),
        Column("closed_at", "销号时间", kind="datetime", sort="closed_at", default=False),
        Column("failures", "复查不合格次数", kind="number", sort="failures", default=False),
        Column("extensions", "延期次数", kind="number", default=False),
        Column("listed_at", "挂牌督办时间", kind="datetime", default=False),
    )
    filters = (
        Search(title="编号、隐患、单位或拼音首字母", fields=("number", "title", "owner__name", "owner__initials")),
        Choice("state", "状态", choices=tuple(WORKFLOW.choices())),
        Choice("grade", "级别"),
        Choice("source", "来源"),
        Choice("category", "类别"),
        Choice("track", "闭环方式"),
        Choice("unit", "报送单位", field="reporting_unit", choices=_units),
        InTerritory(),
        DateRange("found", "发现日期", field="found_at"),
        Flag("open", "未销号", where=Q(state__in=OPEN)),
        AsOf(),
        FlagOn("overdue", "超期未整改", where=lambda user: overdue(), on=overdue_on),
        FlagOn("rectified", "已整改", where=Q(state__in=RECTIFIED), on=rectified_on),
        Flag("in_time", "按期整改", where=IN_TIME),
        Flag("due", "已整改或已到期", where=lambda user: came_due()),
        Flag("repeated", "重复隐患", where=Q(repeat_of__isnull=False)),
        Flag("listed", "挂牌督办", where=Q(listed_at__isnull=False)),
        Flag("direct", "区局直管", field="is_direct"),
        Flag("from_alarm", "由告警转来", where=Q(alarm__isnull=False)),
        Flag("counted", "不含已撤销", where=COUNTED),
        Owner(),
    )
    related = ("owner", "reporting_unit")
    sort = "-found_at"
    empty = "还没有隐患。把属实的告警转为隐患，或点“登记隐患”，就会出现在这里。"
    buttons = (
        Button("登记隐患", "hazards:register", "hazards.register"),
        Button("导入外单位隐患", "hazards:import", "hazards.import", "file-import"),
    )
    actions = (BatchAction("close", "销号", "hazards.close", _close),)


class CriterionList(ListPage):
    """Items of the lists of major hazards, with source, article and dates."""

    model = Criterion
    permission = "hazards.view"
    title = "重大隐患判定标准"
    columns = (
        Column("code", "代码", sort="code"),
        Column("name", "判定情形"),
        Column("sector", "行业", sort="sector"),
        Column("source", "依据"),
        Column("article", "条款"),
        Column("valid_from", "生效日期", kind="date", sort="valid_from"),
        Column("valid_to", "失效日期", kind="date"),
        Column("certainty", "核实情况"),
    )
    filters = (Search(title="判定情形、行业或代码", fields=("name", "sector", "code")),)
    sort = "code"
    empty = "还没有判定标准，请系统管理员载入地区包。"

    def rows(self) -> QuerySet[Any]:
        """They are law: everybody sees all."""
        return Criterion.objects.all()
