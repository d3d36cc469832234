"""What the page of an event shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from bianwang.modules.emergency.lists.events import LEVEL_COLOURS
from bianwang.modules.emergency.models import Event, Note
from bianwang.platform import access
from bianwang.platform.ui.cells import Cell, Column, fact, state_column
from bianwang.platform.ui.objects import Facts, Related

NEWEST = 8
"""Notes on the event's own page."""

_NOTES = (
    Column("happened_at", "时间", kind="datetime"),
    Column("kind", "类别", kind="badge"),
    Column("text", "内容"),
    Column("place", "地点"),
    Column("entered_by", "记录人", "entered_by.name"),
)
_EVENTS = (Column("number", "编号", kind="link"), Column("name", "事件"), state_column())


def facts(row: Event) -> list[Facts]:
    """Groups of labels and values."""
    return [Facts("基本情况", _basics(row)), Facts("响应与报送", _response(row))]


def related(row: Event, user: Any) -> Sequence[Related]:
    """The newest notes, and events that belong together."""
    notes = access.visible(user, Note, "emergency.view").filter(event=row).select_related("entered_by")
    add = None
    if access.can(user, "emergency.note") and row.state not in {"merged", "revoked"}:
        add = ("补充记录", reverse("emergency:note_new", args=[row.pk]))
    record = reverse("emergency:record", args=[row.pk])
    found = [Related("处置记录（最近）", _NOTES, notes[:NEWEST], record, add, empty="还没有记录。")]
    events = access.visible(user, Event, "emergency.view")
    for title, rows in (("并入本事件的", events.filter(merged_into=row)), ("子事件", events.filter(mother=row))):
        if rows:
            found.append(Related(title, _EVENTS, rows))
    return found


def _basics(row: Event) -> list[Cell]:
    found = [
        fact("类别", row.kind_name),
        fact("信息来源", row.get_source_display()),
        fact("报告人", row.informant),
        fact("发生地", row.territory.name),
        fact("具体地点", row.place),
        fact("发生时间", row.happened_at, "datetime"),
        fact("接报时间", row.received_at, "datetime"),
        fact("坐标", "" if row.longitude is None else f"{row.longitude:.5f}, {row.latitude:.5f}"),
        fact("基本情况", row.description),
        fact("登记人", row.registered_by.name),
    ]
    if row.alarm:
        found.insert(2, fact("来源告警", row.alarm.title, "link", href=row.alarm.get_absolute_url()))
    for title, other in (("母事件（区外）", row.mother), ("已并入", row.merged_into)):
        if other:
            found.insert(0, fact(title, str(other), "link", href=other.get_absolute_url()))
    if row.is_outside and not row.mother:
        found.append(fact("起于区外", True, "flag"))
    return found


def _response(row: Event) -> list[Cell]:
    return [
        fact("响应级别", row.get_level_display(), "badge", colour=LEVEL_COLOURS.get(row.level, "secondary")),
        fact("电话报告时限", row.phone_due, "datetime"),
        fact("书面初报时限", row.written_due, "datetime"),
    ]
