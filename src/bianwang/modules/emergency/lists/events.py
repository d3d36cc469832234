"""The list of events."""

from __future__ import annotations

from typing import Any

from bianwang.modules.emergency.models import Event
from bianwang.modules.emergency.pack.events import class_choices, subtype_choices
from bianwang.modules.emergency.queries.events import COUNTED, GOING_ON, answered, answered_on
from bianwang.modules.emergency.units import places
from bianwang.platform.ui.cells import Column, due_column, state_column
from bianwang.platform.ui.filters import AsOf, Choice, DateRange, Flag, FlagOn, Owner, Search
from bianwang.platform.ui.lists import Button, ListPage

LEVEL_COLOURS = {1: "red", 2: "orange", 3: "yellow", 4: "blue"}


def level_colour(row: Any) -> str:
    """The badge of a response level."""
    return LEVEL_COLOURS.get(row.level, "secondary")


def place_choices(user: Any) -> list[tuple[str, str]]:
    """The district and its towns, for filters."""
    return [(str(pk), name) for pk, name in places().values_list("pk", "name")]


class EventList(ListPage):
    """All events, newest first."""

    model = Event
    permission = "emergency.view"
    title = "突发事件"
    columns = (
        Column("number", "编号", kind="link", sort="pk"),
        Column("name", "事件"),
        Column("kind", "类别", "kind_name", sort="kind"),
        Column("territory", "发生地", "territory.name", sort="territory__code"),
        Column("received_at", "接报时间", kind="datetime", sort="received_at"),
        Column("level", "响应", kind="badge", sort="level", colour=level_colour),
        state_column(),
        due_column(),
        Column("source", "来源", sort="source", default=False),
        Column("place", "具体地点", default=False),
        Column("is_exercise", "演练", kind="flag", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="编号、名称或地点", fields=("number", "name", "place")),
        Choice("state", "状态", choices=lambda user: Event.workflow.choices()),
        Choice("kind", "类别", choices=lambda user: class_choices()),
        Choice("subtype", "子类", choices=lambda user: subtype_choices()),
        Choice("level", "响应"),
        Choice("territory", "发生地", choices=place_choices),
        DateRange("received", "接报日期", field="received_at"),
        Flag("live", "正在处置", where=GOING_ON),
        AsOf(),
        FlagOn("answered", "按时响应", where=lambda user: answered(), on=answered_on),
        FlagOn("unanswered", "未按时响应", where=lambda user: ~answered(), on=lambda day: ~answered_on(day)),
        Flag("counted", "计入统计", where=COUNTED),
        Owner("event", "事件", field="pk", model=Event),
    )
    related = ("territory",)
    sort = "-received_at"
    empty = "还没有突发事件。接到电话、镇街报告或告警后点“登记事件”。"
    buttons = (Button("登记事件", "emergency:register", "emergency.register"),)
