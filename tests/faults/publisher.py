"""A device that numbers its readings, publishes them in order and remembers which were acknowledged."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field

import msgspec

from bianwang.protocols import mqtt

TOPIC = "bianwang/v1/telemetry"


@dataclass
class Publisher:
    """MQTT 3.1.1, QoS 1, at most `window` unacknowledged messages; repeats them after a reconnect.

    Reading `n` has the time `start_ms + n * step_ms` and the value that `value(n)` gives.
    """

    key: str
    token: str
    port: int
    signal: str
    values: list[float]
    start_ms: int
    step_ms: int
    window: int = 500
    acknowledged: set[int] = field(default_factory=set)

    async def run(self, stop: asyncio.Event) -> None:
        """Publish until everything is acknowledged or `stop` is set; lost connections are made anew."""
        while len(self.acknowledged) < len(self.values) and not stop.is_set():
            try:
                await self._session(stop)
            except (OSError, EOFError):
                await asyncio.sleep(0.05)

    async def _session(self, stop: asyncio.Event) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            hello = mqtt.Connect(client_id=self.key, username=self.key, password=self.token.encode())
            writer.write(mqtt.encode(hello))
            await self._exchange(reader, writer, stop)
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, stop: asyncio.Event) -> None:
        await reader.readexactly(4)  # CONNACK
        waiting = [number for number in range(len(self.values)) if number not in self.acknowledged]
        flying: dict[int, int] = {}
        identifier, position = 0, 0
        while (position < len(waiting) or flying) and not stop.is_set():
            while position < len(waiting) and len(flying) < self.window:
                identifier = identifier % 65535 + 1
                flying[identifier] = waiting[position]
                writer.write(self._packet(identifier, waiting[position]))
                position += 1
            await writer.drain()
            data = await reader.readexactly(4)
            if data[0] != 0x40:
                raise EOFError
            self.acknowledged.add(flying.pop(int.from_bytes(data[2:4], "big")))

    def _packet(self, identifier: int, number: int) -> bytes:
        moment = self.start_ms + number * self.step_ms
        payload = msgspec.json.encode({"ts": moment, "values": {self.signal: self.values[number]}})
        return mqtt.encode(mqtt.Publish(topic=TOPIC, payload=payload, qos=1, packet_id=identifier))
