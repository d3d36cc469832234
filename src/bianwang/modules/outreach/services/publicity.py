"""Campaigns, events, channel counts and pilots: entered and put right by the unit that answers for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model

from bianwang.modules.enforcement.units import units
from bianwang.modules.outreach.models import Campaign, ChannelCount, Event, Pilot
from bianwang.modules.outreach.pack import holds
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.files import services as files
from bianwang.platform.files.storage import Stored
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Party

M = TypeVar("M", bound=Model)

_CAMPAIGN = ("name", "theme", "first_day", "last_day", "owner", "note", "is_demo")
_EVENT = ("campaign", "unit", "day", "kind", "setting", "place", "topic", "speaker", "audience", "note", "is_demo")
_CHANNEL = ("unit", "channel", "month", "count", "note", "is_demo")
_PILOT = ("name", "technology", "owner", "enterprise", "stage", "started_on", "ended_on", "result", "is_demo")


@transaction.atomic
def save_campaign(row: Campaign, user: User, values: Mapping[str, Any]) -> Campaign:
    """Open a campaign or change it. Raises PermissionDenied, ValidationError."""
    access.require(user, "outreach.campaign")
    changes = _set(row, _CAMPAIGN, values)
    _known("themes", row.theme, row.first_day, "theme")
    if row.last_day < row.first_day:
        raise ValidationError({"last_day": "结束日期不能早于开始日期。"})
    return _save(row, changes, "outreach.campaign", row.owner_id)


@transaction.atomic
def save_event(row: Event, user: User, values: Mapping[str, Any], photos: Sequence[Stored] = ()) -> Event:
    """Enter an event that was held, or put it right; photos are added. Raises what the access door raises,
    ValidationError."""
    _admit(row, user)
    changes = _set(row, _EVENT, values)
    _may_use(user, row.unit_id, "unit")
    _past(row.day, "day")
    _known("event_kinds", row.kind, row.day, "kind")
    if row.setting:
        _known("settings", row.setting, row.day, "setting")
    if row.kind == "talk" and not row.speaker:
        raise ValidationError({"speaker": "宣讲须填写主讲人。"})
    if row.campaign and not row.campaign.first_day <= row.day <= row.campaign.last_day:
        raise ValidationError(
            {"day": f"“{row.campaign}”是 {row.campaign.first_day} 至 {row.campaign.last_day}，请核对日期或主题活动。"}
        )
    _made(row, user)
    _save(row, changes, "outreach.event", row.unit_id)
    _attach(row, user, photos, "活动照片")
    return row


@transaction.atomic
def save_channel(
    row: ChannelCount, user: User, values: Mapping[str, Any], evidence: Sequence[Stored] = ()
) -> ChannelCount:
    """Enter a month's count of a channel, or put it right; evidence is added. Raises like `save_event`."""
    _admit(row, user)
    changes = _set(row, _CHANNEL, {**values, "month": values["month"].replace(day=1)})
    _may_use(user, row.unit_id, "unit")
    _past(row.month, "month")
    _known("channels", row.channel, row.month, "channel")
    same = ChannelCount.objects.filter(unit=row.unit_id, channel=row.channel, month=row.month).exclude(pk=row.pk)
    if same.exists():
        raise ValidationError({"month": "本单位这个渠道这个月已经登记过，请修改原来的那一条。"})
    _made(row, user)
    _save(row, changes, "outreach.channel", row.unit_id)
    _attach(row, user, evidence, "佐证")
    return row


@transaction.atomic
def save_pilot(row: Pilot, user: User, values: Mapping[str, Any]) -> Pilot:
    """Enter a technology on trial, or what became of it. Raises like `save_event`."""
    _admit(row, user)
    changes = _set(row, _PILOT, values)
    _may_use(user, row.owner_id, "owner")
    _past(row.started_on, "started_on")
    if (row.stage == Pilot.Stage.ENDED) != (row.ended_on is not None):
        raise ValidationError({"ended_on": "“已停用”须填停用日期，其他阶段不填。"})
    if row.ended_on and row.ended_on < row.started_on:
        raise ValidationError({"ended_on": "停用日期不能早于开始日期。"})
    _made(row, user)
    return _save(row, changes, "outreach.pilot", row.owner_id)


def _admit(row: Model, user: User) -> None:
    access.require(user, "outreach.publish")
    if row.pk:
        access.check(user, type(row), row.pk, "outreach.publish")


def _may_use(user: User, unit: int, field: str) -> None:
    if not units(user, "outreach.publish").filter(pk=unit).exists():
        raise ValidationError({field: "您不能代这个单位登记，请选择本单位。"})


def _past(day: Any, field: str) -> None:
    if day > today():
        raise ValidationError({field: "日期不能晚于今天，请在活动之后登记。"})


def _known(kinds: str, code: str, day: Any, field: str) -> None:
    if not holds(kinds, code, day):
        raise ValidationError({field: f"这一项在 {day} 没有列入地区包，请选择列出的项，或在 outreach.yaml 中补充。"})


def _made(row: Any, user: User) -> None:
    if not row.pk:
        row.made_by, row.made_at = user, now()


def _set(row: Model, columns: Sequence[str], values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set the columns that are given; what changed, for the ledger."""
    changes = {}
    for name in columns:
        if name not in values:
            continue
        value = Party.objects.get(pk=values[name].pk) if name in {"unit", "owner"} else values[name]
        old = getattr(row, name, None) if row.pk else None
        if old != value:
            changes[name] = (old if old is None else str(old), None if value is None else str(value))
            setattr(row, name, value)
    return changes


def _save(row: M, changes: Mapping[str, tuple[Any, Any]], verb: str, owner: int) -> M:
    row.full_clean()
    row.save()
    if changes:
        record(verb, row, owner=owner, changes=changes)
    return row


def _attach(row: Model, user: User, uploads: Sequence[Stored], label: str) -> None:
    for upload in uploads:
        files.attach(row, upload, user=user, label=label)
