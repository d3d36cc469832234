"""Kill the intake under load, again and again: every acknowledged reading is stored, none twice."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from collections import deque
from pathlib import Path

import pytest

from bianwang.protocols import mqtt
from bianwang.telemetry.store import TelemetryStore

STANDALONE = Path(__file__).parents[3] / "bench" / "standalone.py"
KILLS = 4
ACKS_BEFORE_A_KILL = 400
WINDOW = 200


class Device:
    """Sends numbered columns of 20 readings; what is not acknowledged is sent again on the next connection."""

    def __init__(self, number: int, start_ms: int) -> None:
        self.name = f"d{number}"
        self.start_ms = start_ms
        self.next = 0
        self.acknowledged: set[int] = set()
        self._open: deque[int] = deque()

    async def run(self, port: int) -> None:
        """Publish until the connection dies."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(mqtt.encode(mqtt.Connect(self.name, username=self.name)))
            await reader.readexactly(4)
            again, self._open = self._open, deque()
            for message in again:
                self._send(writer, message)
            while True:
                while len(self._open) < WINDOW:
                    self._send(writer, self.next)
                    self.next += 1
                ack = await reader.readexactly(4)
                message = self._open.popleft()
                assert int.from_bytes(ack[2:], "big") == message % 65_535 + 1
                self.acknowledged.add(message)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def times(self, message: int) -> list[int]:
        return [self.start_ms + message * 20 + n for n in range(20)]

    def _send(self, writer: asyncio.StreamWriter, message: int) -> None:
        body = json.dumps({"ts": self.times(message), "values": {"s0": [message] * 20}}).encode()
        writer.write(mqtt.encode(mqtt.Publish("bianwang/v1/telemetry", body, 1, message % 65_535 + 1)))
        self._open.append(message)


async def start(path: Path) -> tuple[asyncio.subprocess.Process, int]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(STANDALONE), str(path), "--devices", "4", "--signals", "1", "--rows", "2000"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    return process, json.loads(await process.stdout.readline())["port"]


@pytest.mark.faults
async def test_every_acknowledged_reading_survives_kill_9_and_none_is_stored_twice(tmp_path):
    path = tmp_path / "telemetry"
    begin = time.time_ns() // 1_000_000 - 86_400_000
    devices = [Device(number, begin) for number in range(4)]
    for last in [False] * KILLS + [True]:
        process, port = await start(path)
        before = sum(len(device.acknowledged) for device in devices)
        running = [asyncio.ensure_future(device.run(port)) for device in devices]
        while sum(len(device.acknowledged) for device in devices) < before + ACKS_BEFORE_A_KILL:
            assert process.returncode is None
            await asyncio.sleep(0.005)
        process.send_signal(signal.SIGTERM if last else signal.SIGKILL)
        await process.communicate()
        await asyncio.gather(*running)

    store = TelemetryStore(path)
    try:
        for number, device in enumerate(devices):
            got = store.series([number + 1], 0, 2**52)
            stored = dict(zip(got["time"].tolist(), got["value"].tolist(), strict=True))
            assert len(stored) == len(got["time"])  # none twice
            for message in device.acknowledged:
                for at in device.times(message):
                    assert stored[at] == message
        seq = store.since(0, 10_000_000).seq.tolist()
        assert seq == sorted(set(seq))
        assert len(seq) == store.count()
    finally:
        store.close()
