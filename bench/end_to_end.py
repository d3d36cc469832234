"""The whole platform under load: `python -m bench.end_to_end [--seconds 60] [--no-peers]`

Devices -> MQTT -> durable in chDB -> judged by 60,000 rule instances -> alarms -> the live stream of a client, through
the processes of `bian run`. The load comes from a process of its own over loopback; a rate counts only if every
acknowledged reading is in the store. The peer is the same load through mosquitto (Debian) and a gmqtt consumer that
decodes the payloads, but stores and judges nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from bench import broker, probe
from bench.fleet import DEVICES, SIGNALS, Fleet, fleet
from bench.report import emit
from tests.instance import patience

SHAPES = {
    "single": ("QoS 1 messages of one reading, 50 connections", "400"),
    "batch": ("readings in QoS 1 payloads of 100", "60"),
}
"""Name of the figure, and unacknowledged messages of a connection."""
STEADY = 20_000
"""Readings a second beside which alarms are timed."""
BENCH = "end_to_end"


def load(port: int, *options: str) -> subprocess.Popen[str]:
    """Start the load generator."""
    command = [sys.executable, "-m", "bench.load", str(port), "--connections", str(DEVICES), "--signals", str(SIGNALS)]
    return subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str], watch: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Wait for the load's figures; `watch` is called every second meanwhile."""
    while True:
        try:
            out, _ = process.communicate(timeout=1)
        except subprocess.TimeoutExpired:
            watch()
        else:
            figures: dict[str, Any] = json.loads(out)
            return figures


def throughput(running: Fleet, shape: str, seconds: float, *, peers: bool) -> None:
    """Readings a second: acknowledged, found in the store, judged."""
    name, window = SHAPES[shape]
    client = running.instance.telemetry()
    before, first, worked = client.count(), client.health()["seq"], running.processor_s()
    memory: list[float] = []
    options = ("--shape", shape, "--window", window, "--seconds")
    sent = finish(load(running.instance.mqtt_port, *options, str(seconds)), lambda: memory.append(running.memory_mb()))
    worked = running.processor_s() - worked
    stored = client.count() - before
    if stored != sent["readings"]:
        raise SystemExit(f"readings lost: {sent['readings']} acknowledged, {stored} stored")
    running.instance.wait_judged(client)
    last = client.health()["judged_seq"]
    step = max(1, (last - first) // 20)
    judged = [client.since(seq, min(step, 20_000)).judged.mean() for seq in range(first, last, step)]
    rate = sent["readings"] / sent["seconds"]
    peer = broker.rate(lambda port: finish(load(port, *options, str(min(seconds, 10))))) if peers else None
    emit(BENCH, name, rate, "1/s", peer=peer, seconds=sent["seconds"], lost=0)
    emit(BENCH, f"{name}: judged as they arrived", 100 * sum(judged) / len(judged), "%")
    emit(BENCH, f"{name}: processor time of the platform", worked / sent["seconds"], "cores")
    emit(BENCH, f"{name}: memory of the platform", max(memory), "MB")


def latency(running: Fleet, seconds: float) -> None:
    """From publish to the line in a client of the live stream, and to the PUBACK."""
    port, web = running.instance.mqtt_port, running.instance.web_port
    background = load(port, "--shape", "single", "--rate", str(STEADY), "--seconds", str(seconds + 4))
    seen = asyncio.run(probe.alarms(port, web, running.cookie, seconds))
    sent = finish(background)
    started = running.instance.script(probe.STARTED)
    delays = sorted(
        seen.arrived[alarm] - seen.published[signal, at] for alarm, signal, at in started if alarm in seen.arrived
    )
    missing = len(seen.published) - len(delays)
    if missing:
        raise SystemExit(f"{missing} of {len(seen.published)} alarms did not reach the stream")
    name = f"publish to the live stream at {STEADY} readings/s"
    for share, figure in ((0.5, "p50"), (0.99, "p99")):
        emit(BENCH, f"{name}: {figure}", 1000 * delays[int(len(delays) * share)], "ms", alarms=len(delays))
    emit(BENCH, f"{name}: readings sent", sent["readings"] / sent["seconds"], "1/s")
    emit(BENCH, f"publish to PUBACK at {STEADY} readings/s: p50", sent["p50_ms"], "ms")
    emit(BENCH, f"publish to PUBACK at {STEADY} readings/s: p99", sent["p99_ms"], "ms")


def idle(running: Fleet) -> None:
    """Memory once start-up is over and pages have been served."""
    client = running.instance.telemetry()
    for _ in patience("the intake"):
        if not client.health()["error"]:
            break
    running.page("/alarms/wall/")
    emit(BENCH, "memory of the platform, idle", running.memory_mb(), "MB", rules=running.rules)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    with fleet() as running:
        idle(running)
        latency(running, max(21.0, min(options.seconds, 30)))
        throughput(running, "single", min(options.seconds, 30), peers=not options.no_peers)
        # Last, because its readings run ahead of the clock when they come faster than signals have.
        throughput(running, "batch", options.seconds, peers=not options.no_peers)


if __name__ == "__main__":
    main()
