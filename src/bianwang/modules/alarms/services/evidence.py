"""What cameras saw of an alarm: attached when it has been recorded, deleted when its time is over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import PurePath

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Exists, OuterRef

from bianwang.modules.alarms.models import Alarm
from bianwang.modules.sensing.watching import FACES
from bianwang.platform.clock import SHANGHAI, from_ms, now, now_ms, today
from bianwang.platform.files.inspect import MP4
from bianwang.platform.files.models import Attachment
from bianwang.platform.files.services import attach, remove
from bianwang.platform.files.storage import store
from bianwang.platform.jobs.services import each
from bianwang.platform.workflow.queries import limit

_PREFIX = "camera."
_LIMIT_MB = 200
_AT_ONCE = 200
_COPIED_MS = 24 * 3600 * 1000
"""A clip of an alarm that is older stays without a copy: it could not be made in a day."""


@dataclass(frozen=True)
class Evidence:
    """Of one camera: the moment of the picture in ms, its JPEG as it is and with heads hidden, and an MP4.

    `hidden` is empty where nobody can say where heads are, `clip` where nothing was recorded.
    """

    camera: int
    name: str
    at_ms: int
    picture: bytes
    hidden: bytes
    clip: bytes


def label(camera: int) -> str:
    """Under which all evidence of a camera is attached to an alarm."""
    return f"{_PREFIX}{camera}"


def attach_evidence(alarm: Alarm, seen: Evidence) -> None:
    """Make what a camera saw part of an alarm; the ledger keeps the SM3 of each file. The same is attached once."""
    moment = f"{from_ms(seen.at_ms).astimezone(SHANGHAI):%m-%d %H.%M.%S}"
    made = (
        (f"{seen.name} {moment} 打码.jpg", seen.hidden, ""),
        (f"{seen.name} {moment}.jpg", seen.picture, FACES),
        (f"{seen.name} {moment}.mp4", seen.clip, FACES),
    )
    # Hashing and writing take time: before the transaction.
    files = [
        replace(store(SimpleUploadedFile(name, content), _LIMIT_MB), needs=needs)
        for name, content, needs in made
        if content
    ]
    with transaction.atomic():
        for stored in files:
            attach(alarm, stored, user=None, label=label(seen.camera))


def clips_to_copy(cameras: Collection[int]) -> list[Attachment]:
    """Clips of these cameras, attached to alarms of the last day, of which there is no copy with hidden heads yet;
    the newest first."""
    recent = Alarm.objects.filter(started_ms__gte=now_ms() - _COPIED_MS).values("pk")
    clips = Attachment.objects.filter(
        object_type=Alarm._meta.label_lower,
        object_id__in=recent,
        label__in=[label(camera) for camera in cameras],
        media_type=MP4,
    )
    same = clips.filter(object_id=OuterRef("object_id"), label=OuterRef("label"), needs="")
    return list(clips.filter(~Exists(same), needs=FACES).order_by("-pk"))


def attach_copy(clip: Attachment, content: bytes) -> None:
    """Make the copy of a clip with hidden heads, an MP4, part of its alarm, unless the clip is gone by now."""
    name = f"{PurePath(clip.name).stem} 打码副本.mp4"
    stored = store(SimpleUploadedFile(name, content), _LIMIT_MB)
    with transaction.atomic():
        if Attachment.objects.filter(pk=clip.pk).exists():
            attach(Alarm.objects.get(pk=clip.object_id), stored, user=None, label=clip.label)


def forget_evidence() -> None:
    """Delete what cameras saw of alarms that nobody found genuine, once it is old enough (`alarms.evidence`)."""
    days = int(limit("alarms.evidence", on=today()).value)
    old = Attachment.objects.filter(
        object_type=Alarm._meta.label_lower, label__startswith=_PREFIX, added_at__lt=now() - timedelta(days=days)
    )
    genuine = Alarm.objects.filter(verdict=Alarm.Verdict.GENUINE).values("pk")
    rows = list(old.exclude(object_id__in=genuine).order_by("added_at")[:_AT_ONCE])
    each(rows, lambda row: remove(row, f"告警录像保存满 {days} 日"))
