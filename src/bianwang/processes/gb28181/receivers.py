"""Where the RTP of a stream arrives: a UDP port, or a TCP port that the recorder connects to. Out comes the PS."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from typing import Any

from bianwang.processes.gb28181.transport import plain
from bianwang.protocols import rtp
from bianwang.protocols.errors import FrameError
from bianwang.protocols.rtp import Packet

Sink = Callable[[bytes], None]
_FIRST_DYNAMIC = 96
"""Payload types below are not ours; RTCP on the same port reads as one of them."""


class MediaPorts:
    """The ports for media, taken in turn so that a late packet of the last stream meets nobody."""

    def __init__(self, text: str) -> None:
        first, _, last = text.partition("-")
        self._ports = range(int(first), int(last) + 1)
        self._next = 0

    def each(self) -> list[int]:
        """All of them, beginning behind the one that was tried first the last time. RTP has the even ones."""
        ports = [port for port in self._ports if port % 2 == 0] or list(self._ports)
        start = self._next % len(ports)
        self._next = start + 1
        return [*ports[start:], *ports[:start]]


class Receiver:
    """Takes packets of the addresses that are allowed, and gives their payload in order to `sink`."""

    def __init__(self, sink: Sink, allowed: set[str]) -> None:
        self._sink, self.allowed = sink, allowed
        self._reorder = rtp.Reorder()
        self._source = 0
        self.port = 0
        self.heard = time.monotonic()
        """When the last packet came, in monotonic seconds."""
        self.packets = 0

    @property
    def lost(self) -> int:
        """Packets that never came."""
        return self._reorder.lost

    async def open(self, host: str, ports: MediaPorts) -> None:
        """Listen on a port that is free. Raises OSError when there is none."""
        for port in ports.each():
            try:
                await self._listen(host, port)
            except OSError:
                continue
            self.port = port
            return
        raise OSError("接收国标视频的端口已用完，请扩大 BIAN_GB28181_MEDIA_PORTS。")

    def close(self) -> None:
        """Receive no more."""
        raise NotImplementedError

    async def _listen(self, host: str, port: int) -> None:
        raise NotImplementedError

    def finish(self) -> None:
        """Give what is held back for packets that will not come."""
        for packet in self._reorder.flush():
            self._sink(packet.payload)

    def take(self, packet: Packet) -> None:
        """A packet, however it came."""
        if packet.payload_type < _FIRST_DYNAMIC:
            return
        if packet.ssrc != self._source:
            self._source, self._reorder = packet.ssrc, rtp.Reorder()
        self.heard = time.monotonic()
        self.packets += 1
        for ready in self._reorder.push(packet):
            self._sink(ready.payload)


class UdpReceiver(Receiver):
    """RTP over UDP."""

    _transport: asyncio.DatagramTransport | None = None

    def close(self) -> None:
        if self._transport:
            self._transport.close()

    async def _listen(self, host: str, port: int) -> None:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), local_addr=(host, port))
        # A picture comes as a burst of packets, faster than a busy loop reads them.
        self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)


class TcpReceiver(Receiver):
    """RTP over TCP (RFC 4571), the recorder connecting to us; one connection, which is never replaced."""

    _server: asyncio.Server | None = None
    _writer: asyncio.StreamWriter | None = None

    def close(self) -> None:
        if self._server:
            self._server.close()
        if self._writer:
            self._writer.transport.abort()

    async def _listen(self, host: str, port: int) -> None:
        self._server = await asyncio.start_server(self._serve, host, port)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._writer is not None or plain(writer.get_extra_info("peername")[0]) not in self.allowed:
            writer.transport.abort()
            return
        self._writer, deframer = writer, rtp.Deframer()
        try:
            while data := await reader.read(65_536):
                for packet in deframer.feed(data):
                    self.take(packet)
        except (FrameError, OSError):
            pass
        finally:
            writer.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, receiver: UdpReceiver) -> None:
        self._receiver = receiver

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        if plain(addr[0]) in self._receiver.allowed:
            try:
                self._receiver.take(rtp.parse(data))
            except FrameError:
                return
