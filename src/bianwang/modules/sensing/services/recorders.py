"""Recorders of GB/T 28181: their password, their presence, the cameras of their catalog, the alarms they report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.sensing import camera_signals, channel_signals
from bianwang.modules.sensing.models import Camera, Recorder, Signal, SignalEvent
from bianwang.modules.sensing.services.register import bump, change, register
from bianwang.platform import crypto
from bianwang.platform.clock import from_ms, now, now_ms
from bianwang.platform.ledger.services import record

ALARM_MS = 60_000
"""How long an alarm holds after its last notice: the standard has no notice of its end."""
_OLDEST_MS = 300_000
"""A device clock that is farther off than this is not believed."""
_PIECE = 100
_GONE = "录像机目录中已没有这个通道"


def set_recorder_password(recorder: Recorder, password: str) -> None:
    """Seal the password with which the recorder registers. Raises ValidationError."""
    if not re.fullmatch(r"[!-~]{8,32}", password):
        raise ValidationError({"password": "注册密码须为 8 至 32 位英文字母、数字或符号，不含空格。"})
    with transaction.atomic():
        recorder.secret = crypto.seal(password.encode())
        recorder.save(update_fields=["secret"])
        record("sensing.recorder_password", recorder, owner=recorder.owner_id, changes={"set_at": (None, now())})
        bump("sensing")


class RecorderChange(NamedTuple):
    """How a recorder is at a moment in ms: one of `Recorder.Presence`, heard when, from which address."""

    recorder: int
    presence: str
    at_ms: int
    heard_ms: int
    address: str


def record_recorders(changes: Iterable[RecorderChange]) -> None:
    """Write presence in bulk; the latest of each wins. Not ledgered, idempotent, bounded transactions."""
    last = list({change.recorder: change for change in changes}.values())
    for start in range(0, len(last), _PIECE):
        rows = [
            Recorder(
                pk=each.recorder,
                presence=each.presence,
                presence_at=from_ms(each.at_ms),
                last_seen_at=from_ms(each.heard_ms),
                address=each.address[:64],
            )
            for each in last[start : start + _PIECE]
        ]
        Recorder.objects.bulk_update(rows, ["presence", "presence_at", "last_seen_at", "address"])


@dataclass(frozen=True)
class Channel:
    """A channel with a picture, as a recorder's catalog names it."""

    code: str
    name: str


@dataclass(frozen=True)
class CatalogTaken:
    """What a catalog brought: cameras registered, known before, and not in it any more."""

    new: int
    known: int
    gone: int


def take_catalog(recorder: Recorder, channels: Sequence[Channel], *, is_complete: bool) -> CatalogTaken:
    """Register the channels that are new as cameras of the recorder's owner; names of known ones stay as they are.

    What a complete catalog lacks is marked and never deleted. A camera of the owner with the code of a channel and
    no recorder becomes that channel. One transaction a camera.
    """
    told = {channel.code: channel for channel in channels}
    known = {row.gb_code: row for row in recorder.cameras.all()}
    new = [channel for code, channel in told.items() if code not in known]
    channel_signals.ensure(recorder)
    for channel in new:
        _add(recorder, channel)
    back = [row.pk for code, row in known.items() if code in told and row.presence_detail == _GONE]
    _mark(back, Camera.Presence.NEVER, "")
    gone = [row.pk for code, row in known.items() if code not in told] if is_complete else []
    _mark(gone, Camera.Presence.OFFLINE, _GONE)
    return CatalogTaken(len(new), len(told) - len(new), len(gone))


def take_alarm(recorder: Recorder, device: str, at_ms: int | None, *, is_fault: bool = False) -> None:
    """An alarm of a channel, or of anything else that hangs on the recorder, at a moment (UTC) of its clock.

    The signal is 1 now, and 0 when no alarm has come for a while, whatever happens to us meanwhile. A channel's fault
    is `video_ok` 0 instead; the next pictures say when it is over.
    """
    camera = recorder.cameras.filter(gb_code=device).first()
    with transaction.atomic():
        if is_fault and camera is not None:
            signal = camera_signals.ensure(camera)[camera_signals.name(camera.pk, camera_signals.OK)]
            SignalEvent.objects.create(signal=signal, time_ms=_moment(signal, at_ms), value=0.0)
            return
        signal = channel_signals.ensure(camera or recorder)
        at_ms = _moment(signal, at_ms)
        signal.events.filter(delivered_at=None, time_ms__gt=at_ms).delete()
        for moment, value in ((at_ms, 1.0), (at_ms + ALARM_MS, 0.0)):
            SignalEvent.objects.create(signal=signal, time_ms=moment, value=value)


def _moment(signal: Signal, at_ms: int | None) -> int:
    """When it happened, by the device's clock where that can be believed, and after what was sent already."""
    present = now_ms()
    if at_ms is None or not present - _OLDEST_MS <= at_ms <= present:
        at_ms = present
    last = signal.events.filter(time_ms__lte=present).order_by("-time_ms").first()
    return at_ms if last is None else max(at_ms, last.time_ms + 1)


def _add(recorder: Recorder, channel: Channel) -> None:
    with transaction.atomic():
        found = Camera.objects.filter(owner=recorder.owner_id, gb_code=channel.code, recorder=None).first()
        if found is not None:
            found.recorder = recorder
            change(found)
        else:
            name = _free_name(recorder, channel)
            found = Camera(owner=recorder.owner, recorder=recorder, gb_code=channel.code, name=name)
            register(found)
        channel_signals.ensure(found)


def _free_name(recorder: Recorder, channel: Channel) -> str:
    """The channel's name; with its code where the owner has a camera of that name already."""
    name = " ".join(channel.name.split())[:60] or channel.code
    if Camera.objects.filter(owner=recorder.owner_id, name=name).exists():
        return f"{name[:38]}（{channel.code}）"
    return name


def _mark(cameras: list[int], presence: str, detail: str) -> None:
    for start in range(0, len(cameras), _PIECE):
        rows = Camera.objects.filter(pk__in=cameras[start : start + _PIECE])
        rows.exclude(presence_detail=detail).update(presence=presence, presence_at=now(), presence_detail=detail)
