"""The course of an event in figures, each from its rows and linked to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q
from django.urls import reverse

from bianwang.modules.emergency.grading import grade_of
from bianwang.modules.emergency.models import CallUp, Event, Loss, Note, Report, Task, WatchDay
from bianwang.modules.emergency.queries.events import family
from bianwang.platform import access
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ui.cells import Cell, fact
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.templatetags.bian import moment as local


def of_event(user: Any, event: Event) -> list[Cell]:
    """When what happened and how often, from the records of the event and of those merged into it."""
    return [*_moments(user, event), *_counts(user, event)]


def span(begin: datetime, end: datetime | None) -> str:
    """How long after `begin` something was.

    >>> day = datetime(2022, 8, 23, 4, 10)
    >>> span(day, datetime(2022, 8, 23, 4, 19)), span(day, datetime(2022, 8, 23, 6, 10)), span(day, None)
    ('9 分钟', '2 小时', '—')
    >>> span(day, datetime(2022, 8, 26, 16, 40))
    '3 天 12 小时 30 分钟'
    """
    if end is None:
        return "—"
    minutes = int((end - begin).total_seconds()) // 60
    parts = [(minutes // 1440, "天"), (minutes % 1440 // 60, "小时"), (minutes % 60, "分钟")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "不到 1 分钟"


def _moments(user: Any, event: Event) -> list[Cell]:
    tasks = access.visible(user, Task, "emergency.view").filter(family(event)).order_by("sent_at", "pk")
    first = tasks.first()
    begun = event.received_at
    answered = _response_at(event)
    record, page = reverse("emergency:record", args=[event.pk]), event.get_absolute_url()
    found = [
        fact("接报", event.received_at, "datetime", href=page),
        _after("首项任务下达", begun, first.sent_at if first else None, first.get_absolute_url() if first else ""),
        _after("首项任务签收", begun, first.signed_at if first else None, first.get_absolute_url() if first else ""),
        _after("启动响应", begun, answered, page),
        _after("处置结束", begun, event.ended_at, page),
    ]
    closed_at = event.state_since if event.state == "closed" else None
    if closed_at and event.ended_at:
        found.append(fact("盯守历时", span(event.ended_at, closed_at), "link", href=record))
    return found


def _counts(user: Any, event: Event) -> list[Cell]:
    tasks = access.visible(user, Task, "emergency.view").filter(family(event))
    timely = Count("pk", filter=Q(signed_at__lte=F("sign_by")))
    task = tasks.aggregate(all=Count("pk"), timely=timely)
    reports = access.visible(user, Report, "emergency.view").filter(family(event))
    report = reports.aggregate(all=Count("pk"), late=Count("pk", filter=Q(sent_at__gt=F("due_at"))))
    notes = access.visible(user, Note, "emergency.view").filter(family(event)).count()
    days = access.visible(user, WatchDay, "emergency.view").filter(event=event).exclude(state="stopped")
    watch = days.aggregate(all=Count("pk"), seen=Count("pk", filter=Q(state="checked")))
    callups = access.visible(user, CallUp, "emergency.view").filter(family(event))
    sent = callups.aggregate(all=Count("pk"), out=Count("pk", filter=Q(released_at=None)))
    asked = {"q": event.number}
    found = [
        fact(
            "处置任务",
            f"{task['all']} 项，按时签收 {task['timely']} 项",
            "link",
            href=list_url("emergency:tasks", **asked),
        ),
        fact(
            "资源调用",
            f"{sent['all']} 次，未归建 {sent['out']} 次",
            "link",
            href=list_url("emergency:callups", event=event.pk),
        ),
        fact(
            "信息报送",
            f"{report['all']} 次，迟报 {report['late']} 次",
            "link",
            href=list_url("emergency:reports", **asked),
        ),
        fact("处置记录", f"{notes} 条", "link", href=reverse("emergency:record", args=[event.pk])),
        fact(
            "盯守检查",
            f"{watch['all']} 天，已检查 {watch['seen']} 天",
            "link",
            href=list_url("emergency:watch", **asked),
        ),
    ]
    last = access.visible(user, Loss, "emergency.view").filter(event=event).order_by("-as_of", "-pk").first()
    if last:
        people = f"死亡失踪 {last.deaths} 人，重伤 {last.injuries} 人，紧急转移 {last.evacuated} 人"
        lost = f"受害面积 {last.area} 公顷，直接损失 {last.loss} 万元"
        found.append(fact("伤亡和损失", f"{people}；{lost}", "link", href=event.get_absolute_url()))
        found.append(fact("等级", grade_of(event, last), "link", href=event.get_absolute_url()))
    return found


def _after(title: str, begun: datetime, moment: datetime | None, href: str) -> Cell:
    """A moment with the time since the event was told of."""
    if moment is None:
        return fact(title, "")
    return fact(title, f"{local(moment)}（接报后 {span(begun, moment)}）", "link", href=href)


def _response_at(event: Event) -> datetime | None:
    """When the response was started, from the ledger."""
    entries = Entry.objects.filter(object_type=Event._meta.label_lower, object_id=event.pk, verb="emergency.respond")
    return entries.order_by("id").values_list("at", flat=True).first()
