"""What cameras saw of an alarm: attached when it has been recorded, deleted when its time is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from bianwang.modules.alarms.models import Alarm
from bianwang.platform.clock import SHANGHAI, from_ms, now, today
from bianwang.platform.files.models import Attachment
from bianwang.platform.files.services import attach, remove
from bianwang.platform.files.storage import store
from bianwang.platform.jobs.services import each
from bianwang.platform.workflow.queries import limit

FACES = "alarms.faces"
"""The permission to see pictures in which people can be told."""
_PREFIX = "camera."
_LIMIT_MB = 200
_AT_ONCE = 200


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
    files = [(store(SimpleUploadedFile(name, content), _LIMIT_MB), needs) for name, content, needs in made if content]
    with transaction.atomic():
        for stored, needs in files:
            attach(alarm, stored, user=None, label=label(seen.camera), needs=needs)


def forget_evidence() -> None:
    """Delete what cameras saw of alarms that nobody found genuine, once it is old enough (`alarms.evidence`)."""
    days = int(limit("alarms.evidence", on=today()).value)
    old = Attachment.objects.filter(
        object_type=Alarm._meta.label_lower, label__startswith=_PREFIX, added_at__lt=now() - timedelta(days=days)
    )
    genuine = Alarm.objects.filter(verdict=Alarm.Verdict.GENUINE).values("pk")
    rows = list(old.exclude(object_id__in=genuine).order_by("added_at")[:_AT_ONCE])
    each(rows, lambda row: remove(row, f"告警录像保存满 {days} 日"))
