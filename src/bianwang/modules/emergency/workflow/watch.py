"""What the watch of an event still lacks: asked by the guard of closing, and by the pages that say so beforehand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bianwang.modules.emergency import watching
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.workflow import queries as limits
from bianwang.platform.workflow.errors import Refused


def begin(event: Any) -> tuple[datetime, datetime, Decimal]:
    """When the watch began, also in local time, and the hour of the day by which somebody must have looked.

    Raises Refused for an event whose response has not ended.
    """
    if event.ended_at is None:
        raise Refused(f"“{event}”还没有结束处置，不用盯守。")
    ended = event.ended_at.astimezone(SHANGHAI).replace(tzinfo=None)
    return event.ended_at, ended, limits.limit(f"emergency.watch_check.{event.kind}", event.day).value


def lacking_days(event: Any) -> list[date]:
    """The days that still have to be looked at before the event may be closed. Raises Refused as `begin`."""
    since, ended, hours = begin(event)
    least = int(limits.limit(f"emergency.watch_days.{event.kind}", event.day).value)
    seen = event.watch_days.filter(ended_at=since, state="checked").values_list("day", flat=True)
    moment = now().astimezone(SHANGHAI).replace(tzinfo=None)
    return watching.lacking(ended, hours, least, moment, set(seen))


def named(days: list[date]) -> str:
    """Days in words; of many the first ones."""
    words = "、".join(f"{day.month}月{day.day}日" for day in days[:5])
    return f"{words}等 {len(days)} 天" if len(days) > 5 else words
