"""Unmodified MQTT clients work with the endpoint."""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
import sys
import time

import aiomqtt
import gmqtt
import paho.mqtt.client as paho
import pytest

from bianwang.processes.intake.endpoint import MqttEndpoint
from tests.processes.intake.conftest import PUMP, until

VERSIONS = pytest.mark.parametrize("version", ["mqttv311", "mqttv5"])


async def mosquitto(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["mosquitto_pub", "-h", "127.0.0.1", *arguments]
    return await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=30)


@VERSIONS
@pytest.mark.parametrize("qos", ["0", "1"])
async def test_mosquitto_pub_sends_a_reading(intake, version, qos):
    payload = '{"values": {"pressure": 0.38}}'
    done = await mosquitto(
        *("-p", str(intake.port), "-V", version, "-u", "pump-token", "-q", qos),
        *("-t", "bianwang/v1/telemetry", "-m", payload),
    )
    assert (done.returncode, done.stderr) == (0, "")
    await until(lambda: intake.values(1) == [0.38])


@VERSIONS
async def test_mosquitto_pub_is_told_why_it_may_not_connect(intake, version):
    done = await mosquitto("-p", str(intake.port), "-V", version, "-u", "nobody", "-t", "x", "-m", "y")
    assert done.returncode != 0
    assert "refused" in done.stderr.lower() or "not authori" in done.stderr.lower() or "bad user" in done.stderr.lower()


@VERSIONS
async def test_mosquitto_pub_sends_many_lines_over_one_connection(intake, version):
    lines = "\n".join(json.dumps({"ts": 1_795_400_000_000 + n, "values": {"pressure": n}}) for n in range(500))
    command = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(intake.port), "-V", version, "-u", "oven"]
    command += ["-P", "secret", "-q", "1", "-t", "v1/devices/me/telemetry", "-l"]
    lines = lines.replace("pressure", "temperature")
    done = await asyncio.to_thread(
        subprocess.run, command, input=lines + "\n", capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert intake.values(3) == list(map(float, range(500)))


PAHO = """
import json, sys, threading
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

subscribed, told = threading.Event(), threading.Event()
client = paho.Client(CallbackAPIVersion.VERSION2, "paho", protocol=int(sys.argv[2]))
client.username_pw_set("pump-token")
client.on_connect = lambda *_: client.subscribe("bianwang/v1/devices/pump-1/command", 1)
client.on_subscribe = lambda *_: subscribed.set()
client.on_message = lambda _c, _u, message: (print(message.payload.decode(), flush=True), told.set())
client.connect("127.0.0.1", int(sys.argv[1]), keepalive=5)
client.loop_start()
assert subscribed.wait(60)
for n in range(200):
    body = {"ts": 1_795_400_000_000 + n, "values": {"pressure": n}}
    sent = client.publish("bianwang/v1/telemetry", json.dumps(body), qos=1)
sent.wait_for_publish(60)
print("published", flush=True)
assert told.wait(60)
client.disconnect()
client.loop_stop()
"""


@pytest.mark.parametrize("protocol", [paho.MQTTv311, paho.MQTTv5])
async def test_paho_publishes_and_takes_commands(intake, protocol):
    # A process of its own: paho waits with select(), which cannot hold the many files that stores open in this one.
    client = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PAHO, str(intake.port), str(int(protocol)), stdout=asyncio.subprocess.PIPE
    )
    assert await client.stdout.readline() == b"published\n"
    assert intake.values(1) == list(map(float, range(200)))
    assert await intake.endpoint.command(PUMP.id, b"open")
    assert await client.stdout.readline() == b"open\n"
    assert await client.wait() == 0
    await until(lambda: not intake.pipeline.presence.online(PUMP.id))


@pytest.mark.parametrize("version", [gmqtt.constants.MQTTv311, gmqtt.constants.MQTTv50])
async def test_gmqtt_publishes_and_takes_commands(intake, version):
    client = gmqtt.Client("gmqtt")
    client.set_auth_credentials("pump-token", None)
    commands: list[bytes] = []
    subscribed = asyncio.Event()
    client.on_message = lambda _c, _t, payload, *_: commands.append(payload) or 0
    client.on_subscribe = lambda *_: subscribed.set()
    await client.connect("127.0.0.1", intake.port, version=version)
    client.subscribe("bianwang/v1/devices/pump-1/command", qos=1)
    await asyncio.wait_for(subscribed.wait(), 60)
    for n in range(50):
        client.publish("v1/devices/me/telemetry", {"ts": 1_795_400_000_000 + n, "values": {"pressure": n}}, qos=1)
    await until(lambda: len(intake.rows(1)) == 50)
    assert await intake.endpoint.command(PUMP.id, b"open")
    assert commands == [b"open"]
    await client.disconnect()


@pytest.mark.parametrize("protocol", [aiomqtt.ProtocolVersion.V311, aiomqtt.ProtocolVersion.V5])
async def test_aiomqtt_publishes_and_takes_commands(intake, protocol):
    client = aiomqtt.Client("127.0.0.1", intake.port, username="oven", password="secret", protocol=protocol)
    async with client:
        await client.subscribe("bianwang/v1/devices/oven/command", qos=1)
        for n in range(20):
            body = {"ts": 1_795_400_000_000 + n, "values": {"temperature": n}}
            await client.publish("bianwang/v1/telemetry", json.dumps(body), qos=1)
        assert intake.values(3) == list(map(float, range(20)))  # awaiting a publish means it is on disk
        sent = asyncio.ensure_future(intake.endpoint.command(2, b"open"))
        async for message in client.messages:
            assert message.payload == b"open"
            break
        assert await sent


async def test_a_device_connects_over_tls(intake, tmp_path):
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    await asyncio.to_thread(
        subprocess.run,
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost"),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    endpoint: MqttEndpoint = intake.endpoint
    port = await endpoint.start("127.0.0.1", 0, context)
    done = await mosquitto(
        *("-h", "localhost", "-p", str(port), "--cafile", str(certificate), "-u", "pump-token", "-q", "1"),
        *("-t", "bianwang/v1/telemetry", "-m", '{"values": {"pressure": 4}}'),
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert intake.values(1) == [4.0]
    refused = await mosquitto("-p", str(port), "-u", "pump-token", "-t", "x", "-m", "y")
    assert refused.returncode != 0  # plain text on the TLS port
    assert intake.store.count() == 1


async def test_clients_of_all_kinds_work_side_by_side_with_one_that_misbehaves(intake):
    body = json.dumps({"ts": time.time_ns() // 1_000_000, "values": {"temperature": 1}})
    bad, good = await asyncio.gather(
        mosquitto("-p", str(intake.port), "-u", "pump-token", "-q", "2", "-t", "bianwang/v1/telemetry", "-m", "{"),
        mosquitto(
            *("-p", str(intake.port), "-u", "oven", "-P", "secret", "-q", "1"),
            *("-t", "bianwang/v1/telemetry", "-m", body),
        ),
    )
    assert bad.returncode != 0
    assert good.returncode == 0
    assert intake.values(3) == [1.0]
