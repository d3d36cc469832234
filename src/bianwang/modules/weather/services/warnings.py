"""Warnings come in: as a CAP file or typed in. The platform issues none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.duty import services as duty
from bianwang.modules.weather import cap, pack
from bianwang.modules.weather.models import WeatherWarning
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.services import record
from bianwang.platform.places.queries import bureau

_Kind = WeatherWarning.Kind


@transaction.atomic
def receive_cap(user: User | None, file: Any, *, is_demo: bool = False) -> WeatherWarning:
    """Take a warning out of an uploaded CAP file; the same message again is the same warning. `user` None: the folder.

    Raises PermissionDenied, ValidationError.
    """
    if user is not None:
        access.require(user, "weather.enter")
    try:
        data = file.read()
        alert = cap.read(data)
    except cap.CapError as error:
        raise ValidationError({"file": str(error)}) from error
    identifier = f"{alert.sender},{alert.identifier}"
    known = WeatherWarning.objects.filter(identifier=identifier).first()
    if known is not None:
        return known
    warning = WeatherWarning(
        **_columns(alert),
        identifier=identifier,
        way=WeatherWarning.Way.CAP,
        source=data.decode("utf-8", "replace"),
        received_by=user,
        is_demo=is_demo,
    )
    _save(warning, _referred(alert))
    return warning


@transaction.atomic
def type_in(
    user: User, values: Mapping[str, Any], refers: WeatherWarning | None = None, *, is_demo: bool = False
) -> WeatherWarning:
    """Enter a warning that came by telephone or on paper; `refers` is what it updates or cancels.

    Raises PermissionDenied, Http404 (access door), ValidationError.
    """
    access.require(user, "weather.enter")
    if refers is not None:
        refers = access.get(user, WeatherWarning, refers.pk, "weather.enter")
    warning = WeatherWarning(way=WeatherWarning.Way.TYPED, received_by=user, is_demo=is_demo, **values)
    warning.identifier = warning.identifier or None
    if pack.issuer_of(warning.issuer) is None:
        raise ValidationError({"issuer": "请选择地区包登记的气象台：预警只由气象台发布。"})
    if warning.identifier and WeatherWarning.objects.filter(identifier=warning.identifier).exists():
        raise ValidationError({"identifier": f"编号“{warning.identifier}”的预警已经接收过。"})
    if warning.message != _Kind.ALERT and refers is None:
        raise ValidationError({"refers": "更新和解除须选择针对哪一条预警。"})
    if warning.message == _Kind.ALERT and refers is not None:
        raise ValidationError({"refers": "新发布的预警不针对以前的预警；如是变更，请把类型改为更新。"})
    _save(warning, refers)
    return warning


def _columns(alert: cap.Alert) -> dict[str, Any]:
    issuer = pack.issuer_of(alert.sender, alert.sender_name)
    if issuer is None:
        name = alert.sender_name or alert.sender
        raise ValidationError({"file": f"发布单位“{name}”不是地区包登记的气象台，不接收。"})
    level = pack.level_of(alert.severity)
    if level is None:
        raise ValidationError({"file": f"CAP 文件的 severity“{alert.severity}”不认识，请系统管理员在地区包中补充。"})
    if not alert.areas:
        raise ValidationError({"file": "CAP 文件缺少 areaDesc（区域），请向发布单位索取完整的文件。"})
    instruction = f"\n防御指南：{alert.instruction}" if alert.instruction else ""
    return {
        "message": _Kind(alert.kind.lower()),
        "issuer": issuer.name,
        "kind": pack.kind_in(alert.event, alert.headline),
        "level": level.level,
        "headline": alert.headline[:200],
        "text": (alert.description or alert.headline) + instruction,
        "area": "、".join(alert.areas)[:500],
        "issued_at": alert.effective,
        "valid_until": alert.expires or alert.effective,
    }


def _referred(alert: cap.Alert) -> WeatherWarning | None:
    names = [f"{sender},{identifier}" for sender, identifier in alert.references]
    found = WeatherWarning.objects.filter(identifier__in=names).order_by("pk").last()
    if found is None and alert.kind == "Cancel":
        raise ValidationError({"file": "解除所针对的预警没有接收过，请先接收原预警，或改为人工录入。"})
    return found


def _save(warning: WeatherWarning, refers: WeatherWarning | None) -> None:
    """Save a message and end what it replaces, with the messages that were sent about it."""
    cancel = warning.message == _Kind.CANCEL
    if cancel:
        warning.valid_until = warning.issued_at
    elif warning.valid_until <= warning.issued_at:
        raise ValidationError({"valid_until": "有效期必须晚于发布时间。"})
    warning.owner, warning.received_at = bureau(), now()
    if refers is not None:
        warning.first = refers.first or refers
    warning.clean_fields()
    warning.save(force_insert=True)
    told = {"headline": (None, warning.headline), "issuer": (None, warning.issuer)}
    record("weather.receive", warning, owner=warning.owner_id, changes=told)
    if warning.first is not None:
        _end(warning.first, warning)


def _end(first: WeatherWarning, by: WeatherWarning) -> None:
    chain = [first, *first.later.exclude(pk=by.pk)]
    for row in (row for row in chain if row.ended_at is None):
        row.ended_at = by.issued_at
        row.save(update_fields=["ended_at"])
        record("weather.supersede", row, owner=row.owner_id, changes={"ended_at": (None, by.issued_at)})
        duty.close_about(row.get_absolute_url(), f"{by.get_message_display()}：{by.headline}"[:300])
