"""What happened to an object, from the ledger: who did what when, what changed, with which attachments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from bianwang.platform.files.models import Attachment
from bianwang.platform.ledger.models import Entry
from bianwang.platform.registry import verbs
from bianwang.platform.ui.cells import show
from bianwang.platform.workflow.models import WorkflowMixin

LIMIT = 300


@dataclass(frozen=True)
class Change:
    """One field before and after, in words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Event:
    """One line of the timeline."""

    at: datetime
    actor: str
    text: str
    reason: str = ""
    changes: list[Change] = field(default_factory=list)
    attachment: Attachment | None = None


def attachments(subject: Model) -> list[Attachment]:
    """Files of an object, oldest first."""
    rows = Attachment.objects.filter(object_type=subject._meta.label_lower, object_id=subject.pk)
    return list(rows.select_related("added_by").order_by("added_at"))


def timeline(subject: Model) -> list[Event]:
    """The object's events, newest first. The caller has reached the object through `access`."""
    rows = Entry.objects.filter(object_type=subject._meta.label_lower, object_id=subject.pk).order_by("-id")
    events = [event(entry) for entry in rows[:LIMIT]]
    events += [
        Event(file.added_at, file.added_by.name if file.added_by else "系统", "上传附件", attachment=file)
        for file in attachments(subject)
    ]
    return sorted(events, key=lambda item: item.at, reverse=True)


def event(entry: Entry) -> Event:
    """One ledger row in words."""
    text = verbs().get(entry.verb, entry.verb)
    return Event(entry.at, entry.actor_name, text, entry.reason, changes(entry))


def changes(entry: Entry) -> list[Change]:
    """The row's before and after, with Chinese field names; personal fields say only that they changed."""
    try:
        model: type[Model] | None = apps.get_model(entry.object_type)
    except LookupError:
        model = None
    return [
        Change(_field_name(model, name), _words(model, name, before), _words(model, name, after))
        for name, (before, after) in orjson.loads(entry.changes).items()
    ]


def _field_name(model: type[Model] | None, name: str) -> str:
    try:
        return str(getattr(model._meta.get_field(name), "verbose_name", name)) if model else name
    except FieldDoesNotExist:
        return name


def _words(model: type[Model] | None, name: str, value: Any) -> str:
    if isinstance(value, str) and value.startswith("sm3:"):
        return "（已隐去）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(str(item) for item in value) or "—"
    try:
        options = dict(getattr(model._meta.get_field(name), "flatchoices", ())) if model else {}
    except FieldDoesNotExist:
        options = {}
    if not options and name == "state" and model and issubclass(model, WorkflowMixin):
        options = dict(model.workflow.choices())
    if isinstance(value, str) and len(value) >= 19 and value[10:11] == "T":
        try:
            return show(datetime.fromisoformat(value))
        except ValueError:
            return value
    return str(options.get(value, show(value)))
