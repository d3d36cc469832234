"""Reading the ledger: verbs in words, and entries as lines for an auditor's own systems."""

from __future__ import annotations

import orjson
from django.db.models import QuerySet

from bianwang.platform.clock import SHANGHAI
from bianwang.platform.ledger.models import Entry, Parked
from bianwang.platform.registry import verbs

# RFC 5424: facility 13 (log audit), severity 5 (notice).
_SYSLOG_PRIORITY = 13 * 8 + 5


def verb_name(verb: str) -> str:
    """The Chinese text of a verb; of one that nobody declares any more, the verb itself."""
    return verbs().get(verb, verb)


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
