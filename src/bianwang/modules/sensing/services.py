"""The only writer of devices, cameras and signals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F

from bianwang.modules.sensing import settings
from bianwang.modules.sensing.credentials import digest, new_secret
from bianwang.modules.sensing.models import Camera, Device, Refusal, Revision, Signal
from bianwang.platform.clock import SHANGHAI, from_ms, now
from bianwang.platform.ledger.services import Changes, record

Registered = Device | Camera | Signal

# Settings hold device passwords, stream addresses hold user:password@.
_SECRET = frozenset({"settings", "stream", "substream", "secret"})
_UNLEDGERED = frozenset(
    {
        "presence",
        "presence_at",
        "presence_detail",
        "last_seen_at",
        "last_picture_at",
        "address",
        "password_digest",
        "token_digest",
    }
)
_FIXED = {"owner": "所属单位", "key": "设备标识", "device": "设备"}
_WITHOUT_IDENTITY = {Device.Protocol.HJ212, Device.Protocol.GB26875, Device.Protocol.SL651}
_PIECE = 100
"""Rows of one transaction of a bulk writer: some 50 ms on SQLite."""


def bump(code: str) -> None:
    """Tell the intake that configuration `code` (`sensing`, `rules`) changed. In the caller's transaction."""
    rows = Revision.objects.filter(code=code)
    if not rows.update(number=F("number") + 1):
        Revision.objects.get_or_create(code=code)
        rows.update(number=F("number") + 1)


def register(row: Registered) -> None:
    """Save a new device, camera or signal. Raises ValidationError (Chinese, by field)."""
    _check(row)
    with transaction.atomic():
        row.save(force_insert=True)
        record(f"sensing.{_kind(row)}_create", row, owner=row.owner_id, changes=_created(row), secret=_SECRET)
        bump("sensing")


def change(row: Registered) -> bool:
    """Save a changed device, camera or signal; False if nothing differs. Raises ValidationError.

    Owner, device key and the device of a signal are fixed: stored readings and past alarms belong to them.
    """
    with transaction.atomic():
        old = type(row)._default_manager.select_for_update().get(pk=row.pk)
        changes = _differences(old, row)
        for name, title in _FIXED.items():
            if name in changes:
                raise ValidationError({name: f"{title}登记后不能修改，请停用后重新登记。"})
        if not changes:
            return False
        _check(row)
        row.save(update_fields=list(changes))
        record(f"sensing.{_kind(row)}_change", row, owner=row.owner_id, changes=changes, secret=_SECRET)
        bump("sensing")
    return True


def switch(row: Registered, enabled: bool, reason: str) -> None:
    """Take a row out of use, or back into use. Raises ValidationError without a reason."""
    if not reason.strip():
        raise ValidationError("请写明停用或启用的理由。")
    with transaction.atomic():
        changed = type(row)._default_manager.filter(pk=row.pk, is_enabled=not enabled).update(is_enabled=enabled)
        if not changed:
            return
        row.is_enabled = enabled
        verb = f"sensing.{_kind(row)}_{'enable' if enabled else 'disable'}"
        record(
            verb,
            row,
            owner=row.owner_id,
            changes={"is_enabled": (not enabled, enabled)},
            reason=reason.strip(),
        )
        bump("sensing")


def issue_token(device: Device) -> str:
    """A new token, which replaces the old one at once. The only moment that it can be read."""
    token = new_secret()
    _credential(device, {"token_digest": digest(token)}, "sensing.token_issue")
    return token


def revoke_token(device: Device) -> None:
    """The device can no longer connect with its token."""
    _credential(device, {"token_digest": None}, "sensing.token_revoke")


def issue_password(device: Device, username: str) -> str:
    """A new password for `username`, for devices that cannot send a token. Raises ValidationError."""
    username = username.strip()
    if not username:
        raise ValidationError({"username": "请填写账号。"})
    if Device.objects.filter(username=username).exclude(pk=device.pk).exists():
        raise ValidationError({"username": f"账号“{username}”已被其他设备使用，请换一个。"})
    password = new_secret()
    _credential(device, {"username": username, "password_digest": digest(password)}, "sensing.password_issue")
    return password


class PresenceChange(NamedTuple):
    """A device's new state, one of `Device.Presence`, at a moment in ms; `detail` says why in Chinese."""

    device: int
    presence: str
    at_ms: int
    detail: str = ""


def record_presence(changes: Iterable[PresenceChange]) -> None:
    """Write states of devices; the latest of each wins. Not ledgered, idempotent, bounded transactions."""
    last = {change.device: change for change in changes}
    rows = [
        Device(
            pk=change.device,
            presence=change.presence,
            presence_at=from_ms(change.at_ms),
            presence_detail=change.detail,
        )
        for change in last.values()
    ]
    _update_in_pieces(rows, ["presence", "presence_at", "presence_detail"])


