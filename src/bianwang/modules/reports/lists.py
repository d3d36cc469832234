"""The list of reports."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from bianwang.modules.reports import queries
from bianwang.modules.reports.models import Report
from bianwang.platform.ui.cells import Column
from bianwang.platform.ui.filters import Choice, Flag
from bianwang.platform.ui.lists import Button, ListPage


class ReportList(ListPage):
    """All reports, the latest year first."""

    model = Report
    permission = "reports.view"
    title = "自评报告"
    columns = (
        Column("title", "报告", lambda row: str(row), kind="link", sort="year"),
        Column("owner", "单位", "owner.name", sort="owner__pinyin"),
        Column("state", "状态", lambda row: row.state[0], kind="badge", colour=lambda row: row.state[1]),
        Column("total", "自评总分", "latest.total", "number", sort="latest__total"),
        Column("grade", "等级", "latest.grade", sort="latest__grade"),
        Column("on", "数据截至", "latest.on", "date", sort="latest__on"),
        Column("frozen_at", "冻结时间", "latest.frozen_at", "datetime", sort="latest__frozen_at"),
        Column("created_by", "起草人", "created_by.name", default=False),
        Column("created_at", "起草时间", kind="datetime", sort="created_at", default=False),
    )
    filters = (
        Choice("year", "年度", choices=queries.years),
        Flag("changed", "冻结后有修改", where=Q(is_changed=True, latest__isnull=False)),
        Flag("draft", "还没有冻结", where=Q(latest__isnull=True)),
    )
    related = ("owner", "latest", "created_by")
    sort = "-year"
    empty = "还没有自评报告。先在“绩效指标”中编制年度指标，再点“起草报告”，数字、得分、问题和建议会自动写好。"
    buttons = (Button("起草报告", "reports:new", "reports.write"),)

    def rows(self) -> QuerySet[Any]:
        return super().rows().defer("latest__content")
