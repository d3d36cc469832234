"""What indicators and reports count of emergencies, for the whole district; without exercises and what was revoked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from bianwang.modules.emergency.models import Evacuee, Event
from bianwang.modules.emergency.pack.events import class_choices
from bianwang.modules.emergency.queries.evacuees import COUNTED as COUNTED_PEOPLE, moved_on
from bianwang.modules.emergency.queries.events import COUNTED, answered_on
from bianwang.platform.clock import SHANGHAI
from bianwang.platform.measures import Measured, Rows, count, share, unknown
from bianwang.platform.period import Period
from bianwang.platform.ui.lists import list_url

_SCOPE = "全区"


def events(period: Period, *, kinds: str = "") -> Measured:
    """Events that were told of, of all classes or of some (`emergency.yaml`, with commas)."""
    rows = _told(period)
    if not kinds:
        return count(_rows("突发事件", rows, period), scope=_SCOPE)
    wanted, known = tuple(kinds.split(",")), dict(class_choices())
    if lacking := [kind for kind in wanted if kind not in known]:
        return unknown("kinds", lacking[0])
    name = "、".join(known[kind] for kind in wanted)
    return count(_rows(name, rows.filter(kind__in=wanted), period, kind=wanted), scope=_SCOPE)


def response_rate(period: Period) -> Measured:
    """应急处置率: events whose first task was signed for in time, until the last day ÷ all events."""
    rows = _told(period)
    part = rows.filter(answered_on(period.last))
    note = f"首项任务在时限内签收的计为及时处置，截至 {period.last}"
    return share(
        _rows("及时处置的突发事件", part, period, answered=1, as_of=period.last),
        _rows("突发事件", rows, period),
        missing="本期没有突发事件，没有处置率，请按不适用处理。",
        scope=_SCOPE,
        note=note,
    )


def evacuated(period: Period) -> Measured:
    """People of evacuation lists ordered in the period who had left by its last day."""
    rows = Evacuee.objects.filter(COUNTED_PEOPLE, moved_on(period.last), period.moments("batch__ordered_at"))
    query = {**period.query("ordered"), "counted": 1, "moved": 1, "as_of": period.last}
    found = Rows("已转移人员", rows.order_by().count(), list_url("emergency:evacuees", **query))
    return count(found, scope=_SCOPE, note="按转移名单")


def longest(period: Period) -> Measured:
    """Days of the event that was fought longest, of those with a response; the note names it."""
    fought = _told(period).filter(level__gt=Event.Level.NONE)
    found = fought.values_list("pk", "name", "received_at", "state", "ended_at")
    spans = [(_days(period, begin, None if state == "responding" else end), -pk, name)
             for pk, name, begin, state, end in found]  # fmt: skip
    if not spans:
        return Measured(None, scope=_SCOPE, missing="本期没有启动响应的突发事件，请按不适用处理。")
    days, key, name = max(spans)
    rows = Rows("处置时间最长的突发事件", 1, list_url("emergency:list", event=-key))
    return Measured(days, (rows,), scope=_SCOPE, note=name)


def _days(period: Period, begin: datetime, end: datetime | None) -> int:
    """From the day it was told of to the day its response ended, both counted (4天3夜 are four), or until the period's
    last day where it had not ended then."""
    ended = end.astimezone(SHANGHAI).date() if end else period.last
    return (min(ended, period.last) - begin.astimezone(SHANGHAI).date()).days + 1


def _told(period: Period) -> QuerySet[Event]:
    return Event.objects.filter(COUNTED, period.moments("received_at")).order_by()


def _rows(name: str, rows: QuerySet[Event], period: Period, **query: Any) -> Rows:
    return Rows(name, rows.count(), list_url("emergency:list", **period.query("received"), counted=1, **query))
