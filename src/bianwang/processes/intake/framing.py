"""The bytes of one connection cut into MQTT packets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bianwang.protocols import mqtt
from bianwang.protocols.mqtt import MqttError, ProtocolError

MAX_HANDSHAKE: Final = 65_536
"""Largest packet of a stranger."""

_CONNECT: Final = 0x10
"""First byte of CONNECT."""


class Framing:
    """Where packets begin and end; keeps the beginning of one whose end has not arrived. Of a stranger only CONNECT."""

    __slots__ = ("_have", "_limit", "_need", "_parts", "_stranger")

    def __init__(self) -> None:
        self._limit = MAX_HANDSHAKE
        self._stranger = True
        self._parts: list[bytes] = []
        self._have = self._need = 0

    def trust(self, limit: int) -> None:
        """The device is known: any packet of up to `limit` bytes."""
        self._limit = limit
        self._stranger = False

    def join(self, data: bytes) -> bytes | None:
        """`data` behind what was kept; None while the packet that was begun is not whole."""
        if not self._need:
            return data
        self._parts.append(data)
        self._have += len(data)
        if self._have < self._need:
            return None
        data = b"".join(self._parts)
        self._parts.clear()
        self._need = 0
        return data

    def packets(self, data: bytes) -> Iterator[tuple[int, int, int]]:
        """Of every whole packet its first byte and where its body starts and ends; the rest is kept."""
        at, size = 0, len(data)
        need = 0
        while size - at >= 2:
            first, length = data[at], data[at + 1]
            if self._stranger and first != _CONNECT:
                raise ProtocolError("第一个报文应为 CONNECT")
            if length < 128:
                start = at + 2
                end = start + length
            else:
                head = mqtt.header(data, at, size)
                if head is None:
                    break
                start, end = head
                if end - at > self._limit:
                    raise MqttError(mqtt.TOO_LARGE, f"报文 {end - at} 字节，超过上限 {self._limit} 字节，请分批发送")
            if end > size:
                need = end - at
                break
            yield first, start, end
            at = end
        if at < size:
            self._parts.append(data[at:])
            self._have = size - at
            self._need = need or self._have + 1
