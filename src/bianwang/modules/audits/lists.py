"""The list of audited reports."""

from __future__ import annotations

from django.db.models import Q

from bianwang.modules.audits import queries
from bianwang.modules.audits.models import Audit
from bianwang.platform.ui.cells import Column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, Owner, Search
from bianwang.platform.ui.lists import Button, ListPage


class AuditList(ListPage):
    """All reports, the newest first."""

    model = Audit
    permission = "audits.view"
    title = "自评核对"
    columns = (
        Column("title", "报告名称", kind="link", sort="title"),
        Column("owner", "单位", "owner.name", sort="owner__pinyin"),
        Column("year", "年度", sort="year"),
        Column("number", "版本数", "latest.number", kind="number", sort="latest__number"),
        Column("contradictions", "矛盾", "latest.contradictions", "number", sort="latest__contradictions"),
        Column("suspicious", "存疑", "latest.suspicious", "number", sort="latest__suspicious"),
        Column("unsupported", "缺少依据", "latest.unsupported", "number", sort="latest__unsupported"),
        Column(
            "state",
            "处理情况",
            lambda row: row.state[0],
            kind="badge",
            colour=lambda row: row.state[1],
            sort="undecided",
        ),
        Column("made_at", "最近上传", "latest.made_at", "datetime", sort="latest__made_at"),
        Column("made_by", "上传人", "latest.made_by.name", default=False),
        Column("created_by", "登记人", "created_by.name", default=False),
        Column("created_at", "登记时间", kind="datetime", sort="created_at", default=False),
    )
    filters = (
        Search(title="名称、单位或拼音首字母", fields=("title", "owner__name", "owner__initials")),
        Choice("unit", "单位", "owner", choices=lambda user: list(queries.units(user).values_list("pk", "name"))),
        Choice("year", "报告年度", choices=queries.years),
        DateRange("created", "登记时间", "created_at"),
        Flag("open", "有未处理问题", where=queries.OPEN),
        Flag("contradictory", "有矛盾", where=Q(latest__contradictions__gt=0)),
        Owner(title="单位"),
    )
    related = ("owner", "latest__made_by", "created_by")
    sort = "-pk"
    empty = "还没有核对过的报告。点“核对报告”，上传文件或粘贴正文，就会出现在这里。"
    buttons = (Button("核对报告", "audits:new", "audits.audit"),)
