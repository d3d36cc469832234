"""What the page of an event shows of what follows it: the watch, public opinion, the review."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from bianwang.modules.emergency.models import Event, Opinion, Review, WatchDay
from bianwang.modules.emergency.publicity import running
from bianwang.platform import access
from bianwang.platform.clock import SHANGHAI
from bianwang.platform.registry import permissions
from bianwang.platform.ui.cells import Cell, Column, fact
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.objects import Action, Facts, Related

_WATCH = (
    Column("day", "日期", lambda row: f"{row.day.month}月{row.day.day}日", kind="link"),
    Column("standing", "情况", lambda row: row.standing[0], kind="badge", colour=lambda row: row.standing[1]),
    Column("seen", "检查", lambda row: f"{row.note.happened_at.astimezone(SHANGHAI):%H:%M}" if row.note else ""),
    Column("outcome", "结果", lambda row: row.get_outcome_display().partition("，")[0]),
    Column("text", "检查情况", "note.text"),
    Column("by", "登记人", "checked_by.name"),
)
_OPINIONS = (
    Column("summary", "主要内容", kind="link"),
    Column("platform", "来源平台", "platform_name"),
    Column("seen_at", "发现时间", kind="datetime"),
    Column("heat", "热度"),
    Column("truth", "研判"),
    Column("standing", "回应", lambda row: row.standing[0], kind="badge", colour=lambda row: row.standing[1]),
)


def origins(event: Event, user: Any) -> list[Cell]:
    """The weather warning and the line of the duty log that it came from; links for those who may read them."""
    found = []
    for title, row, permission in (
        ("来源预警", event.warning, "weather.overview"),
        ("来源值班日志", event.duty_entry, "duty.view"),
    ):
        if row is not None:
            href = row.get_absolute_url() if may_read(user, row, permission) else ""
            found.append(fact(title, str(row), "link", href=href))
    return found


def may_read(user: Any, row: Any, permission: str) -> bool:
    """Whether somebody may open a page of another module, which may be off."""
    if permission not in permissions() or not access.can(user, permission):
        return False
    return access.scope_of(user, permission).includes(access.owner_of(row))


def facts(event: Event) -> list[Facts]:
    """The clocks of public information, where the grade of the event sets some."""
    clocks = running(event)
    if not clocks:
        return []
    rows = [fact(clock.name, clock.standing[0], "badge", colour=clock.standing[1]) for clock in clocks]
    return [Facts("信息发布时限", [*rows, fact("依据", "；".join(clock.basis for clock in clocks))])]


def related(event: Event, user: Any) -> list[Related]:
    """The days of the watch, one a line, and what is said of the event."""
    found = []
    days = access.visible(user, WatchDay, "emergency.view").filter(event=event)
    if event.ended_at:
        more = list_url("emergency:watch", q=event.number)
        rows = days.select_related("note", "checked_by", "event")
        found.append(Related("持续盯守（每天一行）", _WATCH, rows, more, empty="还没有应做的检查。"))
    add = None
    if access.can(user, "emergency.opinion") and event.state not in {"merged", "revoked"}:
        add = ("登记舆情", reverse("emergency:opinion_new", args=[event.pk]))
    opinions = access.visible(user, Opinion, "emergency.view").filter(event=event).select_related("event")
    found.append(Related("舆情", _OPINIONS, opinions, add=add, empty="还没有登记舆情。"))
    return found


def telling(event: Event, user: Any) -> list[Action]:
    """The way to a group message about the event; that module may be off."""
    if "duty.message" not in permissions() or not access.can(user, "duty.message"):
        return []
    return [Action("群发消息", list_url("duty:message_new", source=event.get_absolute_url()), "messages")]


def actions(event: Event, user: Any) -> list[Action]:
    """The way to the event's review."""
    review = Review.objects.filter(event=event).first()
    if review is not None:
        return [Action("总结评估", review.get_absolute_url(), "clipboard-text")]
    if event.state in {"watching", "closed"} and access.can(user, "emergency.review"):
        return [Action("总结评估", reverse("emergency:review_new", args=[event.pk]), "clipboard-text")]
    return []
