"""SIP over UDP and TCP on one port: messages in, messages out, nothing about what they mean."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address

from bianwang.protocols import sip
from bianwang.protocols.errors import FrameError
from bianwang.protocols.message import Refusal
from bianwang.protocols.sip import Request, Response

log = logging.getLogger(__name__)

CHUNK = 16_384
MOST_CONNECTIONS = 1_000
PER_ADDRESS = 20
SILENT_S = 600.0
"""A TCP connection without a byte for so long is closed; keepalives come every minute."""
STRANGER_S = 10.0
"""How long a new TCP connection may take to send its first message."""
MOST_WAITING = 1 << 20
"""Bytes that a peer does not take before its connection is closed."""


@dataclass(frozen=True)
class Peer:
    """Where a message came from and where an answer goes: `transport` is UDP or TCP."""

    transport: str
    host: str
    port: int
    writer: asyncio.StreamWriter | None = field(default=None, compare=False, repr=False)


Receive = Callable[[Request | Response, Peer], None]
Refuse = Callable[[Peer, FrameError], None]


class Transport:
    """One port for both. `receive` gets every message, `refuse` everything that is none."""

    def __init__(self, receive: Receive, refuse: Refuse = lambda peer, error: None) -> None:
        self._receive, self._refuse = receive, refuse
        self._udp: asyncio.DatagramTransport | None = None
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._connections: Counter[str] = Counter()
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        """Listen. Raises OSError when the port is taken."""
        self._server = await asyncio.start_server(self._serve, host, port, limit=CHUNK)
        self.port = self._server.sockets[0].getsockname()[1]
        loop = asyncio.get_running_loop()
        self._udp, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), local_addr=(host, self.port))

    async def connect(self, host: str, port: int) -> Peer:
        """A TCP connection to somebody; what he sends is received like everything else. Raises OSError."""
        reader, writer = await asyncio.open_connection(host, port, limit=CHUNK)
        peer = Peer("TCP", host, port, writer)
        self._keep(asyncio.create_task(self._read(reader, peer)))
        return peer

    async def stop(self) -> None:
        """Close the port and every connection."""
        if self._udp:
            self._udp.close()
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def send(self, message: Request | Response, peer: Peer) -> None:
        """Send; what cannot be sent is lost, as on any network. Raises FrameError for what is no message."""
        raw = sip.encode(message)
        if peer.transport == "UDP":
            if self._udp is not None and not self._udp.is_closing():
                self._udp.sendto(raw, (peer.host, peer.port))
        elif peer.writer is not None and not peer.writer.is_closing():
            peer.writer.write(raw)
            if peer.writer.transport.get_write_buffer_size() > MOST_WAITING:
                peer.writer.transport.abort()

    def take(self, data: bytes, address: tuple[str, int]) -> None:
        """A datagram."""
        if not data.strip(b"\r\n\0 "):  # keeps the way through a firewall open
            return
        peer = Peer("UDP", plain(address[0]), address[1])
        try:
            message = sip.parse(data)
        except FrameError as error:
            self._refuse(peer, error)
        else:
            self._receive(message, peer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = writer.get_extra_info("peername")[:2]
        peer = Peer("TCP", plain(host), port, writer)
        if self._connections.total() >= MOST_CONNECTIONS or self._connections[peer.host] >= PER_ADDRESS:
            writer.transport.abort()
            return
        task = asyncio.current_task()
        if task is not None:
            self._keep(task)
        self._connections[peer.host] += 1
        try:
            await self._read(reader, peer)
        finally:
            self._connections[peer.host] -= 1
            self._connections += Counter()  # drops addresses without connections

    async def _read(self, reader: asyncio.StreamReader, peer: Peer) -> None:
        decoder, patience = sip.Decoder(), STRANGER_S
        try:
            while True:
                # Not wait_for: in Python 3.11 it loses a cancellation that comes together with data.
                async with asyncio.timeout(patience):
                    data = await reader.read(CHUNK)
                if not data:
                    return
                for item in decoder.feed(data):
                    if isinstance(item, Refusal):
                        self._refuse(peer, FrameError(item.code, item.reason))
                        return
                    patience = SILENT_S
                    self._receive(item, peer)
        except (OSError, TimeoutError):
            pass
        finally:
            if peer.writer is not None:
                peer.writer.close()

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._transport.take(data, addr)


def plain(host: str) -> str:
    """An address in one spelling, IPv4 also where it comes over a socket for both."""
    address = ip_address(host.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(address)


def own_address(peer_host: str) -> str:
    """The address by which we reach a peer, which is the one that he can answer to."""
    family = socket.AF_INET6 if ":" in peer_host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((peer_host, 9))
        return str(probe.getsockname()[0])
