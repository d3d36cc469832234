"""The bridge against a real mosquitto."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bianwang.processes.intake.directory import Directory
from bianwang.processes.intake.judging import RuleSet
from bianwang.processes.intake.pipeline import Limits, Pipeline
from bianwang.processes.intake.register import Register
from bianwang.processes.intake.sources import bridge as module
from bianwang.processes.intake.sources.bridge import BridgeSource
from tests.processes.intake.conftest import Running, until

MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
pytestmark = pytest.mark.skipif(MOSQUITTO is None, reason="mosquitto is not installed")

NOBODY = Register({}, (), Directory(), RuleSet.build([], frozenset()))
NEVER = Limits(delay_s=3600, tick_s=3600)
"""Of a pipeline that never gets to write."""


class Broker:
    """A mosquitto with a password, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port: int = probe.getsockname()[1]
        passwords = folder / "passwords"
        subprocess.run(["mosquitto_passwd", "-c", "-b", str(passwords), "bian", "p@ss"], check=True)
        passwords.chmod(0o644)
        (folder / "mosquitto.conf").write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\n"
            f"persistence true\npersistence_location {folder}/\nuser root\n"
        )
        self.url = f"mqtt://bian:p%40ss@127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [str(MOSQUITTO), "-c", str(self.folder / "mosquitto.conf")]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise AssertionError("mosquitto did not start")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    async def publish(self, topic: str, body: object, *options: str) -> None:
        """Publish as a device would, with QoS 1: returns when the broker has the message."""
        raw = body if isinstance(body, str) else json.dumps(body)
        command = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.port), "-u", "bian", "-P", "p@ss"]
        made = await asyncio.create_subprocess_exec(*command, "-q", "1", "-t", topic, "-m", raw, *options)
        assert await made.wait() == 0


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    folder = tmp_path / "broker"
    folder.mkdir()
    made = Broker(folder)
    made.start()
    yield made
    made.stop()


@pytest.fixture
async def bridge(intake: Running, broker: Broker, tmp_path: Path) -> AsyncIterator[BridgeSource]:
    made = BridgeSource(intake.pipeline, broker.url, tmp_path, retry_s=0.05)
    await made.start(NOBODY)
    await asyncio.wait_for(made.connected.wait(), 10)
    yield made
    await made.stop()


async def test_messages_of_registered_devices_are_stored(intake: Running, broker: Broker, bridge: BridgeSource) -> None:
    now = time.time_ns() // 1_000_000
    await broker.publish("bianwang/v1/devices/pump-1/telemetry", {"ts": now, "values": {"pressure": 0.4}})
    await broker.publish("v1/devices/pump-1/telemetry", {"ts": now, "values": {"flow": "10"}})
    await until(lambda: intake.rows(1) == [(now, 0.4)] and intake.rows(2) == [(now, 6.0)], "both stored")
    assert intake.pipeline.refusals.total == 0


@pytest.mark.parametrize(
    ("key", "body", "who", "code"),
    [
        ("nobody", {"values": {"pressure": 1}}, "nobody", "identity"),
        ("pump-1", "{", "pump-1", "json"),
        ("pump-1", {"values": {"pressure": "x"}}, "pump-1", "value"),
        ("pump-1", {"values": {"unknown": 1}}, "pump-1", "signal"),
    ],
)
async def test_what_cannot_be_taken_is_counted_and_does_not_come_back(
    intake: Running, broker: Broker, bridge: BridgeSource, key: str, body: object, who: str, code: str
) -> None:
    topic = "bianwang/v1/devices/{}/telemetry"
    now = time.time_ns() // 1_000_000
    await broker.publish(topic.format(key), body)
    await until(lambda: intake.pipeline.refusals.count(who, code) == 1, "counted")
    await broker.publish(topic.format("pump-1"), {"ts": now, "values": {"pressure": 5}})
    await until(lambda: intake.values(1) == [5.0], "the next one is stored")
    await bridge.stop()
    again = BridgeSource(intake.pipeline, broker.url, broker.folder.parent, retry_s=0.05)
    await again.start(NOBODY)
    await asyncio.wait_for(again.connected.wait(), 10)
    await broker.publish(topic.format("pump-1"), {"ts": now + 1, "values": {"pressure": 6}})
    await until(lambda: intake.values(1) == [5.0, 6.0], "stored after the restart")
    await again.stop()
    assert intake.pipeline.refusals.count(who, code) == 1


