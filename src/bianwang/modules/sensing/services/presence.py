"""How devices and cameras are, and what was refused: written in bulk by intake and camera processes, no ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import F

from bianwang.modules.sensing.models import Camera, Device, Refusal
from bianwang.platform.clock import SHANGHAI, from_ms

_PIECE = 100
"""Rows of one transaction: some 50 ms on SQLite."""


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


class CameraChange(NamedTuple):
    """A camera's new state, one of `Camera.Presence`, at a moment in ms; `detail` says why in Chinese."""

    camera: int
    presence: str
    at_ms: int
    detail: str = ""


def record_cameras(changes: Iterable[CameraChange]) -> None:
    """Write states of cameras; the latest of each wins. Not ledgered, idempotent, bounded transactions."""
    last = {change.camera: change for change in changes}
    rows = [
        Camera(
            pk=change.camera,
            presence=change.presence,
            presence_at=from_ms(change.at_ms),
            presence_detail=change.detail[:120],
        )
        for change in last.values()
    ]
    for start in range(0, len(rows), _PIECE):
        Camera.objects.bulk_update(rows[start : start + _PIECE], ["presence", "presence_at", "presence_detail"])


def record_pictures(seen: Mapping[int, int]) -> None:
    """Write when the newest pictures of cameras were taken (camera id -> ms)."""
    rows = [Camera(pk=pk, last_picture_at=from_ms(ms)) for pk, ms in seen.items()]
    for start in range(0, len(rows), _PIECE):
        Camera.objects.bulk_update(rows[start : start + _PIECE], ["last_picture_at"])


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


def _update_in_pieces(rows: list[Device], fields: list[str]) -> None:
    for start in range(0, len(rows), _PIECE):
        Device.objects.bulk_update(rows[start : start + _PIECE], fields)
