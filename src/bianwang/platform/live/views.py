"""The live stream of ledger entries (server-sent events, WHATWG HTML §9.2).

    GET /live/stream?verbs=alarms.,hazards.   Last-Event-ID: 1234

Each event is a sealed entry that passes the access door: `id` is its `seq`, `data` is JSON {seq, verb, verb_name,
object_type, object_id, owner, at, label}. Without Last-Event-ID (or `?last=`) the stream starts now. `event: reset`
asks the page to load itself again, `event: end` says in Chinese why the stream is over for good.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.db import connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from bianwang.platform.accounts.models import User
from bianwang.platform.live.hub import Listener, hub

HEARTBEAT_SECONDS = 15.0


@require_safe
async def stream(request: HttpRequest) -> HttpResponseBase:
    """Entries as they are sealed, for the logged-in user."""
    user = await request.auser()
    if not isinstance(user, User):
        return HttpResponse("请先登录。", status=401, content_type="text/plain; charset=utf-8")
    given = request.headers.get("Last-Event-ID") or request.GET.get("last", "")
    last = int(given) if given.isdecimal() and len(given) < 19 else None
    verbs = tuple(verb for verb in request.GET.get("verbs", "").split(",") if verb)
    listener = Listener(user, request.session.session_key or "", verbs)
    # The request's own thread idles until the stream ends: it must not keep a connection open.
    await sync_to_async(connections.close_all)()
    return StreamingHttpResponse(
        _lines(listener, last),
        content_type="text/event-stream; charset=utf-8",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _lines(listener: Listener, last: int | None) -> AsyncIterator[bytes]:
    here = hub()
    await here.join(listener)
    seen = listener.start if last is None else last
    try:
        yield b"retry: 1000\n\n"
        if last is not None and await here.is_lost(listener, last):
            seen = listener.start
            yield b"event: reset\nid: %d\ndata: {}\n\n" % seen
        async for events in here.past(listener, seen):
            yield b"".join(event.line for event in events)
        while True:
            try:
                batch = await asyncio.wait_for(listener.queue.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                # Nothing waits, so everything up to the hub's position is through: the client may note it.
                yield b": \nid: %d\n\n" % max(seen, here.position)
                continue
            if batch is None:
                break
            yield b"".join(event.line for event in batch if event.seq > seen)
        if listener.farewell:
            yield f"event: end\ndata: {listener.farewell}\n\n".encode()
    finally:
        here.leave(listener)
