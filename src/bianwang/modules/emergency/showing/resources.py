"""What the pages of events and tasks show of resources."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from bianwang.modules.emergency.models import CallUp, Event, Task
from bianwang.modules.emergency.queries.events import family
from bianwang.modules.emergency.queries.shelters import nearest
from bianwang.modules.emergency.workflow.events import LIVE
from bianwang.platform import access
from bianwang.platform.ui.cells import Column, state_column
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.objects import Related

_SHELTERS = 5
"""How many shelters are named to who orders people to leave."""
_CALLED = (
    Column("resource", "资源", "resource.name", kind="link"),
    Column("kind", "种类", "resource.kind_name"),
    Column("quantity", "数量", kind="number"),
    state_column(),
    Column("called_at", "调用", kind="datetime"),
    Column("arrived_at", "到达", kind="datetime"),
    Column("released_at", "归建", kind="datetime"),
)


def nearest_url(event: Event) -> str:
    """The list of resources as it opens from an event: what its class needs and what is free."""
    return f"{reverse('emergency:nearest', args=[event.pk])}?needed=1&state=available"


def called(event: Event, user: Any, origin: tuple[Column, ...]) -> Related:
    """The resources called to an event and to those merged into it, with the way to the nearest ones."""
    rows = access.visible(user, CallUp, "emergency.resources").filter(family(event))
    add = ("调用资源", nearest_url(event)) if event.state in LIVE else None
    more = list_url("emergency:callups", event=event.pk)
    shown = rows.select_related("resource", "event")
    return Related("调用的应急资源", (*_CALLED, *origin), shown, more, add, empty="还没有调用应急资源。")


def shelter_words(event: Event) -> str:
    """Where people can go: the nearest shelters with places left, in a sentence; empty where there is none."""
    order = "有余位的避难场所" if event.longitude is None else "有余位的避难场所（由近到远）"
    found = [f"{row.name}（{row.room}）" for row in nearest(event).filter(free__gt=0)[:_SHELTERS]]
    return f"{order}：{'、'.join(found)}。" if found else ""


def of_task(task: Task, user: Any) -> list[Related]:
    """The call-up that a task came with: the team notes there that it arrived and came back."""
    rows = access.visible(user, CallUp, "emergency.resources").filter(task=task).select_related("resource", "event")
    return [Related("到达和归建在这里登记", _CALLED, rows)] if rows else []
