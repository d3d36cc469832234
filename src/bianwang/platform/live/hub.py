"""One poller of the ledger per process and loop, and everybody who listens.

A listener joins at the hub's position and is caught up from the database to there, so that live and past events
meet without a gap or a repeat. The queue of each is bounded: who reads too slowly is dropped and comes back with
its Last-Event-ID.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

import orjson
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import close_old_connections
from django.utils.crypto import constant_time_compare

from bianwang.platform.accounts import sessions
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.models import Entry, SealLease
from bianwang.platform.ledger.queries import verb_name
from bianwang.platform.live.sight import Sight

log = logging.getLogger(__name__)

POLL_SECONDS = 0.1
CHECK_SECONDS = 10.0
"""How often sessions are checked and scopes read again."""
QUEUE = 200
"""Batches that may wait for one listener."""
PAGE = 500
LONGEST_GAP = 20_000
"""Further behind than this, a page had better load itself again."""

_FIELDS = ("seq", "verb", "object_type", "object_id", "object_label", "owner_id", "at")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Event:
    """A sealed entry, encoded once for all listeners."""

    seq: int
    verb: str
    module: str
    owner: int | None
    line: bytes


@dataclass(eq=False)
class Listener:
    """One open stream. `verbs` are prefixes; empty: every verb."""

    user: User
    session_key: str
    verbs: tuple[str, ...] = ()
    queue: asyncio.Queue[list[Event] | None] = field(default_factory=lambda: asyncio.Queue(QUEUE))
    sight: Sight = field(init=False)
    start: int = 0
    """The hub's position when it joined: earlier events come from the database."""
    farewell: str = ""
    """Why the stream ends, for the user."""

    def __post_init__(self) -> None:
        self.sight = Sight(self.user)

    def pick(self, events: Iterable[Event]) -> list[Event]:
        """What of the events this listener asked for and may see."""
        return [
            event
            for event in events
            if (not self.verbs or event.verb.startswith(self.verbs)) and self.sight.sees(event.module, event.owner)
        ]

    def offer(self, events: list[Event] | None) -> bool:
        """Put events (None: the end) into the queue; False when it is full."""
        try:
            self.queue.put_nowait(events)
        except asyncio.QueueFull:
            return False
        return True


class Hub:
    """Polls while somebody listens. All database work is done in its one thread."""

    def __init__(self) -> None:
        self.position = 0
        self._listeners: set[Listener] = set()
        self._thread = ThreadPoolExecutor(1, "live")
        self._turn = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    async def join(self, listener: Listener) -> None:
        """From now on the listener gets every event that it may see; the first one starts the poller."""
        async with self._turn:
            head = await self._in_thread(_head)
            if self._task is None:
                self._task = asyncio.create_task(self._run())
                self.position = head
            # Less only where a backup was restored beneath us.
            self.position = min(self.position, head)
            listener.start = self.position
            self._listeners.add(listener)

    def leave(self, listener: Listener) -> None:
        """The listener is gone; the last one stops the poller."""
        self._listeners.discard(listener)
        if not self._listeners and self._task is not None:
            self._task.cancel()
            self._task = None

    async def past(self, listener: Listener, after: int) -> AsyncIterator[list[Event]]:
        """Events between `after` and the moment of joining, page by page."""
        while after < listener.start:
            page = await self._in_thread(partial(_read, after, listener.start))
            if not page:
                return
            after = page[-1].seq
            if mine := await self._in_thread(partial(listener.pick, page)):
                yield mine

    async def is_lost(self, listener: Listener, after: int) -> bool:
        """Whether a listener that saw `after` last cannot be caught up: too far behind, or ahead of the ledger."""
        if listener.start - after > LONGEST_GAP:
            return True
        return after > listener.start and after > await self._in_thread(_head)

    async def _run(self) -> None:
        checked = asyncio.get_running_loop().time()
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                async with self._turn:
                    await self._poll()
                if asyncio.get_running_loop().time() - checked > CHECK_SECONDS:
                    checked = asyncio.get_running_loop().time()
                    await self._check()
            except Exception:
                log.exception("实时推送读取台账失败，一秒后重试")
                await asyncio.sleep(1)

    async def _poll(self) -> None:
        listeners = list(self._listeners)
        events, shares = await self._in_thread(partial(_share, self.position, listeners))
        if not events:
            return
        for listener, mine in zip(listeners, shares, strict=True):
            if mine and not listener.offer(mine):
                self._drop(listener, "")
        self.position = events[-1].seq

    async def _check(self) -> None:
        listeners = list(self._listeners)
        found = await self._in_thread(partial(_still_admitted, listeners))
        for listener in listeners:
            user = found.get(listener.session_key)
            if user is None:
                self._drop(listener, "登录已失效，请重新登录。")
            else:
                listener.sight = Sight(user)

    def _drop(self, listener: Listener, farewell: str) -> None:
        self._listeners.discard(listener)
        listener.farewell = farewell
        while not listener.offer(None):
            listener.queue.get_nowait()

    async def _in_thread(self, function: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, _with_connection, function)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running loop."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())


def _with_connection(function: Callable[[], T]) -> T:
    close_old_connections()
    return function()


def _head() -> int:
    return SealLease.objects.filter(pk=1).values_list("seq", flat=True).first() or 0


def _share(after: int, listeners: list[Listener]) -> tuple[list[Event], list[list[Event]]]:
    """New events, and what of them each listener gets."""
    events = _read(after)
    return events, [listener.pick(events) for listener in listeners] if events else []


def _read(after: int, until: int | None = None) -> list[Event]:
    rows = Entry.objects.filter(seq__gt=after)
    if until is not None:
        rows = rows.filter(seq__lte=until)
    return [_event(row) for row in rows.order_by("seq").values(*_FIELDS)[:PAGE]]


def _event(row: dict[str, Any]) -> Event:
    at: datetime = row["at"]
    data = {
        "seq": row["seq"],
        "verb": row["verb"],
        "verb_name": verb_name(row["verb"]),
        "object_type": row["object_type"],
        "object_id": row["object_id"],
        "owner": row["owner_id"],
        "at": at.isoformat(),
        "label": row["object_label"],
    }
    line = b"id: %d\ndata: %s\n\n" % (row["seq"], orjson.dumps(data))
    return Event(row["seq"], row["verb"], row["verb"].partition(".")[0], row["owner_id"], line)


def _still_admitted(listeners: list[Listener]) -> dict[str, User]:
    """Users by session key, read afresh, of the sessions that have not run out (two queries)."""
    keys = {listener.session_key for listener in listeners}
    held = {row.session_key: row.get_decoded() for row in Session.objects.filter(pk__in=keys, expire_date__gt=now())}
    wanted = {data.get(SESSION_KEY) for data in held.values()}
    users = {str(user.pk): user for user in User.objects.admitted().filter(pk__in=[pk for pk in wanted if pk])}
    admitted = {}
    for key, data in held.items():
        user = users.get(data.get(SESSION_KEY, ""))
        if user is None or sessions.expiry(cast(SessionBase, data)):
            continue
        if constant_time_compare(data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
            admitted[key] = user
    return admitted
