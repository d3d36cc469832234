"""One HTTP connection: uvicorn's, with the patience and the memory for a client limited.

uvicorn by itself waits for ever for a request to be complete and keeps heads of any size.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bianwang.processes.intake.refusals import Refusals

# What strangers send is counted; uvicorn would log every broken request.
log = logging.getLogger(__name__)
log.setLevel(logging.ERROR)

HEAD_S = 10.0
BODY_S = 120.0
OVERHEAD = 256 * 1024
"""Bytes of one request that are not body: head, chunk sizes, trailers."""
MOST_CONNECTIONS = 4_000
MOST_OF_ADDRESS = 500


class Door:
    """Counts connections, in all and by address; `proxies` bring many clients and are not counted by address."""

    def __init__(self, refusals: Refusals, proxies: frozenset[str] = frozenset()) -> None:
        self.refusals = refusals
        self._proxies = proxies
        self._by_address: Counter[str] = Counter()
        self.head_s, self.body_s = HEAD_S, BODY_S

    def enter(self, address: str) -> bool:
        """Count a connection; False if there is no room for it."""
        self._by_address[address] += 1
        own = 0 if address in self._proxies else self._by_address[address]
        if self._by_address.total() <= MOST_CONNECTIONS and own <= MOST_OF_ADDRESS:
            return True
        self.refusals.add(address, "connections", f"连接数已达上限（每址 {MOST_OF_ADDRESS}，共 {MOST_CONNECTIONS}）")
        return False

    def leave(self, address: str) -> None:
        """A connection is gone."""
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]


class HttpConnection(HttpToolsProtocol):
    """Closes itself when a request does not come to its end in time."""

    def __init__(self, door: Door, **options: Any) -> None:
        super().__init__(**options)
        self.logger = log
        self.access_log = False  # paths hold tokens
        self._door = door
        self._overhead = 0
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client called."""
        super().connection_made(transport)
        self._peer = self.client[0] if self.client else ""
        self._expect(self._door.head_s)
        if not self._door.enter(self._peer):
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._expect(None)
        self._door.leave(self._peer)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes arrived."""
        self._overhead += len(data)
        super().data_received(data)
        if self._overhead > OVERHEAD:
            self.transport.abort()

    def on_message_begin(self) -> None:
        """A request begins."""
        self._expect(self._door.head_s)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Its head is complete."""
        self._expect(self._door.body_s)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of its body."""
        self._overhead -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """It is complete."""
        self._expect(None)
        self._overhead = 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP."""
        reason = "不是合法的 HTTP 请求。"
        self._door.refusals.add(self._peer, "http", reason)
        body = orjson.dumps({"error": "http", "reason": reason})
        head = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: application/json; charset=utf-8\r\n"
        self.transport.write(head + b"content-length: %d\r\n\r\n" % len(body) + body)
        self.transport.close()

    def give_up(self) -> None:
        """Wait no more for a client that has not sent its request to the end."""
        if self._deadline:
            self.transport.abort()

    def _expect(self, seconds: float | None) -> None:
        """Give the client so long for what must come next."""
        if self._deadline:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(seconds, self.transport.abort) if seconds else None