async def test_a_retained_message_is_not_a_reading_of_now(intake: Running, broker: Broker, tmp_path: Path) -> None:
    topic = "bianwang/v1/devices/pump-1/telemetry"
    await broker.publish(topic, {"values": {"pressure": 1}}, "-r")
    bridge = BridgeSource(intake.pipeline, broker.url, tmp_path)
    await bridge.start(NOBODY)
    await asyncio.wait_for(bridge.connected.wait(), 10)
    await broker.publish(topic, {"values": {"pressure": 2}})
    await until(lambda: 2.0 in intake.values(1), "the live one")
    await bridge.stop()
    assert intake.values(1) == [2.0]


async def test_what_was_received_but_not_durable_comes_again_after_a_crash(
    intake: Running, broker: Broker, tmp_path: Path
) -> None:
    crashing = Pipeline(intake.store, intake.live, limits=NEVER)
    first = BridgeSource(crashing, broker.url, tmp_path)
    await first.start(NOBODY)
    await asyncio.wait_for(first.connected.wait(), 10)
    start = time.time_ns() // 1_000_000
    for number in range(10):
        body = {"ts": start + number, "values": {"pressure": number}}
        await broker.publish("bianwang/v1/devices/pump-1/telemetry", body)
    await until(lambda: crashing.health()["open_readings"] == 10, "all received, none durable")
    await first.stop()
    assert intake.values(1) == []
    await broker.publish("bianwang/v1/devices/pump-1/telemetry", {"ts": start + 10, "values": {"pressure": 10}})

    second = BridgeSource(intake.pipeline, broker.url, tmp_path)
    await second.start(NOBODY)
    await until(lambda: len(intake.values(1)) == 11, "nothing lost")
    assert intake.values(1) == [float(number) for number in range(11)]
    await second.stop()


async def test_the_bridge_comes_back_when_the_broker_does(
    intake: Running, broker: Broker, bridge: BridgeSource
) -> None:
    broker.stop()
    await until(lambda: not bridge.connected.is_set(), "gone")
    broker.start()
    await asyncio.wait_for(bridge.connected.wait(), 10)
    await broker.publish("bianwang/v1/devices/pump-1/telemetry", {"values": {"pressure": 1}})
    await until(lambda: intake.values(1) == [1.0], "stored")


async def test_a_wrong_password_is_told_and_tried_again(
    intake: Running, broker: Broker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bridge = BridgeSource(intake.pipeline, broker.url.replace("p%40ss", "wrong"), tmp_path, retry_s=0.02)
    await bridge.start(NOBODY)
    await until(lambda: "BIAN_BRIDGE" in caplog.text, "told")
    passwords = broker.folder / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", str(passwords), "bian", "wrong"], check=True)
    broker.process.send_signal(signal.SIGHUP)
    await asyncio.wait_for(bridge.connected.wait(), 10)
    await bridge.stop()


async def test_a_broker_that_only_knows_mqtt_3_is_spoken_to_in_its_language(
    intake: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HANDSHAKE_S", 0.5)
    levels: list[int] = []

    async def old_broker(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connect = await reader.read(1024)
        levels.append(connect[connect.index(b"MQTT") + 4])
        writer.write(b"\x20\x02\x00\x00" if levels[-1] == 4 else b"\x20\x02\x00\x01")
        if levels[-1] != 4:
            writer.close()
            return
        subscribe = await reader.read(1024)
        writer.write(b"\x90\x03" + subscribe[2:4] + b"\x01")
        await reader.read()

    server = await asyncio.start_server(old_broker, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    bridge = BridgeSource(intake.pipeline, f"mqtt://127.0.0.1:{port}", tmp_path, retry_s=0.01)
    await bridge.start(NOBODY)
    await asyncio.wait_for(bridge.connected.wait(), 30)
    assert levels[:2] == [5, 4]
    await bridge.stop()
    server.close()


async def test_a_broker_that_is_away_does_not_hold_up_the_start(intake: Running, tmp_path: Path) -> None:
    bridge = BridgeSource(intake.pipeline, "mqtt://127.0.0.1:1", tmp_path)
    await asyncio.wait_for(bridge.start(NOBODY), 1)
    await bridge.stop()
