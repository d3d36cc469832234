"""Where an event comes from: what is already known there fills its form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model

from bianwang.modules.alarms.models import Alarm
from bianwang.modules.duty.models import LogEntry
from bianwang.modules.emergency.models import Event
from bianwang.modules.emergency.units import places
from bianwang.modules.weather.models import WeatherWarning
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.registry import permissions

M = TypeVar("M", bound=Model)


def of(user: User, asked: Mapping[str, str]) -> dict[str, Any]:
    """First values of the form for what the address names: an alarm, a weather warning or a line of the duty log."""
    found = of_alarm(user, asked.get("alarm", ""))
    found |= of_warning(user, asked.get("warning", "")) | of_duty_entry(user, asked.get("duty_entry", ""))
    return found


def seen(user: User, model: type[M], permission: str, number: str) -> M | None:
    """A row of another module that the user may see; None also while that module is off."""
    if not number.isdecimal() or permission not in permissions():
        return None
    return access.visible(user, model, permission).filter(pk=int(number)).first()


def of_warning(user: User, number: str) -> dict[str, Any]:
    """First values for an event that a weather warning spoke of."""
    warning = seen(user, WeatherWarning, "weather.overview", number)
    if warning is None:
        return {}
    return {
        "warning": warning.pk,
        "source": Event.Source.UPPER,
        "informant": warning.issuer,
        "description": f"{warning.issuer}发布“{warning.headline}”，区域：{warning.area}。"[:3000],
    }


def of_duty_entry(user: User, number: str) -> dict[str, Any]:
    """First values for an event that was first written into the duty log."""
    entry = seen(user, LogEntry, "duty.view", number)
    if entry is None:
        return {}
    return {
        "duty_entry": entry.pk,
        "source": Event.Source.PHONE,
        "happened_at": entry.happened_at,
        "received_at": entry.happened_at,
        "description": entry.text,
    }


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
