"""Who owes whom a PUBACK: the platform for what a device sent, the device for what it was sent."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

MAX_AWAITED: Final = 1000
"""Messages under way to one device, whatever it says that it takes."""


class Owed:
    """PUBACKs for a device, by the batch that must be durable before they leave; in the order of what it sent."""

    __slots__ = ("_acks", "_batch", "_counts", "number")

    def __init__(self) -> None:
        self._acks: deque[bytearray] = deque()
        self._counts: deque[int] = deque()
        self._batch = -1
        self.number = 0

    def add(self, ack: bytes, batch: int) -> bool:
        """Queue one of `batch`, the newest; whether it is the first of it."""
        is_first = self._batch != batch
        if is_first:
            self._batch = batch
            self._acks.append(bytearray())
            self._counts.append(0)
        self._acks[-1].extend(ack)
        self._counts[-1] += 1
        self.number += 1
        return is_first

    def take(self) -> bytes | bytearray:
        """Those of the oldest batch: it is durable."""
        self.number -= self._counts.popleft()
        return self._acks.popleft()


class Awaited:
    """Messages that a device has not acknowledged yet, by packet id."""

    __slots__ = ("_last", "_sent")

    def __init__(self) -> None:
        self._last = 0
        self._sent: dict[int, asyncio.Future[bool]] = {}

    def add(self, future: asyncio.Future[bool], limit: int) -> int | None:
        """A free packet id for a message; None if `limit` or too many are under way."""
        if len(self._sent) >= min(limit, MAX_AWAITED):
            return None
        self._last = self._last % 65_535 + 1
        while self._last in self._sent:
            self._last = self._last % 65_535 + 1
        self._sent[self._last] = future
        return self._last

    def settle(self, packet_id: int, taken: bool) -> None:
        """The device answered."""
        future = self._sent.pop(packet_id, None)
        if future and not future.done():
            future.set_result(taken)

    def abandon(self) -> None:
        """The device will answer no more."""
        for future in self._sent.values():
            if not future.done():
                future.set_result(False)
