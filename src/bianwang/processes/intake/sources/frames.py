"""A TCP server for framed protocols without identity: devices are known by address and by what frames say."""

from __future__ import annotations

import asyncio
from typing import Any

from bianwang.platform.clock import now_ms
from bianwang.processes.intake.pipeline import Pipeline
from bianwang.processes.intake.register import Register
from bianwang.protocols.framing import StreamDecoder
from bianwang.protocols.message import Refusal

CHUNK = 65_536
SILENT_S = 600.0
"""A connection without a byte for so long is closed; devices send heartbeats more often."""
MOST_CONNECTIONS = 2_000


class FrameServer:
    """Subclasses say how to decode and what to do with a frame; one connection never harms another."""

    def __init__(self, pipeline: Pipeline, host: str, port: int) -> None:
        self.pipeline = pipeline
        self.host, self.port = host, port
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.StreamWriter] = set()

    async def start(self, register: Register) -> None:
        """Listen. Raises OSError when the port is taken."""
        await self.reload(register)
        self._server = await asyncio.start_server(self._serve, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def reload(self, register: Register) -> None:
        """Take the devices of this protocol from the register."""
        raise NotImplementedError

    async def stop(self) -> None:
        """Close the port and every connection."""
        if self._server:
            self._server.close()
        for writer in list(self._connections):
            writer.close()

    def decoder(self) -> StreamDecoder[Any]:
        """A fresh decoder for one connection."""
        raise NotImplementedError

    async def frame(self, frame: Any, peer: str, received_ms: int) -> bytes | None:
        """Take a frame; returns what to send back, once its readings are durable."""
        raise NotImplementedError

    def refused(self, refusal: Refusal) -> bytes | None:
        """What the protocol answers to a broken frame."""
        raise NotImplementedError

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer: str = writer.get_extra_info("peername")[0]
        if len(self._connections) >= MOST_CONNECTIONS:
            self.pipeline.refusals.add(peer, "connections", f"连接数已达上限 {MOST_CONNECTIONS}")
            writer.close()
            return
        self._connections.add(writer)
        decoder = self.decoder()
        try:
            while data := await asyncio.wait_for(reader.read(CHUNK), SILENT_S):
                for item in decoder.feed(data):
                    await self._item(item, peer, writer)
        except (TimeoutError, ConnectionError):
            pass
        finally:
            self._connections.discard(writer)
            writer.close()

    async def _item(self, item: Any, peer: str, writer: asyncio.StreamWriter) -> None:
        if isinstance(item, Refusal):
            self.pipeline.refusals.add(peer, item.code, item.reason)
            answer = self.refused(item)
        else:
            answer = await self.frame(item, peer, now_ms())
        if answer:
            writer.write(answer)
            await writer.drain()
