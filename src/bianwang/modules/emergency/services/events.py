"""Events enter the books, are put right, answered at a level, merged and split."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from bianwang.modules.duty import services as duty
from bianwang.modules.emergency.editing import changed, refuse_stale, told
from bianwang.modules.emergency.models import Event, Series
from bianwang.modules.emergency.pack.events import kind_choices, kind_name, pack
from bianwang.modules.emergency.units import owner_of
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.ledger.services import record
from bianwang.platform.workflow import queries as limits, services as workflow
from bianwang.platform.workflow.errors import Refused

COLUMNS = (
    "name", "kind", "subtype", "source", "informant", "territory", "place", "longitude", "latitude", "happened_at",
    "description", "is_outside", "mother",
)  # fmt: skip
"""What can be put right afterwards."""


@transaction.atomic
def register(user: User, values: Mapping[str, Any], *, is_demo: bool = False) -> Event:
    """Enter an event that has been told of; `values` are columns. Raises PermissionDenied, ValidationError."""
    access.require(user, "emergency.register")
    moment = now()
    event = Event(registered_by=user, registered_at=moment, is_demo=is_demo, **{"received_at": moment, **values})
    event.owner = owner_of(event.territory)
    _admit(user, event)
    _check(event)
    event.name = event.name or _name(event)
    event.number = _take(event.day.year)
    event.phone_due = _due("phone", event)
    event.written_due = _due("written", event)
    event.due_at = event.written_due
    event.clean_fields(exclude={"state", "state_since"})
    workflow.start(event, by=user, verb="emergency.register", changes={"kind": (None, event.kind_name)})
    return event


@transaction.atomic
def correct(event: Event, user: User, values: Mapping[str, Any], version: int, reason: str) -> None:
    """Put right what was entered. Who read an older version is told what stands there now, and nothing is lost.

    Raises PermissionDenied, Http404, Stale, ValidationError, Refused.
    """
    access.check(user, Event, event.pk, "emergency.register")
    row = Event.objects.select_for_update().get(pk=event.pk)
    if not row.is_open:
        raise Refused(f"“{row}”{row.state_row.name}，不能再更正。")
    refuse_stale(row, values, version, COLUMNS)
    changes = changed(row, values, COLUMNS)
    if not changes:
        raise ValidationError("没有改动，不必更正。")
    if not reason.strip():
        raise ValidationError({"reason": "请写明更正的理由。"})
    for name, (_, value) in changes.items():
        setattr(row, name, value)
    row.owner, row.version = owner_of(row.territory), version + 1
    _admit(user, row)
    _check(row)
    row.clean_fields()
    row.save(update_fields=[*changes, "owner", "version"])
    record("emergency.correct", row, owner=row.owner_id, changes=told(changes), reason=reason.strip())


def set_level(event: Event, user: User, step: str, level: int, reason: str) -> None:
    """Start, raise or lower the response. Raises PermissionDenied, Http404, Refused, Conflict."""
    if level not in (1, 2, 3, 4):
        raise Refused("请选择Ⅰ至Ⅳ级响应。")
    if step == "level" and level == event.level:
        raise Refused(f"现在就是{event.get_level_display()}响应，不必调整。")
    workflow.advance(event, step, user, reason=reason, fields={"level": level})


@transaction.atomic
def merge(event: Event, user: User, main: Event, reason: str) -> None:
    """Two reports of one event: this one points to the main one and is not counted. Raises Refused, Conflict."""
    access.check(user, Event, main.pk, "emergency.register")
    target = Event.objects.select_for_update().get(pk=main.pk)
    if target.pk == event.pk or not target.is_open:
        raise Refused("请选择另一个还没有办结的事件作为主事件。")
    if target.is_exercise != event.is_exercise:
        raise Refused("演练和真实事件不能合并。")
    workflow.advance(event, "merge", user, reason=reason, fields={"merged_into": target})


def split(event: Event, user: User, reason: str) -> None:
    """What was merged was another event after all. Raises Refused, Conflict."""
    workflow.advance(event, "split", user, reason=reason, fields={"merged_into": None}, due_at=event.written_due)


@transaction.atomic
def revoke(event: Event, user: User, reason: str) -> None:
    """It never was. Raises Refused, Conflict."""
    workflow.advance(event, "revoke", user, reason=reason)
    end_messages(event, reason)


def end_messages(event: Event, reason: str) -> None:
    """Nobody is asked for a receipt about an event that is over, or about one that was merged into it."""
    for row in (event, *event.merged.all()):
        duty.close_about(row.get_absolute_url(), f"事件{event.state_row.name}：{reason}"[:300])


def _admit(user: User, event: Event) -> None:
    """A town registers at home only."""
    if not access.scope_of(user, "emergency.register").includes(event.owner_id):
        raise ValidationError({"territory": "您只能登记本辖区的事件，请选择本镇街。"})


def _check(event: Event) -> None:
    errors: dict[str, str] = {}
    if event.received_at > now():
        errors["received_at"] = "接报时间不能晚于现在。"
    if event.happened_at > event.received_at:
        errors["happened_at"] = "发生时间不能晚于接报时间。"
    code = f"{event.kind}:{event.subtype}" if event.subtype else event.kind
    if code not in dict(kind_choices(event.day)):
        errors["kind"] = "请选择接报当日有效的事件类别。"
    if (event.longitude is None) != (event.latitude is None):
        errors["latitude"] = "经度和纬度要一起填写，或都不填。"
    if event.mother_id and not event.is_outside:
        errors["mother"] = "只有起于区外的事件才关联母事件，请勾选“起于区外”或去掉母事件。"
    if event.pk and event.mother_id == event.pk:
        errors["mother"] = "事件不能是自己的母事件。"
    if event.source == Event.Source.ALARM and event.alarm_id is None:
        errors["alarm"] = "来源是监测告警的，请填写告警编号。"
    if errors:
        raise ValidationError(errors)


def _name(event: Event) -> str:
    day = event.happened_at.astimezone(SHANGHAI)
    part = next((row.name for kind in pack().classes for row in kind.subtypes if row.code == event.subtype), "")
    return f"{event.territory}“{day.month}·{day.day}”{part or kind_name(event.kind)}"[:120]


def _due(what: str, event: Event) -> Any:
    return limits.deadline(limits.limit(f"emergency.{what}.{event.kind}", event.day), event.received_at)


def _take(year: int) -> str:
    """The next number of a year, given again if the caller's transaction fails."""
    if not Series.objects.filter(year=year).update(last=F("last") + 1):
        Series.objects.get_or_create(year=year)
        Series.objects.filter(year=year).update(last=F("last") + 1)
    return f"{pack().prefix}〔{year}〕{Series.objects.get(year=year).last}"
