"""RTP (RFC 3550) as it carries a program stream: packets, their framing on TCP (RFC 4571) and their order on UDP."""

from __future__ import annotations

import struct
from typing import Final

import msgspec

from bianwang.protocols.errors import FrameError

_HEAD: Final = struct.Struct("!BBHII")
_HALF: Final = 0x8000


class Packet(msgspec.Struct, frozen=True, gc=False):
    """One packet: `timestamp` counts 90 kHz; `marker` is the last packet of a picture."""

    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes
    marker: bool = False
    payload_type: int = 96


def parse(data: bytes) -> Packet:
    """Read a packet; CSRCs, extension and padding are skipped. FrameError("rtp")."""
    if len(data) < _HEAD.size or data[0] >> 6 != 2:
        raise FrameError("rtp", "不是 RTP 包")
    first, second, sequence, timestamp, ssrc = _HEAD.unpack_from(data)
    start, end = _HEAD.size + 4 * (first & 15), len(data)
    if first & 0x10:
        if end < start + 4:
            raise FrameError("rtp", "RTP 扩展头不完整")
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    if first & 0x20:
        end -= data[-1]
    if start > end:
        raise FrameError("rtp", "RTP 包比它的头还短")
    return Packet(sequence, timestamp, ssrc, data[start:end], bool(second & 0x80), second & 0x7F)


def encode(packet: Packet) -> bytes:
    """The packet as bytes, without CSRCs, extension and padding."""
    second = packet.payload_type | (0x80 if packet.marker else 0)
    head = _HEAD.pack(0x80, second, packet.sequence & 0xFFFF, packet.timestamp & 0xFFFFFFFF, packet.ssrc)
    return head + packet.payload


def frame(packet: bytes) -> bytes:
    """A packet as it goes over TCP: two bytes of length before it."""
    return len(packet).to_bytes(2, "big") + packet


class Deframer:
    """Packets out of a TCP stream. FrameError("rtp") ends it: there is no way to find the next length again."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Packet]:
        """Take the next bytes and return the packets that are complete."""
        self._buffer += data
        found, start = [], 0
        while len(self._buffer) - start >= 2:
            end = start + 2 + int.from_bytes(self._buffer[start : start + 2], "big")
            if len(self._buffer) < end:
                break
            found.append(parse(bytes(self._buffer[start + 2 : end])))
            start = end
        del self._buffer[:start]
        return found


class Reorder:
    """Puts packets of one source into order; what is late by more than `window` packets is lost.

    A packet is held back only while one before it is missing. Repeated and late packets are dropped. A jump of more
    than `restart` packets is a sender that began anew.
    """

    def __init__(self, window: int = 64, restart: int = 3_000) -> None:
        self._window = window
        self._restart = restart
        self._next: int | None = None
        self._held: dict[int, Packet] = {}
        self.lost = 0
        """Packets that never came."""

    def push(self, packet: Packet) -> list[Packet]:
        """Take a packet and return those whose turn has come."""
        if self._next is None:
            self._next = packet.sequence
        ahead = (packet.sequence - self._next) & 0xFFFF
        behind = 0x10000 - ahead if ahead >= _HALF else 0
        if behind and behind <= self._restart:
            return []
        if behind or ahead > self._restart:
            return [*self.flush(), *self._begin(packet)]
        self._held[packet.sequence] = packet
        ready = self._ready()
        while len(self._held) > self._window:
            self._skip()
            ready += self._ready()
        return ready

    def flush(self) -> list[Packet]:
        """What is held back, in order, when no more comes."""
        ready: list[Packet] = []
        while self._held:
            self._skip()
            ready += self._ready()
        return ready

    def _begin(self, packet: Packet) -> list[Packet]:
        self._next = (packet.sequence + 1) & 0xFFFF
        return [packet]

    def _ready(self) -> list[Packet]:
        ready = []
        while self._next in self._held:
            ready.append(self._held.pop(self._next))
            self._next = (self._next + 1) & 0xFFFF
        return ready

    def _skip(self) -> None:
        """Give up what is missing before the first packet that is held."""
        start = self._next or 0
        first = min(self._held, key=lambda sequence: (sequence - start) & 0xFFFF)
        self.lost += (first - start) & 0xFFFF
        self._next = first
