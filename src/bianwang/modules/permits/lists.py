"""The list of permits."""

from __future__ import annotations

from django.db.models import F, Q

from bianwang.modules.permits import queries, standard
from bianwang.modules.permits.models import Permit
from bianwang.modules.permits.workflow import LIVE, WORKFLOW
from bianwang.platform.ui.cells import Column, due_column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, InTerritory, Owner, Search
from bianwang.platform.ui.lists import Button, ListPage


class PermitList(ListPage):
    """All permits, the newest first."""

    model = Permit
    permission = "permits.view"
    title = "作业票"
    columns = (
        Column("number", "编号", kind="link", sort="pk"),
        Column("title", "作业"),
        Column("content", "作业内容"),
        Column("owner", "作业单位", "owner.name", sort="owner__pinyin"),
        Column("zone", "区域", "zone.name", sort="zone__name"),
        state_column(),
        due_column(),
        Column("guard", "监护人", "guard.name"),
        Column("planned_start", "计划开始", kind="datetime", sort="planned_start"),
        Column("planned_end", "计划结束", kind="datetime", default=False),
        Column("valid_from", "有效期起", kind="datetime", sort="valid_from", default=False),
        Column("valid_to", "有效期止", kind="datetime", sort="valid_to", default=False),
        Column("place", "具体地点", default=False),
        Column("contractor", "承包商", default=False),
        Column("approved_by", "审批人", "approved_by.name", default=False),
        Column("started_at", "开工时间", kind="datetime", sort="started_at", default=False),
        Column("stopped_at", "结束时间", kind="datetime", sort="stopped_at", default=False),
        Column("accepted_by", "验收人", "accepted_by.name", default=False),
        Column("explosive", "爆炸危险区域", "in_explosive_area", kind="flag", default=False),
    )
    filters = (
        Search(title="编号、内容、单位或拼音首字母", fields=("number", "content", "owner__name", "owner__initials")),
        Choice("state", "状态", choices=tuple(WORKFLOW.choices())),
        Choice("kind", "作业类型", choices=lambda user: standard.type_names()),
        InTerritory(),
        DateRange("planned", "计划开始", field="planned_start"),
        Flag("live", "在票", where=Q(state__in=LIVE)),
        Flag("expiring", "即将到期", where=lambda user: queries.expiring()),
        Flag("crossing", "有时空冲突", where=queries.crossing),
        Flag("upgraded", "已升级", where=~Q(level=F("base_level"))),
        Flag("contracted", "承包商作业", where=~Q(contractor="")),
        Owner(title="作业单位"),
    )
    related = ("owner", "zone", "guard", "approved_by", "accepted_by")
    sort = "-pk"
    empty = "还没有作业票。企业安全管理员点“登记作业”，就会出现在这里。"
    buttons = (
        Button("登记作业", "permits:new", "permits.apply"),
        Button("在票作业", "permits:board", "permits.view", "flame"),
    )
