"""Lists of tasks and information reports."""

from __future__ import annotations

from django.db.models import F, Q

from bianwang.modules.emergency.models import Report, Task
from bianwang.modules.emergency.queries.events import unsigned
from bianwang.platform.ui.cells import Column, due_column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, Search
from bianwang.platform.ui.lists import ListPage


class TaskList(ListPage):
    """Tasks of the units in scope."""

    model = Task
    permission = "emergency.tasks"
    title = "处置任务"
    columns = (
        Column("content", "任务", kind="link"),
        Column("event", "事件", "event.name"),
        Column("owner", "承担单位", "owner.name", sort="owner__pinyin"),
        Column("sent_at", "下达时间", kind="datetime", sort="sent_at"),
        Column("signed_at", "签收时间", kind="datetime", sort="signed_at"),
        state_column(),
        due_column(title="签收时限"),
        Column("feedback", "最近反馈"),
    )
    filters = (
        Search(title="任务、事件或单位", fields=("content", "event__name", "event__number", "owner__name")),
        Choice("state", "状态", choices=lambda user: Task.workflow.choices()),
        DateRange("sent", "下达日期", field="sent_at"),
        Flag("overdue", "逾期未签收", where=lambda user: unsigned()),
        Flag("late", "迟签", where=Q(signed_at__gt=F("sign_by"))),
    )
    related = ("event", "owner")
    sort = "-sent_at"
    empty = "还没有处置任务。在事件页面点“下达任务”。"


class ReportList(ListPage):
    """Information reports."""

    model = Report
    permission = "emergency.view"
    title = "信息报送"
    columns = (
        Column("title", "报告", kind="link"),
        Column("event", "事件", "event.name", link=lambda row: row.event.get_absolute_url()),
        Column("receiver", "报送对象"),
        Column("sent_at", "报出时间", kind="datetime", sort="sent_at"),
        Column("due_at", "报送时限", kind="datetime", sort="due_at"),
        Column("standing", "时效", lambda row: row.standing[0], kind="badge", colour=lambda row: row.standing[1]),
        Column("sent_by", "报送人", "sent_by.name"),
    )
    filters = (
        Search(title="事件或报送对象", fields=("event__name", "event__number", "receiver")),
        Choice("kind", "种类"),
        DateRange("sent", "报出日期", field="sent_at"),
        Flag("late", "迟报", where=Q(sent_at__gt=F("due_at"))),
    )
    related = ("event", "sent_by")
    sort = "-sent_at"
    empty = "还没有信息报告。在事件页面点“报送信息”。"
