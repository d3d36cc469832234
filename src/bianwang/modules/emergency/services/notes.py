"""Anybody on duty adds to an event's record; nobody changes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.emergency.editing import Stale, overtaken
from bianwang.modules.emergency.models import Event, Note
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.files.services import attach
from bianwang.platform.ledger.services import record
from bianwang.platform.workflow.errors import Refused


@transaction.atomic
def add_note(
    user: User,
    event: Event,
    kind: str,
    text: str,
    *,
    happened_at: datetime | None = None,
    place: str = "",
    corrects: Note | None = None,
    version: int | None = None,
    photos: Iterable[Any] = (),
    is_demo: bool = False,
) -> Note:
    """Add to the record; `version` is how many corrections of the corrected note the writer knew of.

    Raises PermissionDenied, Http404, Stale, ValidationError, Refused.
    """
    access.check(user, Event, event.pk, "emergency.note")
    if event.state in {"merged", "revoked"}:
        raise Refused(f"“{event}”{event.state_row.name}，请在主事件中记录。")
    moment = now()
    note = Note(
        event=event,
        kind=kind,
        happened_at=happened_at or moment,
        place=place.strip(),
        text=text.strip(),
        corrects=corrects,
        entered_by=user,
        entered_at=moment,
        is_demo=is_demo,
    )
    if note.happened_at > moment:
        raise ValidationError({"happened_at": "发生时间不能晚于现在。"})
    if corrects is not None and corrects.event_id != event.pk:
        raise ValidationError({"corrects": "只能更正本事件的记录。"})
    if corrects is not None and version is not None:
        _refuse_overtaken(corrects, note.text, version)
    note.clean_fields(exclude=["event", "entered_by", "corrects"])
    note.save(force_insert=True)
    for photo in photos:
        attach(note, photo, user=user, label="现场照片")
    record("emergency.note", note, owner=event.owner_id, changes={"text": (None, note.text)})
    return note


def _refuse_overtaken(corrected: Note, text: str, version: int) -> None:
    Note.objects.select_for_update().get(pk=corrected.pk)
    known = list(Note.objects.filter(corrects=corrected).order_by("pk"))
    if known and len(known) != version:
        raise Stale(overtaken(known[-1], {"text": text}, ("text",)), len(known))
