"""A TCP server for framed protocols without identity: devices are known by address and by what frames say."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from ipaddress import IPv6Address, ip_address
from typing import Any

from bianwang.modules.sensing.queries import DeviceConfig
from bianwang.platform.clock import now_ms
from bianwang.processes.intake.directory import Device
from bianwang.processes.intake.pipeline import Pipeline, Verdict
from bianwang.processes.intake.register import Register
from bianwang.processes.intake.sources.measurements import rows
from bianwang.protocols.errors import FrameError
from bianwang.protocols.framing import StreamDecoder
from bianwang.protocols.message import Measurement, Refusal

CHUNK = 4_096
MOST_RUBBISH = 16_384
"""Bytes without a good frame among them; the longest frame has 10 009. Looking for frames in rubbish costs 10 us a
byte at worst."""
MOST_CONNECTIONS = 2_000
PER_DEVICE = 4
"""Connections of one address for each device registered at it; the old ones of a device may linger."""
FOR_STRANGERS = 2
"""Connections of an address at which no device is registered."""


class NotRegistered(Exception):
    """A frame of nobody we know, or not from where we know him; the message is Chinese."""


class FrameServer:
    """Subclasses say how to decode and what to do with a frame; one connection never harms another.

    A connection that sends `most_refused` refused frames without a good one in between (a stranger: one), or nothing
    but rubbish, is read no more for `penalty_s` and then closed, so that repeating them costs its sender more than
    us. A connection without a byte for `silent_s` is closed; devices send heartbeats more often.
    """

    most_refused = 20
    penalty_s = 5.0
    silent_s = 600.0
    stranger_s = 10.0

    protocol: str
    """Code of the protocol in the register."""

    def __init__(self, pipeline: Pipeline, host: str, port: int) -> None:
        self.pipeline = pipeline
        self.host, self.port = host, port
        self._devices: dict[tuple[str, str], DeviceConfig] = {}
        self._registered: Counter[str] = Counter()
        self._connections: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self, register: Register) -> None:
        """Listen. Raises OSError when the port is taken."""
        await self.reload(register)
        self._server = await asyncio.start_server(self._serve, self.host, self.port, limit=CHUNK)
        self.port = self._server.sockets[0].getsockname()[1]

    async def reload(self, register: Register) -> None:
        """Take the devices of this protocol from the register; one without a source address is nobody."""
        configs = [config for config in register.of_protocol(self.protocol) if config.source_address]
        self._devices = {(self.name(c), _address(c.source_address or "")): c for c in configs}
        self._registered = Counter(address for _, address in self._devices)

    async def stop(self) -> None:
        """Close the port and every connection."""
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # -- for subclasses -----------------------------------------------------------------------------------------

    def name(self, config: DeviceConfig) -> str:
        """What the frames of a device call it."""
        raise NotImplementedError

    def decoder(self) -> StreamDecoder[Any]:
        """A fresh decoder for one connection."""
        raise NotImplementedError

    async def frame(self, frame: Any, peer: str, received_ms: int) -> tuple[bytes | None, bool]:
        """Take a frame: what to send back, once its readings are durable, and whether it was a good one.

        Raises FrameError for one that cannot be answered.
        """
        raise NotImplementedError

    def refused(self, refusal: Refusal) -> bytes | None:
        """What the protocol answers to a broken frame."""
        raise NotImplementedError

    def find(self, name: str, peer: str) -> tuple[DeviceConfig, Device]:
        """The device of this name at this address. Raises NotRegistered."""
        config = self._devices.get((name, peer))
        device = config and self.pipeline.directory.current.devices.get(config.id)
        if not (config and device):
            self.pipeline.refusals.add(peer, "identity", f"“{name[:40]}”没有登记，或不是从登记的来源地址发来")
            raise NotRegistered
        return config, device

    async def store(self, device: Device, measurements: Iterable[Measurement], received_ms: int) -> Verdict:
        """Make what a frame reports durable. A frame without readings, as a heartbeat, shows that the device lives."""
        return await self.pipeline.submit(device, rows(measurements, device.signals), received_ms)

    # -- inside -------------------------------------------------------------------------------------------------

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = _address(writer.get_extra_info("peername")[0])
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - for the type checker
        self._connections[peer] += 1
        self._tasks.add(task)
        try:
            if self._room(peer):
                await self._converse(reader, writer, peer)
            else:
                self.pipeline.refusals.add(peer, "connections", "这个来源地址的连接数已达上限")
        except (TimeoutError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            self._connections[peer] -= 1
            if not self._connections[peer]:
                del self._connections[peer]
            writer.close()

    def _room(self, peer: str) -> bool:
        own = PER_DEVICE * self._registered[peer] or FOR_STRANGERS
        return self._connections[peer] <= own and len(self._tasks) <= MOST_CONNECTIONS

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, peer: str) -> None:
        decoder = self.decoder()
        strikes = rubbish = 0
        while True:
            known = self._registered[peer] > 0
            data = await asyncio.wait_for(reader.read(CHUNK), self.silent_s if known else self.stranger_s)
            if not data:
                return
            bound = self.most_refused if known else 1
            # Together, so that frames sent at once share one batch; the pipeline keeps their order.
            results = await asyncio.gather(*(self._item(item, peer) for item in _cut(decoder.feed(data), bound)))
            rubbish += len(data)
            for answer, good in results:
                strikes = 0 if good else strikes + 1
                rubbish = 0 if good else rubbish
                if answer:
                    writer.write(answer)
            await asyncio.wait_for(writer.drain(), self.silent_s)
            if strikes >= bound or rubbish >= MOST_RUBBISH:
                self.pipeline.refusals.add(peer, "hostile", f"连续 {strikes} 帧、{rubbish} 字节无效，已断开连接")
                await asyncio.sleep(self.penalty_s)
                return

    async def _item(self, item: Any, peer: str) -> tuple[bytes | None, bool]:
        """The answer to a frame, and whether it was a good one."""
        if isinstance(item, Refusal):
            self.pipeline.refusals.add(peer, item.code, item.reason)
            return self.refused(item), False
        try:
            return await self.frame(item, peer, now_ms())
        except FrameError as error:
            self.pipeline.refusals.add(peer, error.code, str(error))
            return None, False


def _cut(items: Sequence[Any], bound: int) -> Sequence[Any]:
    """What is worth looking at: nothing after `bound` broken frames in a row."""
    run = 0
    for index, item in enumerate(items):
        run = run + 1 if isinstance(item, Refusal) else 0
        if run >= bound:
            return items[: index + 1]
    return items


def _address(text: str) -> str:
    """An address in one spelling, IPv4 also where it comes over a socket for both."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(address)
