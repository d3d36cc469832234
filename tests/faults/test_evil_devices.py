"""Devices and strangers that misbehave on every port, while a good device publishes and must not notice."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bianwang.protocols import mqtt
from tests.faults.publisher import TOPIC, Publisher
from tests.instance import Instance, free_port, patience, running

pytestmark = pytest.mark.faults

GOOD, EVIL, VICTIM = "demo-jiahua-gas", "demo-shunda-spray", "demo-jiahua-gas"
COUNT = 6_000
YEAR_1970, YEAR_2100 = 1_000, 4_102_444_800_000
HALF_OPEN = 200

PAYLOADS: dict[str, bytes] = {
    "json": b'{"ts": 1, "values": {',
    "utf8": b'{"values": {"\xff\xfe": 1}}',
    "nan": b'{"values": {"lel": NaN}}',
    "old": json.dumps({"ts": YEAR_1970, "values": {"lel": 1}}).encode(),
    "ahead": json.dumps({"ts": YEAR_2100, "values": {"lel": 1}}).encode(),
    "signal": b'{"values": {"no-such-signal": 1}}',
}
"""Reason code that each must be counted under -> payload."""

REFUSALS = """
import json
from bianwang.modules.sensing.models import Refusal
print(json.dumps({f"{row.key} {row.reason}": [row.count, row.example] for row in Refusal.objects.all()}))
"""


class Evil:
    """Everything that somebody with one device's token, or none, can do to the ports."""

    def __init__(self, instance: Instance, hj212: int, gb26875: int) -> None:
        self.ports = {"mqtt": instance.mqtt_port, "http": instance.http_port, "hj212": hj212, "gb26875": gb26875}
        self.token = instance.token(EVIL)
        self.flooded = 0

    @asynccontextmanager
    async def device(
        self, client: str, version: int = mqtt.V5
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """An MQTT connection as the evil device; each client is one of its own."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.ports["mqtt"])
        writer.write(mqtt.encode(mqtt.Connect(client, version=version, username=self.token), version))
        assert (await reader.read(4096))[3] == 0
        try:
            yield reader, writer
        finally:
            writer.close()

    async def bad_payloads(self) -> None:
        """Each is answered with a reason and the connection goes on."""
        async with self.device("payloads") as (reader, writer):
            for number, payload in enumerate(PAYLOADS.values(), 1):
                writer.write(mqtt.encode(mqtt.Publish(TOPIC, payload, 1, number), mqtt.V5))
                answer = await reader.read(4096)
                assert answer[0] == 0x40
                assert answer[4] == mqtt.PAYLOAD_INVALID

    async def lies(self) -> None:
        """Publishing as another device is refused with the protocol's own reason, and not stored."""
        async with self.device("liar") as (reader, writer):
            body = json.dumps({"values": {"lel": 99.0}}).encode()
            topic = f"bianwang/v1/devices/{VICTIM}/telemetry"
            writer.write(mqtt.encode(mqtt.Publish(topic, body, 1, 7), mqtt.V5))
            assert (await reader.read(4096))[4] == mqtt.NOT_AUTHORIZED

    async def ten_megabytes(self) -> None:
        """The connection ends before the payload has been taken."""
        async with self.device("large", mqtt.V3) as (reader, writer):
            await self.until_closed(reader, writer, mqtt.encode(mqtt.Publish(TOPIC, bytes(10 << 20), 1, 1)))

    async def unknown_tokens(self) -> None:
        for turn in range(20):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.ports["mqtt"])
            writer.write(mqtt.encode(mqtt.Connect("stranger", username=f"guess-{turn}")))
            assert (await reader.read(4096))[3] in (4, 5)
            writer.close()

    async def garbage(self) -> None:
        """Random bytes on every port are answered by a refusal or by the end of the connection."""

        async def send(port: int) -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            await self.until_closed(reader, writer, os.urandom(65_536))

        await asyncio.gather(*(send(port) for port in self.ports.values() for _ in range(2)))

    async def half_open(self) -> None:
        """Connections that never say a word, half a one, or one without end, until the platform ends them."""
        opened = [await asyncio.open_connection("127.0.0.1", self.ports["mqtt"]) for _ in range(HALF_OPEN)]
        for _, writer in opened[::2]:
            writer.write(b"\x10\xff")
        await asyncio.gather(self.dribble(), *(self.until_closed(reader, writer, b"") for reader, writer in opened))

    async def dribble(self) -> None:
        """A CONNECT of 64 KiB, a byte at a time."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.ports["mqtt"])
        writer.write(b"\x10\xff\xff\x03")
        for _ in patience("the end of a stranger who dribbles"):
            await asyncio.sleep(0.2)
            if reader.at_eof() or writer.transport.is_closing():
                break
            writer.write(b"\0")
        writer.close()

    async def flood(self, stop: asyncio.Event) -> None:
        """As many messages as the sockets take, without ever reading an answer."""
        async with self.device("flood", mqtt.V3) as (_, writer):
            while not stop.is_set():
                now = time.time_ns() // 1_000_000
                body = json.dumps({"ts": now - self.flooded % 60_000, "values": {"lel": 1.0}}).encode()
                writer.write(mqtt.encode(mqtt.Publish(TOPIC, body, 1, self.flooded % 65_535 + 1)) * 50)
                self.flooded += 50
                try:
                    await asyncio.wait_for(writer.drain(), 0.2)
                except TimeoutError:
                    continue

    @staticmethod
    async def until_closed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes) -> None:
        """Send, then read until the other side ends the connection. Fails if it never does."""
        try:
            writer.write(data)
            while await asyncio.wait_for(reader.read(65_536), 90):
                pass
        except ConnectionError:
            pass
        finally:
            writer.close()


async def attack(evil: Evil, publisher: Publisher) -> None:
    """Everything at once; the good device publishes throughout and finishes while the flood goes on."""
    stop = asyncio.Event()
    flood = asyncio.create_task(evil.flood(stop))
    attacks: Iterable[Callable[[], Awaitable[None]]] = (
        evil.bad_payloads,
        evil.lies,
        evil.ten_megabytes,
        evil.unknown_tokens,
        evil.garbage,
        evil.half_open,
    )
    await asyncio.gather(publisher.run(asyncio.Event()), *(each() for each in attacks))
    assert not flood.done()
    assert evil.flooded > COUNT
    stop.set()
    await flood


def test_evil_devices_are_refused_and_counted_and_a_good_one_does_not_notice(tmp_path: Path) -> None:
    start = round(time.time() * 1000) - COUNT * 1000
    values = [1.0 + number / 1e6 for number in range(COUNT)]
    hj212, gb26875 = free_port(), free_port()
    ports = {"BIAN_HJ212_PORT": str(hj212), "BIAN_GB26875_PORT": str(gb26875)}
    with running(tmp_path / "home", "intake", **ports) as instance:
        for port in (instance.http_port, hj212, gb26875):  # which open after that of MQTT
            instance.wait_for("intake", port)
        publisher = Publisher(GOOD, instance.token(GOOD), instance.mqtt_port, "lel", values, start, 1000)
        evil = Evil(instance, hj212, gb26875)
        asyncio.run(attack(evil, publisher))

        expected = {f"{EVIL} {reason}" for reason in (*PAYLOADS, "identity", "mqtt")}
        expected |= {f"127.0.0.1 {reason}" for reason in ("connect", "mqtt", "http")}
        for _ in patience("the report of refusals"):
            counted = instance.script(REFUSALS)
            if expected <= counted.keys() and counted["127.0.0.1 connect"][0] >= 20:
                break
        assert not [key for key, (_, example) in counted.items() if not example]
        assert not [key for key in counted if key.startswith(GOOD)]
        stranger = {key.split()[1] for key in counted if key.startswith("127.0.0.1 ")}
        assert stranger >= {"hostile"}

        signal = instance.script(
            "import json; from bianwang.modules.sensing.models import Signal;"
            f"print(json.dumps(Signal.objects.get(device__key='{GOOD}', name='lel').pk))"
        )
        stored = instance.telemetry().series([signal], start, start + 2 * COUNT * 1000)
        assert stored["time"].tolist() == [start + number * 1000 for number in range(COUNT)]
        assert stored["value"].tolist() == values
        assert "Traceback" not in (instance.home / "intake.log").read_text()
