"""Reading the ledger: an object's history, and entries as lines for an auditor's own systems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import orjson
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet

from bianwang.platform.clock import SHANGHAI
from bianwang.platform.ledger.models import Entry, Parked
from bianwang.platform.registry import manifests

# RFC 5424: facility 13 (log audit), severity 5 (notice).
_SYSLOG_PRIORITY = 13 * 8 + 5


@dataclass(frozen=True)
class Change:
    """One field before and after, in words."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Happening:
    """One line of an object's timeline."""

    at: datetime
    actor: str
    verb: str
    verb_name: str
    reason: str
    changes: tuple[Change, ...]
    entry_id: int


@lru_cache(maxsize=1)
def verb_names() -> Mapping[str, str]:
    """Every verb of the running instance and its Chinese text."""
    return MappingProxyType({verb: name for module in manifests() for verb, name in module.verbs.items()})


def verb_name(verb: str) -> str:
    """The Chinese text of a verb; of one whose module is switched off, the verb itself."""
    return verb_names().get(verb, verb)


def timeline(obj: Model, limit: int = 200) -> list[Happening]:
    """What happened to an object, the latest first. The object was reached through the access door."""
    rows = Entry.objects.filter(object_type=obj._meta.label_lower, object_id=obj.pk).order_by("-id")
    return [happening(entry) for entry in rows[:limit]]


def happening(entry: Entry) -> Happening:
    """One entry in words."""
    return Happening(
        at=entry.at,
        actor=entry.actor_name,
        verb=entry.verb,
        verb_name=verb_name(entry.verb),
        reason=entry.reason,
        changes=tuple(changes(entry)),
        entry_id=entry.pk,
    )


def changes(entry: Entry) -> Iterator[Change]:
    """Fields before and after, under the names that people read."""
    model = apps.all_models.get(entry.object_type.partition(".")[0], {}).get(entry.object_type.partition(".")[2])
    for name, pair in orjson.loads(entry.changes).items():
        before, after = pair if isinstance(pair, list) and len(pair) == 2 else (None, pair)
        yield Change(_field_name(model, name), _words(model, name, before), _words(model, name, after))


def parked() -> QuerySet[Parked]:
    """Entries that a subscription could not handle yet, for the page of the system's state."""
    return Parked.objects.select_related("entry").order_by("next_at")


def as_json(entry: Entry) -> bytes:
    """One line of JSON with everything that is sealed, and the seal."""
    return orjson.dumps(
        {
            "seq": entry.seq,
            "id": entry.pk,
            "at": entry.at.astimezone(SHANGHAI).isoformat(),
            "verb": entry.verb,
            "verb_name": verb_name(entry.verb),
            "actor_id": entry.actor_id,
            "actor": entry.actor_name,
            "origin": entry.origin,
            "object_type": entry.object_type,
            "object_id": entry.object_id,
            "object": entry.object_label,
            "owner_id": entry.owner_id,
            "operation": entry.operation,
            "reason": entry.reason,
            "changes": orjson.loads(entry.changes),
            "mac": entry.mac,
        }
    )


def as_syslog(entry: Entry, host: str) -> bytes:
    """One line in the format of RFC 5424, the entry itself as the message in UTF-8."""
    at = entry.at.astimezone(SHANGHAI).isoformat(timespec="milliseconds")
    return f"<{_SYSLOG_PRIORITY}>1 {at} {host} bianwang - {entry.verb[:32]} - \ufeff".encode() + as_json(entry)


def _field_name(model: type[Model] | None, name: str) -> str:
    field = _field(model, name)
    return str(getattr(field, "verbose_name", name)) if field is not None else name


def _words(model: type[Model] | None, name: str, value: Any) -> Any:
    """A choice by its words, a moment in local time, nothing as an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    choices = dict(getattr(_field(model, name), "flatchoices", None) or ())
    if value in choices:
        return str(choices[value])
    if isinstance(value, str) and len(value) >= 25 and value[10:11] == "T":
        return _local(value)
    return value


def _field(model: type[Model] | None, name: str) -> Any:
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _local(text: str) -> str:
    try:
        return datetime.fromisoformat(text).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return text
