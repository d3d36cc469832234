"""The newest picture of a camera, as its process keeps it, and the pictures of looks and suspicions."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.db.models import Model

from bianwang.modules.patrol.models import Look, Suspicion
from bianwang.modules.sensing import queries as sensing, watching
from bianwang.modules.sensing.models import Camera
from bianwang.modules.sensing.watching import FACES
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.files.models import Attachment
from bianwang.platform.files.storage import Stored

LABEL = "picture"
HIDDEN = "picture.hidden"
"""Label of a picture with heads hidden, for who may not tell people on those of `LABEL`."""
MOST = 5
"""Pictures kept with a look."""


def newest(user: User, camera: Camera) -> bytes | None:
    """The JPEG that the camera's process wrote last, as the user may see it; None where there is none."""
    return _read(sensing.picture_of(user, camera))


def newest_hidden(camera: Camera) -> bytes | None:
    """The same with heads hidden, whoever asks."""
    return _read(watching.folder(camera.pk) / watching.HIDDEN)


def shown(user: User, thing: Look | Suspicion) -> list[Attachment]:
    """The pictures of a look or a suspicion as the user may see them, the oldest first."""
    kept = of(thing)
    if access.visible(user, type(thing), FACES).filter(pk=thing.pk).exists():
        return kept
    return [picture for picture in kept if not picture.needs] or of(thing, HIDDEN)


def as_stored(picture: Attachment) -> Stored:
    """A picture for another object to have too."""
    row = picture
    return Stored(row.name, row.media_type, row.size, row.digest, row.taken_at, row.longitude, row.latitude, row.needs)


def of(thing: Model, label: str = LABEL) -> list[Attachment]:
    """The pictures of a look or a suspicion, the oldest first."""
    return of_all([thing], label).get(thing.pk, [])


def of_all(things: Iterable[Model], label: str = LABEL) -> dict[int, list[Attachment]]:
    """The pictures of several of one kind by their number, in one query."""
    rows = list(things)
    if not rows:
        return {}
    kept = Attachment.objects.filter(
        object_type=rows[0]._meta.label_lower, object_id__in=[row.pk for row in rows], label=label
    )
    found: dict[int, list[Attachment]] = {}
    for picture in kept.order_by("pk"):
        found.setdefault(picture.object_id, []).append(picture)
    return found


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
