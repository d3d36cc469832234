"""Attaching files to objects."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model

from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.files.models import Attachment
from bianwang.platform.files.storage import Stored, forget, store
from bianwang.platform.ledger.services import record
from bianwang.platform.ratelimit import UPLOAD


def prepare(upload: UploadedFile[Any], user: User | None) -> Stored:
    """Check an upload and put it on disk, before any transaction. Raises ValidationError.

    Form fields of `files.forms` do it while they validate, so `attach` gets it ready.
    """
    if user is not None:
        UPLOAD.hit(user.pk)
    return store(upload)


@transaction.atomic
def attach(obj: Model, upload: Stored | UploadedFile[Any], *, user: User | None, label: str = "") -> Attachment:
    """Make a file part of an object. The calling service has checked that the user may change the object.

    `user` None is the platform itself. Raises ValidationError. A file that the object has already under this label
    is not added twice.
    """
    stored = upload if isinstance(upload, Stored) else prepare(upload, user)
    made, created = Attachment.objects.get_or_create(
        object_type=obj._meta.label_lower,
        object_id=obj.pk,
        label=label,
        digest=stored.digest,
        defaults={
            "needs": stored.needs,
            "name": stored.name,
            "media_type": stored.media_type,
            "size": stored.size,
            "taken_at": stored.taken_at,
            "longitude": stored.longitude,
            "latitude": stored.latitude,
            "owner_id": access.owner_of(obj),
            "added_by": user,
            "added_at": now(),
        },
    )
    if created:
        changes = {"object": (None, f"{obj._meta.verbose_name} {obj}"), "digest": (None, stored.digest)}
        record("files.add", made, owner=made.owner_id, changes=changes)
    return made


@transaction.atomic
def remove(attachment: Attachment, reason: str) -> None:
    """Delete a file of an object; its bytes too where no other object has the same. The ledger keeps its digest."""
    digest = attachment.digest
    changes = {"name": (attachment.name, None), "digest": (digest, None)}
    record("files.remove", attachment, owner=attachment.owner_id, changes=changes, reason=reason)
    attachment.delete()
    transaction.on_commit(lambda: None if Attachment.objects.filter(digest=digest).exists() else forget(digest))
