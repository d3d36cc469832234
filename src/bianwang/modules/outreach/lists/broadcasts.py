"""The lists of broadcasts and of receipts."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from bianwang.modules.outreach.models import Broadcast, Receipt
from bianwang.modules.outreach.workflow import BROADCAST, RECEIPT
from bianwang.platform.ui.cells import Column, due_column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Owner, Search
from bianwang.platform.ui.lists import Button, ListPage


class BroadcastList(ListPage):
    """All broadcasts."""

    model = Broadcast
    permission = "outreach.broadcast_view"
    title = "村村通广播"
    columns = (
        Column("title", "标题", kind="link", sort="title"),
        state_column(),
        Column("play_at", "播出时间", kind="datetime", sort="play_at"),
        Column("towns", "镇街", "asked", kind="number", unit="个", sort="asked"),
        Column("played", "已播出", "played", kind="number", unit="个", sort="played"),
        Column("drafted_by", "拟稿人", "drafted_by.name"),
        Column("decided_by", "审批人", "decided_by.name"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="标题或内容", fields=("title", "text")),
        Choice("state", "状态", choices=tuple(BROADCAST.choices())),
        DateRange("play_at", "播出日期"),
    )
    related = ("drafted_by", "decided_by")
    sort = "-play_at"
    empty = "还没有村村通广播。点“拟广播稿”，由他人批准后发到镇街。"
    buttons = (Button("拟广播稿", "outreach:broadcast_new", "outreach.broadcast"),)

    def rows(self) -> QuerySet[Any]:
        """With the towns asked and those that played it."""
        played = Count("receipts", filter=Q(receipts__state="played"), distinct=True)
        found: QuerySet[Any] = super().rows().annotate(asked=Count("towns", distinct=True), played=played)
        return found


class ReceiptList(ListPage):
    """What towns owe and what they said."""

    model = Receipt
    permission = "outreach.receipt_view"
    title = "广播回执"
    columns = (
        Column("broadcast", "广播", "broadcast.title", kind="link"),
        Column("town", "镇街", "town.name", sort="town__code"),
        Column("play_at", "播出时间", "broadcast.play_at", kind="datetime", sort="broadcast__play_at"),
        state_column(),
        due_column(),
        Column("played_at", "实际播出时间", kind="datetime", sort="played_at"),
        Column("speakers", "喇叭", kind="number", unit="只", sort="speakers", total="speakers"),
    )
    filters = (
        Search(title="广播标题", fields=("broadcast__title",)),
        Choice("state", "状态", choices=tuple(RECEIPT.choices())),
        DateRange("play_at", "播出日期", field="broadcast__play_at"),
        Owner(title="回执单位", field="office"),
    )
    related = ("broadcast", "town")
    sort = "-pk"
    empty = "还没有广播回执。区局批准村村通广播后，要本镇街播出的会出现在这里。"
