"""Benchmark of the intake: devices -> MQTT -> durable in chDB -> judged by 60,000 rule instances.

    python bench/intake.py [--seconds 60] [--no-peers]

Prints one JSON line per figure: {"bench", "metric", "value", "unit", "peer", "ratio"}. The load comes from a process
of its own over loopback; a figure counts only if every acknowledged reading is in the store. The peer is the same load
through mosquitto (Debian) and a gmqtt consumer that decodes the payloads, but stores and judges nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RULES = 60_000
READINGS = {"batch": 100, "single": 1}
SETTLE_S = 2


def report(metric: str, value: float, unit: str, peer: str = "", ratio: float | None = None) -> None:
    """One line of the benchmark's output."""
    line = {"bench": "intake", "metric": metric, "value": value, "unit": unit, "peer": peer, "ratio": ratio}
    print(json.dumps(line), flush=True)


def load(port: int, *options: str) -> dict[str, Any]:
    """Run the load generator to its end."""
    command = [sys.executable, str(HERE / "load.py"), str(port), *options]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


class Intake:
    """The standalone intake in a process of its own, with a fresh store."""

    def __enter__(self) -> Intake:
        self._folder = tempfile.mkdtemp(prefix="bian-bench-")
        command = [sys.executable, str(HERE / "standalone.py"), f"{self._folder}/telemetry", "--rules", str(RULES)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.start = self._line()
        time.sleep(SETTLE_S)
        self.idle_mb = self.rss_mb()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        shutil.rmtree(self._folder)

    @property
    def port(self) -> int:
        return self.start["port"]

    def rss_mb(self) -> int:
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) >> 10

    def stop(self) -> dict[str, Any]:
        """Stop politely; its counters."""
        self._process.send_signal(signal.SIGTERM)
        return self._line()

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())


def ours(shape: str, seconds: float, *options: str) -> tuple[float, dict[str, Any]]:
    """Readings a second that were acknowledged and found in the store; and the load's own figures."""
    with Intake() as intake:
        sent = load(intake.port, "--shape", shape, "--seconds", str(seconds), *options)
        sent["rss_mb"], sent["idle_mb"] = intake.rss_mb(), intake.idle_mb
        counted = intake.stop()
        if counted["count"] != sent["readings"]:
            raise SystemExit(f"readings lost: acknowledged {sent['readings']}, but {counted}")
        sent["judged"] = counted["judged"] / counted["count"]
    return sent["readings"] / sent["seconds"], sent


def mosquitto(shape: str, seconds: float, window: str) -> float:
    """Readings a second that a gmqtt consumer behind mosquitto has decoded."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        settings = Path(folder) / "mosquitto.conf"
        # Without limits: a broker that drops messages would not carry the same load.
        settings.write_text(
            f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nmax_inflight_messages 0\n"
            "log_type none\npersistence false\nset_tcp_nodelay true\n"
        )
        broker = subprocess.Popen(["/usr/sbin/mosquitto", "-c", str(settings)], stderr=subprocess.DEVNULL)
        try:
            consumer = subprocess.Popen(
                [sys.executable, __file__, "--consume", str(port)],
                stdout=subprocess.PIPE,
                stdin=subprocess.PIPE,
                text=True,
            )
            assert consumer.stdout
            assert consumer.stdin
            consumer.stdout.readline()
            begin = time.monotonic()
            sent = load(port, "--shape", shape, "--seconds", str(seconds), "--window", window)
            consumer.stdin.write(f"{sent['messages']}\n")
            consumer.stdin.close()
            got = json.loads(consumer.stdout.readline())
            consumer.wait()
        finally:
            broker.kill()
            broker.wait()
        return got["readings"] / (got["last"] - begin)


async def consume(port: int) -> None:
    """The peer's consumer: decode every message, tell how many readings there were and when the last came."""
    import gmqtt

    from bianwang.protocols import payloads

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
    client.subscribe("bianwang/v1/telemetry", qos=1)
    await subscribed.wait()
    print("ready", flush=True)
    expected = int(await asyncio.to_thread(sys.stdin.readline))
    while state["messages"] < expected and time.monotonic() - state["last"] < 10:
        await asyncio.sleep(0.05)
    print(json.dumps(state), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--consume", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.consume:
        asyncio.run(consume(options.consume))
        return
    short = min(options.seconds, 20)
    for shape, name, seconds, window in (
        ("batch", "readings of QoS 1 payloads of 100", options.seconds, "60"),
        ("single", "QoS 1 messages of one reading, 50 connections", short, "400"),
    ):
        rate, sent = ours(shape, seconds, "--window", window)
        report(name, round(rate), "1/s")
        report(f"share judged as it arrived ({shape}; the rest is judged later)", round(sent["judged"], 4), "")
        report(f"memory of the intake under this load ({shape})", sent["rss_mb"], "MB")
        if shape == "batch":
            report("memory of the intake, idle", sent["idle_mb"], "MB")
        if not options.no_peers:
            peer = mosquitto(shape, min(seconds, 10), window)
            report(name, round(peer), "1/s", "mosquitto + gmqtt, not stored, not judged", round(rate / peer, 1))
    rate, sent = ours("batch", short, "--rate", "200")
    report("time to PUBACK at 20,000 readings/s, median", sent["p50_ms"], "ms")
    report("time to PUBACK at 20,000 readings/s, p99", sent["p99_ms"], "ms")


if __name__ == "__main__":
    main()
