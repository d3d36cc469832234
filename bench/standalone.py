"""A bare intake: MQTT endpoint, pipeline, store and (optionally) the rule evaluator, for benchmarks and fault tests.

Prints one JSON line {"port": ...} when it listens, one with counters when told to stop by SIGTERM.
Devices d0 .. d{devices-1} log in with their key as token and have signals s0 .. s{signals-1}.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path

import uvloop

from bianwang.processes.intake.directory import Device, Directory, LiveDirectory, SignalRef, sm3
from bianwang.processes.intake.endpoint import MqttEndpoint
from bianwang.processes.intake.judge import Judge, NoJudge
from bianwang.processes.intake.pipeline import Limits, Pipeline
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.socket import TelemetryServer
from bianwang.telemetry.store import TelemetryStore


def directory(devices: int, signals: int) -> Directory:
    """Devices with their signals, ids from 1."""
    return Directory(
        Device(
            id=number + 1,
            key=f"d{number}",
            owner=number + 1,
            signals={f"s{s}": SignalRef(1 + number * signals + s) for s in range(signals)},
            token_sm3=sm3(f"d{number}"),
        )
        for number in range(devices)
    )


class Counting:
    """Counts what was judged; passes it on."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self.readings = 0
        self.seconds = 0.0

    def admit(self, batch: Columns, now_ms: int) -> None:
        self._judge.admit(batch, now_ms)

    def push(self, batch: Columns, now_ms: int) -> None:
        started = time.thread_time()
        self._judge.push(batch, now_ms)
        self.seconds += time.thread_time() - started
        self.readings += len(batch)


def memory_mb() -> int:
    """Resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20


async def serve(options: argparse.Namespace) -> None:
    """Run until SIGTERM."""
    sys.setswitchinterval(options.switch)
    store = TelemetryStore(options.path)
    judge = Counting(evaluator(options) if options.rules else NoJudge())
    live = LiveDirectory(directory(options.devices, options.signals))
    pipeline = Pipeline(store, live, judge, limits=Limits(rows=options.rows, delay_s=options.delay))
    endpoint = MqttEndpoint(pipeline)
    pipeline.start()
    telemetry = TelemetryServer(store, options.socket, pipeline.health) if options.socket else None
    if telemetry:
        await telemetry.start()
    port = await endpoint.start("127.0.0.1", options.port)
    print(json.dumps({"port": port, "rss_mb": memory_mb(), "seq": store.seq}), flush=True)
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    await stopping.wait()
    rss = memory_mb()
    await endpoint.stop()
    await pipeline.stop()
    if telemetry:
        await telemetry.stop()
    print(
        json.dumps(
            {
                "count": store.count(),
                "duplicates": store.duplicates,
                "refused": pipeline.refusals.total,
                "judged": judge.readings,
                "judge_s": round(judge.seconds, 3),
                "cpu_s": round(time.process_time(), 2),
                "rss_mb": rss,
                "batches": pipeline.number,
            }
        ),
        flush=True,
    )
    store.close()


def evaluator(options: argparse.Namespace) -> Judge:
    """The rule evaluator with `rules` instances spread over all signals."""
    raise SystemExit("no evaluator yet")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--socket", default="")
    parser.add_argument("--devices", type=int, default=50)
    parser.add_argument("--signals", type=int, default=400)
    parser.add_argument("--rules", type=int, default=0)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--delay", type=float, default=0.02)
    parser.add_argument("--switch", type=float, default=0.005)
    uvloop.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
