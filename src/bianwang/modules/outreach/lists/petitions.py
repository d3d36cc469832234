"""The list of petitions. It has no column, filter or export of who wrote or came."""

from __future__ import annotations

from django.db.models import Q

from bianwang.modules.outreach.lists.calls import OrNone, towns
from bianwang.modules.outreach.models import Petition
from bianwang.modules.outreach.pack import choices
from bianwang.modules.outreach.queries.petitions import late
from bianwang.modules.outreach.workflow import PETITION
from bianwang.platform.ui.cells import Column, due_column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, Owner, Search
from bianwang.platform.ui.lists import Button, ListPage


class PetitionList(ListPage):
    """All petitions, the newest first."""

    model = Petition
    permission = "outreach.petition_view"
    title = "信访"
    columns = (
        Column("number", "编号", kind="link", sort="pk"),
        Column("received_at", "收到时间", kind="datetime", sort="received_at"),
        Column("form", "形式", sort="form"),
        Column("category", "类别", "category_name", sort="category"),
        Column("summary", "信访事项", lambda row: row.summary[:60]),
        Column("people", "人数", kind="number", unit="人", sort="people", total="people"),
        Column("handler", "承办单位", "handler.name", sort="handler__pinyin"),
        state_column(),
        due_column(),
        Column("town", "属地", "town.name", sort="town__code", default=False),
        Column("answered_at", "书面答复时间", kind="datetime", sort="answered_at", default=False),
        Column("closed_at", "办结时间", kind="datetime", sort="closed_at", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="编号或信访事项", fields=("number", "summary")),
        Choice("category", "类别", choices=lambda user: choices("petition_categories")),
        Choice("state", "状态", choices=tuple(PETITION.choices())),
        Choice("form", "形式"),
        OrNone("town", "属地", choices=towns, missing=Q(town__isnull=True)),
        DateRange("received", "收到日期", field="received_at"),
        Flag("overdue", "逾期", where=lambda user: late()),
        Owner(title="承办单位", field="handler"),
    )
    related = ("handler", "town")
    sort = "-received_at"
    empty = "还没有信访。收到来信、来访后点“登记信访”，再告知是否受理。"
    buttons = (Button("登记信访", "outreach:petition_new", "outreach.petition"),)
