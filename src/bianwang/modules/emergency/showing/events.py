"""What the page of an event shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from bianwang.modules.emergency.grading import grade_of, suggested
from bianwang.modules.emergency.lists.events import LEVEL_COLOURS
from bianwang.modules.emergency.models import Event, Loss, Note, Report, Task
from bianwang.modules.emergency.queries.evacuees import evacuation_url
from bianwang.modules.emergency.queries.events import family, latest_loss, unsigned
from bianwang.modules.emergency.showing import after as showing_after, judgements as judgement_showing
from bianwang.modules.emergency.showing.resources import called
from bianwang.modules.emergency.workflow.events import unready
from bianwang.platform import access
from bianwang.platform.ui.cells import Cell, Column, fact, state_column
from bianwang.platform.ui.lists import list_url
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
_TASKS = (
    Column("content", "任务", kind="link"),
    Column("owner", "承担单位", "owner.name"),
    state_column(),
    Column("sent_at", "下达", kind="datetime"),
    Column("signed_at", "签收", kind="datetime"),
    Column("feedback", "最近反馈"),
)
_REPORTS = (
    Column("title", "报告", kind="link"),
    Column("receiver", "报送对象"),
    Column("sent_at", "报出时间", kind="datetime"),
    Column("standing", "时效", lambda row: row.standing[0], kind="badge", colour=lambda row: row.standing[1]),
)
_LOSSES = (
    Column("as_of", "截至", kind="datetime"),
    Column("deaths", "死亡失踪", kind="number"),
    Column("injuries", "重伤", kind="number"),
    Column("evacuated", "紧急转移", kind="number", link=lambda row: evacuation_url(row.event_id)),
    Column("area", "受害面积（公顷）", kind="number"),
    Column("loss", "直接损失（万元）", kind="money"),
    Column("source", "依据"),
)


def facts(row: Event, user: Any) -> list[Facts]:
    """Groups of labels and values."""
    return [Facts("基本情况", _basics(row, user)), Facts("响应与报送", _response(row)), *showing_after.facts(row)]


def live(row: Event, user: Any) -> dict[str, Any]:
    """What changes while an event lasts; the page loads it again by itself."""
    notes = access.visible(user, Note, "emergency.view").filter(family(row))
    add = None
    if access.can(user, "emergency.note") and row.state not in {"merged", "revoked"}:
        add = ("补充记录", reverse("emergency:note_new", args=[row.pk]))
    record = reverse("emergency:record", args=[row.pk])
    merged = access.visible(user, Event, "emergency.view").filter(merged_into=row).exists()
    origin = (_origin(row),) if merged else ()
    newest = notes.select_related("entered_by", "event")[:NEWEST]
    tables = [Related("处置记录（最近）", (*_NOTES, *origin), newest, record, add, empty="还没有记录。")]
    counts = [*_counts(row, user), fact("处置记录", f"{notes.count()} 条", "link", href=record)]
    return {"counts": counts, "tables": [*tables, *_answers(row, user, origin), called(row, user, origin)]}


def related(row: Event, user: Any) -> Sequence[Related]:
    """What belongs to the event and changes slowly."""
    found = [*judgement_showing.related(row, user), *showing_after.related(row, user)]
    events = access.visible(user, Event, "emergency.view")
    for title, rows in (("并入本事件的", events.filter(merged_into=row)), ("子事件", events.filter(mother=row))):
        if rows:
            found.append(Related(title, _EVENTS, rows))
    return found


def _counts(row: Event, user: Any) -> list[Cell]:
    """State, level and how the tasks stand, each with its rows."""
    tasks = access.visible(user, Task, "emergency.view").filter(family(row))
    late = Count("pk", filter=unsigned())
    task = tasks.aggregate(all=Count("pk"), open=Count("pk", filter=Q(state__in=("sent", "signed"))), late=late)
    level = row.get_level_display()
    return [
        fact("状态", row.state_row.name, "badge", colour=row.state_row.colour),
        fact("响应级别", level, "badge", colour=LEVEL_COLOURS.get(row.level, "secondary")),
        fact("处置任务", f"{task['all']} 项", "link", href=list_url("emergency:tasks", q=row.number)),
        fact("未完成", f"{task['open']} 项"),
        fact("逾期未签收", f"{task['late']} 项", "link", href=list_url("emergency:tasks", q=row.number, overdue=1)),
    ]


def _basics(row: Event, user: Any) -> list[Cell]:
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
    found[2:2] = showing_after.origins(row, user)
    for title, other in (("母事件（区外）", row.mother), ("已并入", row.merged_into)):
        if other:
            found.insert(0, fact(title, str(other), "link", href=other.get_absolute_url()))
    if row.is_outside and not row.mother:
        found.append(fact("起于区外", True, "flag"))
    return found


def _response(row: Event) -> list[Cell]:
    last = latest_loss(row)
    found = [
        fact("响应级别", row.get_level_display(), "badge", colour=LEVEL_COLOURS.get(row.level, "secondary")),
        fact("电话报告时限", row.phone_due, "datetime"),
        fact("书面初报时限", row.written_due, "datetime"),
        fact("等级", grade_of(row, last)),
    ]
    level = suggested(row, last)
    if row.state == "watching" and (owed := unready(row)):
        found.append(fact("办结之前", owed))
    if level is not None:
        words = f"{Event.Level(level.level).label}（{level.source}，{level.certainty}）"
        found.insert(1, fact("参数表建议", words))
    if last:
        people = (
            f"死亡失踪 {last.deaths} 人，重伤 {last.injuries} 人，轻伤 {last.slight} 人，紧急转移 {last.evacuated} 人"
        )
        found += [
            fact("人员", people),
            fact("受害面积", last.area, "number", unit="公顷"),
            fact("直接损失", last.loss, "money", unit="万元"),
            fact("截至", last.as_of, "datetime"),
        ]
    return found


def _origin(row: Event) -> Column:
    """Which of the merged events a row came from; empty for the event's own."""

    def number(item: Any) -> str:
        return "" if item.event_id == row.pk else item.event.number

    return Column("origin", "来自", number, link=lambda item: item.event.get_absolute_url() if number(item) else "")


def _answers(row: Event, user: Any, origin: tuple[Column, ...]) -> list[Related]:
    """Tasks, reports and the dated numbers."""
    tasks = access.visible(user, Task, "emergency.view").filter(family(row)).select_related("owner", "event")
    reports = access.visible(user, Report, "emergency.view").filter(family(row)).select_related("event")
    losses = access.visible(user, Loss, "emergency.view").filter(event=row)
    return [
        Related("处置任务", (*_TASKS, *origin), tasks, empty="还没有下达任务。"),
        Related("信息报送", (*_REPORTS, *origin), reports, empty="还没有报送。"),
        Related("伤亡和损失（最近的为准）", _LOSSES, losses, empty="还没有录入。"),
    ]
