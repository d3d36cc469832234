"""The peer of the intake: mosquitto and a gmqtt consumer that decodes, and neither stores nor judges."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gmqtt

from bianwang.protocols import payloads
from tests.instance import free_port

TOPIC = "bianwang/v1/telemetry"
# Without limits: a broker that drops messages would not carry the same load.
SETTINGS = (
    "listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nmax_inflight_messages 0\n"
    "log_type none\npersistence false\nset_tcp_nodelay true\n"
)


def rate(load: Callable[[int], dict[str, Any]]) -> float | None:
    """Readings a second that the consumer has decoded of a load on the broker's port; None without mosquitto."""
    program = shutil.which("mosquitto", path="/usr/sbin:/usr/bin")
    if program is None:
        return None
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "mosquitto.conf"
        settings.write_text(SETTINGS.format(port=port))
        running = subprocess.Popen([program, "-c", str(settings)], stderr=subprocess.DEVNULL)
        command = [sys.executable, "-m", "bench.broker", str(port)]
        consumer = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
        try:
            assert consumer.stdout
            assert consumer.stdin
            consumer.stdout.readline()
            begin = time.monotonic()
            sent = load(port)
            consumer.stdin.write(f"{sent['messages']}\n")
            consumer.stdin.close()
            got = json.loads(consumer.stdout.readline())
        finally:
            for process in (consumer, running):
                process.kill()
                process.wait()
    return float(got["readings"] / (got["last"] - begin))


async def consume(port: int) -> None:
    """Decode every message; print how many readings there were and when the last came."""
    state = {"messages": 0, "readings": 0, "last": time.monotonic()}
    client = gmqtt.Client("consumer", receive_maximum=65_535)

    def on_message(_client: object, _topic: str, payload: bytes, _qos: int, _properties: object) -> int:
        state["messages"] += 1
        state["readings"] += len(payloads.native(payload))
        state["last"] = time.monotonic()
        return 0

    subscribed = asyncio.Event()
    client.on_message = on_message
    client.on_subscribe = lambda *_: subscribed.set()
    for _ in range(50):
        try:
            await client.connect("127.0.0.1", port)
            break
        except ConnectionError:
            await asyncio.sleep(0.1)
    client.subscribe(TOPIC, qos=1)
    await subscribed.wait()
    print("ready", flush=True)
    expected = int(await asyncio.to_thread(sys.stdin.readline))
    while state["messages"] < expected and time.monotonic() - state["last"] < 10:
        await asyncio.sleep(0.05)
    print(json.dumps(state), flush=True)


if __name__ == "__main__":
    asyncio.run(consume(int(sys.argv[1])))
