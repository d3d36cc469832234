"""The list of messages; to whom they went is masked on screen and in exports."""

from __future__ import annotations

from typing import Any

from bianwang.platform.messages import services
from bianwang.platform.messages.models import Message
from bianwang.platform.ui.cells import Column
from bianwang.platform.ui.filters import Choice, DateRange, Search
from bianwang.platform.ui.lists import BatchAction, ListPage


def _retry(user: Any, rows: list[Any]) -> str:
    return f"已把 {services.retry(user, rows)} 条消息重新排入发送。"


class MessageList(ListPage):
    """All messages, the newest first."""

    model = Message
    permission = "messages.view"
    title = "消息"
    columns = (
        Column("key", "消息编号", sort="pk"),
        Column("channel", "渠道", sort="channel"),
        Column("recipient_mask", "接收方"),
        Column("text", "内容", lambda row: row.text[:60]),
        Column("about", "事由"),
        Column("state", "状态", kind="badge", sort="state", colour=lambda row: row.colour),
        Column("created_at", "登记时间", kind="datetime", sort="created_at"),
        Column("sent_at", "发送时间", kind="datetime", sort="sent_at"),
        Column("attempts", "发送次数", kind="number", sort="attempts", default=False),
        Column("error", "失败原因"),
        Column("owner", "发送单位", "owner.name", default=False),
    )
    filters = (
        Search(title="消息编号、内容或事由", fields=("key", "text", "about")),
        Choice("channel", "渠道"),
        Choice("state", "状态"),
        DateRange("created", "登记日期", field="created_at"),
    )
    related = ("owner",)
    sort = "-created_at"
    empty = "还没有消息。村村通广播批准后，发给各镇街的消息会出现在这里。"
    actions = (BatchAction("retry", "重新发送", "messages.retry", _retry),)
