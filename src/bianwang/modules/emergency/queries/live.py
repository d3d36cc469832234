"""What everybody sees who watches an event: made once for all who see the same, and not again while nothing happens.

A page asks every minute and whenever the ledger's stream speaks of its event. Two questions to the database tell
whether anything changed; the answer is then 304 without a body.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from hashlib import blake2b
from threading import Lock
from typing import Any

from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from bianwang.modules.emergency.models import Event
from bianwang.platform import access
from bianwang.platform.clock import now_ms
from bianwang.platform.ledger.models import Entry
from bianwang.platform.registry import verbs

_MINUTE_MS = 60_000
_KEPT = 64
_made: OrderedDict[Hashable, bytes] = OrderedDict()
_lock, _turns = Lock(), [Lock() for _ in range(16)]


def answer(request: HttpRequest, event: Event, part: str, render: Callable[[], HttpResponse]) -> HttpResponse:
    """A part of an event's page: 304 when the reader has it, else as it was last made, else made now."""
    key = _key(request.user, event, part)
    tag = f'"{blake2b(repr(key).encode(), digest_size=12).hexdigest()}"'
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(_content(key, render))
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


def _key(user: Any, event: Event, part: str) -> Hashable:
    """What the part depends on: who sees how far, the ledger of events, and the minute (limits run out)."""
    told = [verb for verb in verbs() if verb.startswith("emergency.")]
    # The count tells of entries that were committed after one with a higher id.
    pulse = Entry.objects.filter(verb__in=told).order_by().aggregate(last=Max("id"), count=Count("id"))
    sight = sorted(access.role_codes(user)), access.scope_of(user), access.scope_of(user, "emergency.view")
    return event.pk, part, repr(sight), pulse["last"], pulse["count"], now_ms() // _MINUTE_MS


def _content(key: Hashable, render: Callable[[], HttpResponse]) -> bytes:
    """Made by the first who asks while the others wait."""
    with _turns[hash(key) % len(_turns)]:
        with _lock:
            found = _made.get(key)
        if found is None:
            found = render().content
            with _lock:
                _made[key] = found
                while len(_made) > _KEPT:
                    _made.popitem(last=False)
    return found
