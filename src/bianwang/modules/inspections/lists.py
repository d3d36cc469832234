"""The list of inspections."""

from __future__ import annotations

from django.urls import reverse_lazy

from bianwang.modules.inspections import queries
from bianwang.modules.inspections.models import Inspection
from bianwang.modules.inspections.workflow import WORKFLOW
from bianwang.platform.ui.cells import Column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, InTerritory, Owner, Search
from bianwang.platform.ui.lists import Button, ListPage

INSPECTIONS = (("现场检查", reverse_lazy("inspections:list")),)


class InspectionList(ListPage):
    """All inspections, the newest first."""

    model = Inspection
    permission = "inspections.view"
    title = "现场检查"
    columns = (
        Column("enterprise", "企业", "enterprise.name", kind="link", sort="enterprise__pinyin"),
        Column("day", "检查日期", kind="date", sort="day"),
        Column("kind", "类别", sort="kind"),
        state_column(),
        Column(
            "conflict", "冲突", lambda row: "有冲突" if row.has_conflict else "", kind="badge", colour=lambda _: "red"
        ),
        Column("unit", "检查单位", "unit.name", sort="unit__pinyin"),
        Column("people", "检查人员"),
        Column("failed", "问题数", kind="number", sort="failed", total="failed"),
        Column("answered", "已查项数", kind="number", sort="answered", default=False),
        Column("reason", "检查事由", default=False),
        Column("signer", "签字人", default=False),
        Column("is_refused", "拒绝签字", kind="flag", default=False),
        Column("signed_at", "签字时间", kind="datetime", sort="signed_at", default=False),
        Column("done_at", "办结时间", kind="datetime", sort="done_at", default=False),
    )
    filters = (
        Search(title="企业、拼音首字母或检查人员", fields=("enterprise__name", "enterprise__initials", "people")),
        Choice("state", "状态", choices=tuple(WORKFLOW.choices())),
        Choice("kind", "类别"),
        Choice("unit", "检查单位", choices=queries.unit_choices),
        InTerritory(field="enterprise"),
        DateRange("day", "检查日期"),
        Flag("conflict", "有冲突", field="has_conflict"),
        Flag("waiting", "待处理", where=queries.WAITING),
        Flag("refused", "拒绝签字", field="is_refused"),
        Owner(title="企业", field="enterprise"),
    )
    related = ("enterprise", "unit")
    sort = "-day"
    empty = "还没有现场检查。在手机上打开“手机检查”，或点“安排检查”先定下企业、人员和检查表。"
    buttons = (
        Button("安排检查", "inspections:arrange", "inspections.inspect"),
        Button("手机检查", "inspections:field", "inspections.inspect", "device-mobile"),
    )