def record_heard(heard: Mapping[int, int]) -> None:
    """Write when devices were last heard (device id -> ms). One that was never heard before is online."""
    _update_in_pieces([Device(pk=pk, last_seen_at=from_ms(ms)) for pk, ms in heard.items()], ["last_seen_at"])
    first = Device.objects.filter(presence=Device.Presence.NEVER, last_seen_at__isnull=False)
    first.update(presence=Device.Presence.ONLINE, presence_at=F("last_seen_at"))


@dataclass(frozen=True)
class RefusalCount:
    """Refusals since the last report; `key` is the device's, or the address of a stranger."""

    key: str
    reason: str
    count: int
    last_ms: int
    example: str = ""


def record_refusals(counts: Iterable[RefusalCount]) -> None:
    """Add refusals to the day's counters. Not ledgered."""
    counts = list(counts)
    devices = dict(Device.objects.filter(key__in={row.key for row in counts}).values_list("key", "pk"))
    for start in range(0, len(counts), _PIECE):
        with transaction.atomic():
            for row in counts[start : start + _PIECE]:
                _add_refusal(row, devices.get(row.key), from_ms(row.last_ms))


def _add_refusal(row: RefusalCount, device: int | None, at: datetime) -> None:
    day = at.astimezone(SHANGHAI).date()
    same = Refusal.objects.filter(key=row.key[:64], reason=row.reason, day=day)
    if not same.update(count=F("count") + row.count, example=row.example[:300], last_at=at):
        Refusal.objects.create(
            key=row.key[:64],
            device_id=device,
            day=day,
            reason=row.reason,
            count=row.count,
            example=row.example[:300],
            last_at=at,
        )


def _credential(device: Device, values: dict[str, Any], verb: str) -> None:
    with transaction.atomic():
        Device.objects.filter(pk=device.pk).update(**values)
        for name, value in values.items():
            setattr(device, name, value)
        record(verb, device, owner=device.owner_id, changes={"issued_at": (None, now())})
        bump("sensing")


def _update_in_pieces(rows: list[Device], fields: list[str]) -> None:
    for start in range(0, len(rows), _PIECE):
        Device.objects.bulk_update(rows[start : start + _PIECE], fields)


def _check(row: Registered) -> None:
    row.full_clean()
    if row.zone is not None and row.zone.owner_id != row.owner_id:
        raise ValidationError({"zone": f"区域“{row.zone}”不属于“{row.owner}”，请选择本单位的区域。"})
    if isinstance(row, Device):
        _check_device(row)
    if isinstance(row, Signal):
        _check_signal(row)


def _check_device(device: Device) -> None:
    if device.protocol in _WITHOUT_IDENTITY and not device.source_address:
        raise ValidationError(
            {"source_address": f"{device.get_protocol_display()} 报文不带身份，须登记设备的来源地址。"}
        )
    gateway = device.gateway
    if gateway is not None and not gateway.is_gateway:
        raise ValidationError({"gateway": f"“{gateway}”没有登记为网关，请先在该设备上勾选“网关”。"})
    if gateway is not None and gateway.owner_id != device.owner_id:
        raise ValidationError({"gateway": f"网关“{gateway}”不属于“{device.owner}”，网关与下挂设备须属同一单位。"})
    if gateway is not None and device.is_gateway:
        raise ValidationError({"gateway": "网关不能再挂在另一个网关之下。"})
    try:
        settings.read(device.protocol, device.settings)
    except ValueError as error:
        raise ValidationError({"settings": str(error)}) from error


def _check_signal(signal: Signal) -> None:
    if signal.device is not None and signal.device.owner_id != signal.owner_id:
        raise ValidationError({"device": f"设备“{signal.device}”不属于“{signal.owner}”。"})
    if signal.scale == 0:
        raise ValidationError({"scale": "系数不能为 0，否则所有读数都变成偏移值。"})
    if signal.low is not None and signal.high is not None and signal.low >= signal.high:
        raise ValidationError({"high": f"量程上限 {signal.high:g} 须大于下限 {signal.low:g}。"})


def _kind(row: Registered) -> str:
    return row._meta.model_name or ""


def _fields(row: Registered) -> list[models.Field[Any, Any]]:
    return [f for f in row._meta.concrete_fields if not f.primary_key and f.name not in _UNLEDGERED]


def _differences(old: Registered, new: Registered) -> dict[str, tuple[Any, Any]]:
    changed = [f for f in _fields(new) if getattr(old, f.attname) != getattr(new, f.attname)]
    return {f.name: (_plain(old, f.name), _plain(new, f.name)) for f in changed}


def _created(row: Registered) -> Changes:
    values = {f.name: _plain(row, f.name) for f in _fields(row)}
    return {name: (None, value) for name, value in values.items() if value not in (None, "")}


def _plain(row: Registered, name: str) -> Any:
    """What the ledger keeps: related objects by name."""
    value = getattr(row, name)
    return str(value) if isinstance(value, models.Model) else value
