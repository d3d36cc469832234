"""Writing the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import Model

from bianwang.platform.clock import now
from bianwang.platform.crypto import hmac_sm3, ledger_key
from bianwang.platform.ledger.context import current
from bianwang.platform.ledger.models import Entry
from bianwang.platform.places.models import Party

Changes = Mapping[str, tuple[Any, Any]]


def record(
    verb: str,
    subject: Model,
    *,
    owner: Party | int | None,
    changes: Changes | None = None,
    reason: str = "",
    secret: frozenset[str] = frozenset(),
) -> Entry:
    """Append one row in the caller's transaction.

    `owner` is the party in whose scope the row lies (None: bureau-internal). Fields named in `secret`
    leave a keyed digest instead of their values. Raises ImproperlyConfigured outside a transaction: a
    change and its row must stand or fall together.
    """
    if not connection.in_atomic_block:
        raise ImproperlyConfigured(f"ledger.record({verb!r}) outside transaction.atomic()")
    entry = draft(verb, subject, owner=owner, changes=changes, reason=reason, secret=secret)
    entry.save(force_insert=True)
    return entry


def draft(
    verb: str,
    subject: Model,
    *,
    owner: Party | int | None,
    changes: Changes | None = None,
    reason: str = "",
    secret: frozenset[str] = frozenset(),
) -> Entry:
    """The row as `record` would write it, for writers that insert many at once with `bulk_create`."""
    actor = current()
    return Entry(
        at=now(),
        verb=verb,
        actor=actor.user,
        actor_name=actor.name,
        origin=actor.origin,
        operation=actor.operation,
        object_type=subject._meta.label_lower,
        object_id=subject.pk,
        object_label=str(subject)[:200],
        owner_id=owner.pk if isinstance(owner, Party) else owner,
        reason=reason,
        changes=canonical(changes or {}, secret),
    )


def canonical(changes: Changes, secret: frozenset[str] = frozenset()) -> str:
    """Sorted JSON of before/after pairs, with secret values digested."""
    plain = {name: [_digest(v) if name in secret else v for v in pair] for name, pair in changes.items()}
    return orjson.dumps(plain, default=str, option=orjson.OPT_SORT_KEYS).decode()


def _digest(value: Any) -> str | None:
    if value in (None, ""):
        return None
    return "sm3:" + hmac_sm3(ledger_key(), str(value).encode()).hex()[:16]
