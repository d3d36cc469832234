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


def call(alarm: Alarm, first: int, due_at: datetime | None) -> None:
    """Put the alarm on the lists of those whose turn it is: the levels from `first` to the alarm's own."""
    for level in range(first, alarm.level + 1):
        todo.open_for(
            alarm,
            title=f"{Severity(alarm.peak).label}色告警待确认：{alarm.title}",
            url=alarm.get_absolute_url(),
            owner=alarm.owner_id,
            permission=ANSWERED_BY[Alarm.Level(level)],
            due_at=due_at,
        )
