"""Who has to answer an alarm: a to-do for the enterprise, then the town, then the bureau."""

from __future__ import annotations

from datetime import datetime

from bianwang.modules.alarms.models import Alarm, Severity
from bianwang.platform.todo import services as todo

ANSWERED_BY = {
    Alarm.Level.ENTERPRISE: "alarms.answer",
    Alarm.Level.TOWN: "alarms.answer_town",
    Alarm.Level.BUREAU: "alarms.answer_bureau",
}


def call(alarm: Alarm, due_at: datetime | None = None) -> None:
    """Put the alarm on the list of those whose turn it is."""
    todo.open_for(
        alarm,
        title=f"{Severity(alarm.peak).label}色告警待确认：{alarm.title}",
        url=alarm.get_absolute_url(),
        owner=alarm.owner_id,
        permission=ANSWERED_BY[Alarm.Level(alarm.level)],
        due_at=due_at or alarm.escalate_at,
    )
