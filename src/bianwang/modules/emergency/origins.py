"""Where an event comes from: what is already known there fills its form."""

from __future__ import annotations

from typing import Any

from bianwang.modules.alarms.models import Alarm
from bianwang.modules.emergency.models import Event
from bianwang.modules.emergency.units import places
from bianwang.platform import access
from bianwang.platform.accounts.models import User


def of_alarm(user: User, number: str) -> dict[str, Any]:
    """First values of the form for an event that an alarm told of; empty without such an alarm in the user's scope."""
    if not number.isdecimal():
        return {}
    rows = access.visible(user, Alarm, "alarms.view").select_related("owner", "signal__zone")
    alarm = rows.filter(pk=int(number)).first()
    if alarm is None:
        return {}
    around = alarm.owner.territories.values("pk")
    zone = alarm.signal.zone
    return {
        "alarm": alarm.pk,
        "source": Event.Source.ALARM,
        "territory": places().filter(pk__in=around).last(),
        "place": f"{alarm.owner.name}{f' {zone.name}' if zone else ''}",
        "longitude": alarm.owner.longitude,
        "latitude": alarm.owner.latitude,
        "happened_at": alarm.started_at,
        "description": f"{alarm.owner.name}告警“{alarm.title}”。",
    }
