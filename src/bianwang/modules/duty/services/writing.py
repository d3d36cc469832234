"""Small helpers of the writers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from bianwang.platform.access import owner_of
from bianwang.platform.ledger.services import record
from bianwang.platform.places.names import PinyinMixin

SECRET = frozenset({"phone"})
"""Columns of which the ledger keeps a digest only."""


def create(obj: Model, verb: str, **told: Any) -> None:
    """Save a new row that has no workflow and tell the ledger."""
    obj.save(force_insert=True)
    changes = {name: (None, value) for name, value in told.items()}
    record(verb, obj, owner=owner_of(obj), changes=changes, secret=SECRET)


def change(obj: Model, values: Mapping[str, Any], verb: str) -> None:
    """Set columns and tell the ledger which changed; where nothing did, nothing is told. Raises ValidationError."""
    changes = {name: (getattr(obj, name), value) for name, value in values.items() if getattr(obj, name) != value}
    if not changes:
        return
    for name, (_, value) in changes.items():
        setattr(obj, name, value)
    obj.full_clean()
    named = ("pinyin", "initials") if isinstance(obj, PinyinMixin) and "name" in changes else ()
    obj.save(update_fields=[*changes, *named])
    record(verb, obj, owner=owner_of(obj), changes=changes, secret=SECRET)
