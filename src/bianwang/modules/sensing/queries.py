"""Reads of the device register for other modules and for the intake."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path

import msgspec
import numpy as np
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet

from bianwang.modules.sensing import settings, watching
from bianwang.modules.sensing.models import Camera, Device, Revision, Signal
from bianwang.modules.sensing.telemetry import client
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.ui.search import LIMIT, Hit

log = logging.getLogger(__name__)

Point = tuple[int, float | None, float | None, float | None]
"""(time in ms, value, lowest, highest) of a reading or a bucket; None where the reading is bad."""

UNWELL_CAMERAS = ("offline", "frozen", "black", "blurred", "moved")
_RAW_MS = 2 * 3_600_000
_BUCKETS_MS = (60_000, 3_600_000, 86_400_000)
_DRAWN = 2_000


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
    for pk, device, name, scale, offset in rows.values_list("pk", "device_id", "name", "scale", "offset").iterator():
        signals.setdefault(device, {})[name] = (pk, scale, offset)
    devices = list(Device.objects.filter(is_enabled=True).order_by())
    children = _children(devices)
    made = (_config(device, signals.get(device.pk, {}), children.get(device.pk, {})) for device in devices)
    return [config for config in made if config is not None]


def signal_owners() -> dict[int, int]:
    """Whose each signal in use is, those of no device too; one query."""
    rows = Signal.objects.filter(is_enabled=True).order_by()
    return dict(rows.values_list("pk", "owner_id").iterator(chunk_size=10_000))


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


def count_unwell(user: User) -> int:
    """Devices in use that should be online and are not, or whose clock is wrong."""
    counts = presence_counts(user)
    return sum(counts.get(state, 0) for state in ("offline", "silent", "clock_fault"))


def count_unwell_cameras(user: User) -> int:
    """Cameras in use whose picture is missing or cannot be judged."""
    rows = access.visible(user, Camera).filter(is_enabled=True)
    return rows.filter(presence__in=UNWELL_CAMERAS).count()


def search(user: User, text: str) -> list[Hit]:
    """Devices by name or key."""
    if not access.can(user, "sensing.view"):
        return []
    match = Q(name__icontains=text) | Q(key__istartswith=text)
    rows = access.visible(user, Device, "sensing.view").filter(match).select_related("owner")[:LIMIT]
    return [Hit(row.name, f"{row.key} · {row.owner}", row.get_absolute_url()) for row in rows]


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


@dataclass(frozen=True, slots=True)
class Latest:
    """A signal's newest reading: time in ms, value in the signal's unit, quality 0 good, 1 suspect, 2 bad."""

    time: int
    value: float
    quality: int


def latest(user: User, signals: Iterable[int]) -> dict[int, Latest]:
    """Newest readings of those signals that the user may see. Raises TelemetryError."""
    wanted = [signal.pk for signal in signals_of(user, signals)]
    if not wanted:
        return {}
    rows = client().latest(wanted)
    columns = zip(rows["signal"], rows["time"], rows["value"], rows["quality"], strict=True)
    return {int(pk): Latest(int(time), float(value), int(quality)) for pk, time, value, quality in columns}


def series(user: User, signal: Signal, start_ms: int, end_ms: int) -> list[Point]:
    """Readings of [start_ms, end_ms), or buckets of them where there would be too many to draw.

    Raises PermissionDenied and Http404 as the access door does, TelemetryError while intake does not run.
    """
    access.check(user, Signal, signal.pk, "sensing.view")
    bucket = next((size for size in _BUCKETS_MS if (end_ms - start_ms) / size <= _DRAWN), _BUCKETS_MS[-1])
    if end_ms - start_ms <= _RAW_MS:
        rows = client().series([signal.pk], start_ms, end_ms)
        values = np.where(rows["quality"] < 2, rows["value"], np.nan)
        return [_point(time, value, value, value) for time, value in zip(rows["time"], values, strict=True)]
    rows = client().series([signal.pk], start_ms, end_ms, bucket)
    columns = zip(rows["time"], rows["avg"], rows["min"], rows["max"], strict=True)
    return [_point(*row) for row in columns]


def _point(time: int, value: float, low: float, high: float) -> Point:
    if not isfinite(value):
        return (int(time), None, None, None)
    return (int(time), float(value), float(low), float(high))


def may_tell_people(user: User | AnonymousUser, camera: Camera) -> bool:
    """Whether the user may see pictures of this camera in which people can be told."""
    return access.visible(user, Camera, watching.FACES).filter(pk=camera.pk).exists()


def picture_of(user: User | AnonymousUser, camera: Camera) -> Path:
    """The newest picture of a camera as the user may see it; there may be none. He has reached the camera."""
    name = watching.PICTURE if may_tell_people(user, camera) else watching.HIDDEN
    return watching.folder(camera.pk) / name
