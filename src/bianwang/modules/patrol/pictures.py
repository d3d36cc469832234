"""The newest picture of a camera, as its process keeps it, and the pictures of looks and suspicions."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model

from bianwang.modules.sensing import watching
from bianwang.modules.sensing.models import Camera
from bianwang.platform.files.models import Attachment

LABEL = "picture"
MOST = 5
"""Pictures kept with a look."""


def newest(camera: Camera) -> bytes | None:
    """The JPEG that the camera's process wrote last; None where there is none."""
    try:
        return (watching.folder(camera.pk) / watching.PICTURE).read_bytes()
    except FileNotFoundError:
        return None


def of(thing: Model) -> list[Attachment]:
    """The pictures of a look or a suspicion, the oldest first."""
    return of_all([thing]).get(thing.pk, [])


def of_all(things: Iterable[Model]) -> dict[int, list[Attachment]]:
    """The pictures of several of one kind by their number, in one query."""
    rows = list(things)
    if not rows:
        return {}
    kept = Attachment.objects.filter(
        object_type=rows[0]._meta.label_lower, object_id__in=[row.pk for row in rows], label=LABEL
    )
    found: dict[int, list[Attachment]] = {}
    for picture in kept.order_by("pk"):
        found.setdefault(picture.object_id, []).append(picture)
    return found
