"""Reads of the device register for other modules and for the intake."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec
from django.db.models import Count, QuerySet

from bianwang.modules.sensing import settings
from bianwang.modules.sensing.models import Device, Revision, Signal
from bianwang.platform import access
from bianwang.platform.accounts.models import User

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeviceConfig:
    """A device as the intake must know it. Digests are raw bytes; durations as in `Device`.

    `signals`: name as sent -> (id, scale, offset). `children` of a gateway: name that the gateway uses (the
    child's key or its name) -> id of the child.
    """

    id: int
    key: str
    owner: int
    protocol: str
    signals: Mapping[str, tuple[int, float, float]]
    period_s: int
    lateness_ms: int
    token_sm3: bytes | None
    username: str | None
    password_sm3: bytes | None
    source_address: str | None
    settings: msgspec.Struct
    is_demo: bool
    children: Mapping[str, int] = field(default_factory=dict)


def directory() -> list[DeviceConfig]:
    """All devices in use with their signals in use, in two queries; unusable settings are logged."""
    signals: dict[int, dict[str, tuple[int, float, float]]] = {}
    rows = Signal.objects.filter(is_enabled=True, device__isnull=False).order_by()
    for pk, device, name, scale, offset in rows.values_list(
        "pk", "device_id", "name", "scale", "offset"
    ).iterator():
        signals.setdefault(device, {})[name] = (pk, scale, offset)
    devices = list(Device.objects.filter(is_enabled=True).order_by())
    children = _children(devices)
    made = (_config(device, signals.get(device.pk, {}), children.get(device.pk, {})) for device in devices)
    return [config for config in made if config is not None]


def revisions() -> dict[str, int]:
    """How often each part of the configuration changed; a number that grew says what to reload."""
    return dict(Revision.objects.values_list("code", "number"))


def signals_of(user: User, ids: Iterable[int]) -> QuerySet[Signal]:
    """Those of the signals that the user may see."""
    return access.visible(user, Signal).filter(pk__in=list(ids))


def presence_counts(user: User) -> dict[str, int]:
    """Devices in use in the user's scope by presence; states without devices are left out."""
    rows = access.visible(user, Device).filter(is_enabled=True).order_by()
    return dict(rows.values_list("presence").annotate(Count("pk")))


def _children(devices: list[Device]) -> dict[int, dict[str, int]]:
    children: dict[int, dict[str, int]] = {}
    # Keys win over names: they are unique.
    for device in devices:
        if device.gateway_id:
            children.setdefault(device.gateway_id, {})[device.name] = device.pk
    for device in devices:
        if device.gateway_id:
            children[device.gateway_id][device.key] = device.pk
    return children


def _config(
    device: Device, signals: Mapping[str, tuple[int, float, float]], children: Mapping[str, int]
) -> DeviceConfig | None:
    try:
        parsed = settings.read(device.protocol, device.settings)
    except ValueError as error:
        log.warning("设备 %s 未接入：%s", device.key, error)
        return None
    return DeviceConfig(
        id=device.pk,
        key=device.key,
        owner=device.owner_id,
        protocol=device.protocol,
        signals=signals,
        period_s=device.period_s,
        lateness_ms=device.lateness_ms,
        token_sm3=bytes.fromhex(device.token_digest) if device.token_digest else None,
        username=device.username or None,
        password_sm3=bytes.fromhex(device.password_digest) if device.password_digest else None,
        source_address=device.source_address,
        settings=parsed,
        is_demo=device.is_demo,
        children=children,
    )
