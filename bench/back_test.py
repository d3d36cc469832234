"""A back-test over stored readings, the read from the store included: `python -m bench.back_test [--days 3]`

Every signal reports every ten seconds and has two versions of a rule with two levels (a limit with hysteresis, and a
rise over five minutes held for a minute), as when a draft is compared with what is live. A process of its own owns
the store and answers over its socket, as the intake does. The default is a month of 1,000 signals: 260 million
readings, 2 GB of disk, three minutes with filling the store.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bench.report import emit
from bianwang.engine.calendar import WEEKENDS
from bianwang.engine.formula import ParameterSpec, SignalSpec, Signature
from bianwang.engine.program import compile_formula
from bianwang.engine.table import Instance
from bianwang.modules.rules.backtest import judge
from bianwang.modules.rules.episodes import LEVELS
from bianwang.modules.rules.past import Plan
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.server import TelemetryServer
from bianwang.telemetry.store import TelemetryStore

START_MS = 1_790_784_000_000
PERIOD_MS = 10_000
PIECE = 2_880
LEVEL_TEXTS = ("hysteresis(x > limit, 0.5)", "delta[0, 5min](x) > limit")


def fill(folder: Path, signals: int, steps: int, bench: str = "back_test") -> None:
    """Store what signals at 0.1 Hz report; tells how fast that went."""
    random = np.random.default_rng(1)
    ids = np.arange(1, signals + 1, dtype=np.uint32)
    phase = random.integers(0, PERIOD_MS, signals)
    store = TelemetryStore(folder)
    begin = time.perf_counter()
    for first in range(0, steps, PIECE):
        shape = (min(PIECE, steps - first), signals)
        step = (first + np.arange(shape[0], dtype=np.int64))[:, None]
        times = START_MS + step * PERIOD_MS + phase
        # Some minutes out of limits every three days or so.
        burst = (step // 40 + 31 * ids.astype(np.int64)) % 700 == 0
        values = (20 + 3 * np.sin(step / 1375 + phase) + 0.4 * random.standard_normal(shape) + 9 * burst).round(2)
        store.insert(Columns.of(np.broadcast_to(ids, shape).ravel(), times.ravel(), values.ravel()))
    store.close()
    emit(bench, "filling the store", steps * signals / (time.perf_counter() - begin), "readings/s")


def serve(folder: Path) -> None:
    """Own the store and answer, until told to end; then tell how much memory it took."""

    async def answer() -> None:
        server = TelemetryServer(store, folder / "socket")
        await server.start()
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        await server.stop()

    store = TelemetryStore(folder / "store")
    asyncio.run(answer())
    store.close()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, flush=True)


def instances(signals: int) -> list[Instance]:
    signature = Signature({"x": SignalSpec()}, {"limit": ParameterSpec()})
    programs = [compile_formula(text, signature) for text in LEVEL_TEXTS]
    return [
        Instance(
            key=(2 * signal + version) * LEVELS + level,
            owner=signal // 40,
            program=program,
            signals=(signal,),
            parameters=((26.0, 7.0)[level] + version,),
            hold_ms=(0, 60_000)[level],
            quiet_ms=60_000,
        )
        for signal in range(1, signals + 1)
        for version in (0, 1)
        for level, program in enumerate(programs)
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--signals", type=int, default=1000)
    parser.add_argument("--days", type=float, default=30)
    parser.add_argument("--folder", type=Path, help="keep the store here, and use it if it is filled already")
    parser.add_argument("--serve", action="store_true")
    options = parser.parse_args()
    if options.serve:
        serve(options.folder)
        return
    with tempfile.TemporaryDirectory() as made:
        measure(options.folder or Path(made), options.signals, round(options.days * 86_400_000 / PERIOD_MS))


def measure(folder: Path, signals: int, steps: int) -> None:
    if not (folder / "store").exists():
        fill(folder / "store", signals, steps)
    command = [sys.executable, "-m", "bench.back_test", "--serve", "--folder", str(folder)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdin
    assert server.stdout
    server.stdout.readline()
    end = START_MS + (steps + 1) * PERIOD_MS
    rules = instances(signals)
    begin = time.perf_counter()
    plan = Plan.of(str(folder / "socket"), (START_MS, end), rules, WEEKENDS)
    readings: list[int] = [0]
    episodes = judge(plan, lambda done, total: readings.append(done))
    seconds = time.perf_counter() - begin
    server.stdin.close()
    peak = int(server.stdout.readline())
    server.wait()
    size = f"{steps * PERIOD_MS / 86_400_000:g} days of {signals} signals at 0.1 Hz"
    about = {"instances": len(rules), "readings": readings[-1], "episodes": len(episodes)}
    emit("back_test", f"{size}: time", seconds, "s", **about)
    emit("back_test", f"{size}: rate", readings[-1] / seconds, "readings/s", **about)
    emit("back_test", "memory of the process that owns the store", peak / 1024, "MiB")


if __name__ == "__main__":
    main()
