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
import time
from collections.abc import Callable
from pathlib import Path

import uvloop

from bianwang.engine.changes import Changes
from bianwang.engine.evaluator import Evaluator
from bianwang.engine.semantics import Kind, Op
from bianwang.engine.table import Instance
from bianwang.processes.intake.directory import Device, Directory, LiveDirectory, SignalRef, sm3
from bianwang.processes.intake.endpoint import MqttEndpoint
from bianwang.processes.intake.judge import Judge, NoJudge
from bianwang.processes.intake.pipeline import Limits, Pipeline
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.server import TelemetryServer
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
        self.readings += int(batch.judged.sum())


def memory_mb() -> int:
    """Resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20


async def serve(options: argparse.Namespace) -> None:
    """Run until SIGTERM."""
    store = TelemetryStore(options.path)
    judge = Counting(evaluator(options, store) if options.rules else NoJudge())
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


class Discard:
    """An outbox that counts verdict changes and forgets them."""

    changed = 0

    def changes(self, changes: Changes, rules: object, seq: int) -> None:
        self.changed += len(changes)

    def late(self, batch: Columns, rules: object) -> None: ...

    def rule_change(self, keys: list[int], at_ms: int, rules: object) -> None: ...

    def snapshot(self, write: Callable[[], None]) -> None:
        write()


def evaluator(options: argparse.Namespace, store: TelemetryStore) -> Judge:
    """The rule evaluator with `rules` instances over all signals: thresholds, holds, N of M, rates, silence."""
    from bianwang.processes.intake.judging import EngineJudge, RuleSet

    count = options.devices * options.signals
    kinds = (
        {"kind": Kind.THRESHOLD, "op": Op.GT, "limit": 75.0, "hysteresis": 1.0, "hold_ms": 30_000},
        {"kind": Kind.THRESHOLD, "op": Op.LT, "limit": 25.0, "n": 3, "m": 5},
        {"kind": Kind.RATE, "op": Op.GT, "limit": 60.0, "window_ms": 60_000},
        {"kind": Kind.SILENCE, "window_ms": 86_400_000},
    )
    instances = [
        Instance(
            key=rule + 1,
            signal=1 + rule % count,
            owner=1 + rule % count // options.signals,
            **kinds[rule % 4],  # type: ignore[arg-type]
        )
        for rule in range(options.rules)
    ]
    rules = RuleSet.build(instances, {}, frozenset())
    now = time.time_ns() // 1_000_000
    folder = Path(options.path).with_name("snapshots")
    folder.mkdir(exist_ok=True)
    return EngineJudge(store, Discard(), rules, Evaluator(rules.table, now), folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--socket", default="")
    parser.add_argument("--devices", type=int, default=50)
    parser.add_argument("--signals", type=int, default=800)
    parser.add_argument("--rules", type=int, default=0)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--delay", type=float, default=0.02)
    uvloop.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
