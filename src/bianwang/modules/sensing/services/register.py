"""Devices, recorders, cameras and signals: registered, changed, switched off and on."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F

from bianwang.modules.sensing import settings, streams
from bianwang.modules.sensing.models import Camera, Device, Recorder, Revision, Signal
from bianwang.platform.ledger.services import Changes, record

Registered = Device | Recorder | Camera | Signal

# Settings hold device passwords, stream addresses hold user:password@.
_SECRET = frozenset({"settings", "stream", "substream"})
_UNLEDGERED = frozenset(
    {
        "presence",
        "presence_at",
        "presence_detail",
        "last_seen_at",
        "last_picture_at",
        "address",
        "password_digest",
        "secret",
        "token_digest",
    }
)
_FIXED = {"owner": "所属单位", "key": "设备标识", "device": "设备"}
_WITHOUT_IDENTITY = {Device.Protocol.HJ212, Device.Protocol.GB26875, Device.Protocol.SL651}

SAMPLE_FPS = (0.1, 10.0)
"""Pictures a second that are looked at: fewer miss what happens, more tell nothing new."""


def bump(code: str) -> None:
    """Tell the intake that configuration `code` (`sensing`, `rules`) changed. In the caller's transaction."""
    rows = Revision.objects.filter(code=code)
    if not rows.update(number=F("number") + 1):
        Revision.objects.get_or_create(code=code)
        rows.update(number=F("number") + 1)


def register(row: Registered) -> None:
    """Save a new device, recorder, camera or signal. Raises ValidationError (Chinese, by field)."""
    _check(row)
    with transaction.atomic():
        row.save(force_insert=True)
        record(f"sensing.{_kind(row)}_create", row, owner=row.owner_id, changes=_created(row), secret=_SECRET)
        bump("sensing")


def change(row: Registered) -> bool:
    """Save a changed device, recorder, camera or signal; False if nothing differs. Raises ValidationError.

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


def _check(row: Registered) -> None:
    row.full_clean()
    zone = None if isinstance(row, Recorder) else row.zone
    if zone is not None and zone.owner_id != row.owner_id:
        raise ValidationError({"zone": f"区域“{zone}”不属于“{row.owner}”，请选择本单位的区域。"})
    if isinstance(row, Device):
        _check_device(row)
    if isinstance(row, Signal):
        _check_signal(row)
    if isinstance(row, Camera):
        _check_camera(row)


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


def _check_camera(camera: Camera) -> None:
    for name, address in (("stream", camera.stream), ("substream", camera.substream)):
        try:
            if address:
                streams.check(address)
        except ValueError as error:
            raise ValidationError({name: str(error)}) from error
    if unknown := set(filter(None, camera.suspects.split(","))) - set(Camera.Suspect.values):
        raise ValidationError({"suspects": f"没有“{min(unknown)}”这种疑似情形，请重新选择。"})
    low, high = SAMPLE_FPS
    if not low <= camera.sample_fps <= high:
        raise ValidationError({"sample_fps": f"采样帧率须在 {low:g} 至 {high:g} 帧/秒之间，一般为 2。"})


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
