"""Runs plants in real time and publishes their signals as ordinary MQTT devices."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import gmqtt
import msgspec
from gmqtt.mqtt.handler import MQTTConnectError
from gmqtt.storage import PersistentStorage

from bianwang.processes.simulator.plants import PLANTS, Plant

TOPIC = "bianwang/v1/telemetry"


class Incident(msgspec.Struct, frozen=True):
    """An incident that begins `start_s` after the plant starts and again every `every_s`."""

    name: str
    start_s: float
    seconds: float
    every_s: float


class SimulatedDevice(msgspec.Struct, frozen=True):
    """One line of the demo's device file: identity, plant and script."""

    key: str
    token: str
    plant: str
    seed: int
    period_s: float
    incidents: tuple[Incident, ...] = ()


@dataclass
class Feeder:
    """One plant behind one MQTT connection."""

    device: SimulatedDevice
    client: gmqtt.Client
    plant: Plant = field(init=False)

    def __post_init__(self) -> None:
        self.plant = PLANTS[self.device.plant](self.device.seed)

    def begin_due(self) -> None:
        """Start the incident whose moment has come in this period."""
        now, period = self.plant.seconds, self.device.period_s
        for incident in self.device.incidents:
            if now >= incident.start_s and (now - incident.start_s) % incident.every_s < period:
                self.plant.begin(incident.name, incident.seconds)

    async def run(self) -> None:
        """Publish one reading of every signal each period, on the wall clock, for ever."""
        due = time.monotonic()
        while True:
            self.begin_due()
            values = self.plant.step(self.device.period_s)
            payload = {"ts": time.time_ns() // 1_000_000, "values": values}
            self.client.publish(TOPIC, msgspec.json.encode(payload), qos=1)
            due += self.device.period_s
            await asyncio.sleep(max(0.0, due - time.monotonic()))


def load(file: Path) -> list[SimulatedDevice]:
    """The demo's devices. Raises msgspec.ValidationError when the file is not one of ours."""
    return msgspec.json.decode(file.read_bytes(), type=list[SimulatedDevice])


async def connect(
    key: str, token: str, host: str, port: int, unacknowledged: PersistentStorage | None = None
) -> gmqtt.Client:
    """A connected client that reconnects by itself.

    Waits until the intake is there and knows the device, which a new one is within a second or two.
    """
    client = gmqtt.Client(key, persistent_storage=unacknowledged)
    client.set_auth_credentials(key, token)
    while True:
        try:
            await client.connect(host, port, keepalive=60)
        except (OSError, MQTTConnectError):
            await asyncio.sleep(1)
        else:
            return client


async def feed(devices: Iterable[SimulatedDevice], host: str, port: int) -> None:
    """Run every device until cancelled."""
    clients = [(device, await connect(device.key, device.token, host, port)) for device in devices]
    await asyncio.gather(*(Feeder(device, client).run() for device, client in clients))
