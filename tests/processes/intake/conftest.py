"""A running intake on loopback: real sockets, real store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bianwang.processes.intake.directory import Device, Directory, LiveDirectory, SignalRef, sm3
from bianwang.processes.intake.endpoint import EndpointLimits, MqttEndpoint
from bianwang.processes.intake.judge import NoJudge
from bianwang.processes.intake.pipeline import Pipeline
from bianwang.processes.intake.presence import Change
from bianwang.protocols import mqtt
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.store import TelemetryStore

PUMP = Device(
    1,
    "pump-1",
    10,
    {"pressure": SignalRef(1), "flow": SignalRef(2, 0.1, 5.0)},
    period_s=10,
    token_sm3=sm3("pump-token"),
)
USER = Device(2, "oven", 10, {"temperature": SignalRef(3)}, username="oven", password_sm3=sm3("secret"))
GATEWAY = Device(3, "gate", 10, token_sm3=sm3("gate-token"), children={"room-1": 4, "alias": 5})
CHILD = Device(4, "room-1", 10, {"co": SignalRef(4)})
ALIAS = Device(5, "room-2", 10, {"co": SignalRef(5)})
STRANGER_CHILD = Device(6, "elsewhere", 11, {"co": SignalRef(6)}, token_sm3=sm3("elsewhere-token"))
DEVICES = (PUMP, USER, GATEWAY, CHILD, ALIAS, STRANGER_CHILD)


class Watching(NoJudge):
    """A judge that remembers what it got."""

    def __init__(self) -> None:
        self.batches: list[Columns] = []

    def push(self, batch: Columns, now_ms: int) -> None:
        if len(batch):
            self.batches.append(batch)

    def values(self) -> list[float]:
        return [value for batch in self.batches for value in batch.value.tolist()]


@dataclass
class Running:
    """The parts of a running intake."""

    store: TelemetryStore
    live: LiveDirectory
    pipeline: Pipeline
    endpoint: MqttEndpoint
    judge: Watching
    port: int
    changes: list[Change] = field(default_factory=list)

    def rows(self, signal: int) -> list[tuple[int, float]]:
        """(time, value) stored of a signal."""
        got = self.store.series([signal], 0, 2**52)
        return list(zip(got["time"].tolist(), got["value"].tolist(), strict=True))

    def values(self, signal: int) -> list[float]:
        """Values stored of a signal."""
        return [value for _, value in self.rows(signal)]

    def states(self, device: Device) -> list[str]:
        """States that a device went through."""
        return [change.state for change in self.changes if change.device == device.id]


async def until(condition, what: str = "") -> None:
    """Wait for something that happens on the event loop."""
    for _ in range(6000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"did not happen: {what}")


@pytest.fixture
async def intake(tmp_path: Path) -> AsyncIterator[Running]:
    store = TelemetryStore(tmp_path / "telemetry")
    live = LiveDirectory(Directory(DEVICES))
    judge = Watching()
    pipeline = Pipeline(store, live, judge)
    endpoint = MqttEndpoint(pipeline, EndpointLimits(packet=65_536, receive_maximum=100, sweep_s=0.05))
    pipeline.start()
    running = Running(store, live, pipeline, endpoint, judge, await endpoint.start("127.0.0.1", 0))
    pipeline.presence.on_change(running.changes.append)
    yield running
    await endpoint.stop()
    await pipeline.stop()
    store.close()


class Peer:
    """An MQTT client that sends exactly what it is told to."""

    def __init__(self, port: int, version: int = mqtt.V5) -> None:
        self.port, self.version = port, version

    async def __aenter__(self) -> Peer:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    async def connect(self, token: str = "pump-token", **options) -> mqtt.Connack:
        self.send(mqtt.Connect(options.pop("client_id", "peer"), self.version, username=token, **options))
        answer = await self.receive()
        assert isinstance(answer, mqtt.Connack)
        return answer

    def send(self, packet: mqtt.Packet) -> None:
        self.writer.write(mqtt.encode(packet, self.version))

    async def receive(self) -> mqtt.Packet:
        """The next packet; EOFError when the connection was closed."""
        first = (await self._exactly(1))[0]
        size = shift = 0
        while True:
            byte = (await self._exactly(1))[0]
            size |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        return mqtt.decode(first, await self._exactly(size), self.version)

    async def publish(self, payload: bytes, topic: str = "bianwang/v1/telemetry", **options) -> mqtt.Packet:
        """Publish with QoS 1 and return the answer."""
        self.send(mqtt.Publish(topic, payload, options.pop("qos", 1), options.pop("packet_id", 7), **options))
        return await self.receive()

    async def closed(self) -> bool:
        """Whether the server closes without another word."""
        try:
            await self.receive()
        except (EOFError, ConnectionError):
            return True
        return False

    async def _exactly(self, size: int) -> bytes:
        return await asyncio.wait_for(self.reader.readexactly(size), 60)
