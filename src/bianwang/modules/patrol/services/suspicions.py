"""The review queue: what is suspected comes in, a person judges it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Q

from bianwang.modules.patrol import pictures
from bianwang.modules.patrol.models import Look, Suspicion
from bianwang.modules.patrol.shapes import Box
from bianwang.modules.sensing.models import Camera
from bianwang.modules.sensing.watching import FACES
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.files.services import attach
from bianwang.platform.files.storage import store
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.queries import limit
from bianwang.platform.workflow.table import Deadline

STEPS = {"confirmed": "confirm", "rejected": "reject", "unclear": "unclear"}
"""The step that leads to each judgement."""


def suspect(
    camera: Camera,
    kind: str,
    *,
    region: str,
    score: float,
    at: datetime,
    box: Sequence[float] | None,
    picture: bytes,
    hidden: bytes = b"",
    is_demo: bool = False,
) -> Suspicion:
    """Put what a model suspects into the review queue, or count it to the row that tells of the same.

    `box` is left, top, right, bottom in parts of the picture (0–1), None where there is none; `picture` is a JPEG,
    `hidden` the same with heads hidden, empty where nobody can say where heads are.
    The same in the same region within `patrol.merge` minutes is one row, also for as long after it was judged; once
    a camera has `patrol.suspicions_day` open rows of a kind in a day, all more of it counts to the newest of these.
    Never an alarm. Raises ValueError for a box outside the picture, ValidationError for no picture.
    """
    shape = Box(*box).text() if box is not None else ""
    again = _again(camera, kind, region, at)
    if again is not None:
        return _count(again, score, at)
    # Takes time (hashing, fsync), so it comes before the transaction.
    stored = replace(store(SimpleUploadedFile(f"{camera.pk}-{kind}.jpg", picture, "image/jpeg")), needs=FACES)
    told = store(SimpleUploadedFile(f"{camera.pk}-{kind} 打码.jpg", hidden, "image/jpeg")) if hidden else None
    made = Suspicion(
        camera=camera,
        owner_id=camera.owner_id,
        kind=kind,
        region=region,
        score=score,
        box=shape,
        first_at=at,
        last_at=at,
        is_demo=is_demo,
    )
    with transaction.atomic():
        workflow.start(made, verb="patrol.suspect", changes=_told(made), deadline=Deadline("patrol.judge"))
        if told is not None:
            attach(made, told, user=None, label=pictures.HIDDEN)
        attach(made, stored, user=None, label=pictures.LABEL)
        _match(made, at)
    return made


def judge(suspicion: Suspicion, user: User, verdict: str, reason: str) -> None:
    """A person says what it is: `confirmed`, `rejected` or `unclear`, and why.

    Raises PermissionDenied, Http404, Refused (no reason; one's own suspicion), Conflict.
    """
    step = STEPS.get(verdict)
    if step is None:
        raise Refused("请选择复核结论：属实、不属实或无法判断。")
    fields = {"judged_by": user, "judged_at": now(), "reason": reason.strip()[:300]}
    workflow.advance(suspicion, step, user, reason=reason, fields=fields)


def reopen(suspicion: Suspicion, user: User, reason: str) -> None:
    """Take a judgement back that was given by mistake; it waits for review again."""
    workflow.advance(
        suspicion, "reopen", user, reason=reason, fields={"judged_by": None, "judged_at": None, "reason": ""}
    )


def _again(camera: Camera, kind: str, region: str, at: datetime) -> Suspicion | None:
    """The row that already tells of it."""
    since = at - timedelta(minutes=float(limit("patrol.merge").value))
    rows = Suspicion.objects.filter(camera=camera, kind=kind, origin=Suspicion.Origin.MODEL).order_by("-last_at", "-pk")
    going_on = Q(state="open", last_at__gte=since) | Q(judged_at__gte=since)
    same = rows.filter(going_on, region=region).first()
    if same is not None:
        return same
    midnight = datetime.combine(at.astimezone(SHANGHAI).date(), time(), SHANGHAI)
    waiting = rows.filter(state="open", first_at__gte=midnight)
    return waiting.first() if waiting.count() >= int(limit("patrol.suspicions_day").value) else None


@transaction.atomic
def _count(row: Suspicion, score: float, at: datetime) -> Suspicion:
    fresh = Suspicion.objects.select_for_update().get(pk=row.pk)
    fresh.last_at, fresh.times = max(fresh.last_at, at), fresh.times + 1
    fresh.score = max(fresh.score or 0.0, score)
    fresh.save(update_fields=["last_at", "times", "score"])
    _match(fresh, at)
    return fresh


def _match(row: Suspicion, at: datetime) -> None:
    """Tell the looks of people at this camera in these minutes; what they saw is compared with it."""
    around = timedelta(minutes=float(limit("patrol.match").value))
    looks = Look.objects.filter(camera=row.camera_id, at__range=(at - around, at + around), suggested__isnull=True)
    looks.update(suggested=row)


def _told(row: Suspicion) -> dict[str, tuple[None, object]]:
    told = {"kind": row.get_kind_display(), "region": row.region, "score": row.score, "first_at": row.first_at}
    return {name: (None, value) for name, value in told.items() if value not in ("", None)}
