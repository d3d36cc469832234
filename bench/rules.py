"""The compiled rule evaluator against Reelay, RTAMT and a plain-Python loop, in one thread: `python -m bench.rules`

Each of 20,000 devices has three rules: a limit with hysteresis and 5 s hold, a change over 60 s, and a sequence
(`rise(x > 6) and not once[0, 30min](x < 1)`). Devices report once a second. `steady`: each in its own place of the
second, as devices do; `jittered`: in an order drawn anew each second, which is the worst case for the caches and
makes every window move between samples too. Times are CPU time of the one thread, so that a busy machine matters
less.
"""

from __future__ import annotations

import statistics
import time

import numpy as np

from bench import peers_rules as peers
from bench.report import emit
from bianwang.engine.evaluator import Evaluator, warm_up
from bianwang.engine.formula import ParameterSpec, SignalSpec, Signature
from bianwang.engine.program import Program, compile_formula
from bianwang.engine.table import Instance, compile_table

DEVICES = 20_000
BATCH = 100_000
BATCHES = 60
WARM = 20
MILLION = 1_000_000
Batch = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]

LIMIT = "hysteresis(x > limit, 0.5)"
CHANGE = "delta[0, 60s](x) > limit"
SEQUENCE = "rise(x > limit) and not once[0, 30min](x < 1)"


def program(text: str) -> Program:
    return compile_formula(text, Signature({"x": SignalSpec(), "y": SignalSpec()}, {"limit": ParameterSpec()}))


def three_rules(devices: int) -> list[Instance]:
    rules = []
    for device in range(devices):
        where = {"signals": (device,), "owner": device // 40}
        rules += [
            Instance(key=3 * device, program=program(LIMIT), parameters=(5.0,), hold_ms=5_000, **where),
            Instance(key=3 * device + 1, program=program(CHANGE), parameters=(4.0,), **where),
            Instance(key=3 * device + 2, program=program(SEQUENCE), parameters=(6.0,), **where),
        ]
    return rules


def batches(devices: int, count: int, *, jittered: bool) -> list[Batch]:
    """Readings of all devices, about one a second each, in order of time."""
    random = np.random.default_rng(1)
    order = random.permutation(np.arange(devices, dtype=np.uint32))
    rounds = -(-BATCH // devices)
    result = []
    for number in range(count):
        each = [random.permutation(order) if jittered else order for _ in range(rounds)]
        signal = np.concatenate(each)[:BATCH]
        time_ms = (number * BATCH + np.arange(BATCH)) * 1_000 // devices
        result.append((signal, time_ms, random.normal(3.0, 0.7, BATCH), np.zeros(BATCH, np.uint8)))
    return result


def rate(evaluator: Evaluator, devices: int, *, jittered: bool = False) -> tuple[float, float, int]:
    """Median readings a second, median milliseconds of one `advance`, verdict changes."""
    pushes, advances, changes = [], [], 0
    for batch in batches(devices, BATCHES, jittered=jittered):
        begin = time.thread_time()
        changes += len(evaluator.push(*batch))
        pushes.append(time.thread_time() - begin)
        clock = int(batch[1][-1])
        begin = time.thread_time()
        evaluator.advance(clock)
        advances.append(time.thread_time() - begin)
    return BATCH / statistics.median(pushes[WARM:]), statistics.median(advances) * 1e3, changes


def throughput() -> None:
    reelay, rtamt, loop = peers.reelay(), peers.rtamt(), peers.plain_python()
    table = compile_table(three_rules(DEVICES))
    about = {"devices": DEVICES, "instances": 3 * DEVICES}
    for name, jittered in (("steady", False), ("jittered", True)):
        evaluator = Evaluator(table, 0)
        readings, advance_ms, changes = rate(evaluator, DEVICES, jittered=jittered)
        about_run = {"changes": changes, **about}
        emit("rules", f"push, {name}", readings, "readings/s", peer=loop, against="plain Python", **about_run)
        emit("rules", f"advance, {name}", advance_ms, "ms", **about_run)
        if not jittered:
            emit("rules", f"push, {name}", readings, "readings/s", peer=reelay, against="Reelay", **about)
            emit("rules", f"push, {name}", readings, "readings/s", peer=rtamt, against="RTAMT", **about)
            state(evaluator, about)


def state(evaluator: Evaluator, about: dict[str, int]) -> None:
    begin = time.thread_time()
    data = evaluator.snapshot()
    emit("rules", "snapshot", (time.thread_time() - begin) * 1e3, "ms", bytes=len(data), **about)
    begin = time.thread_time()
    Evaluator.restore(evaluator.table, data)
    emit("rules", "restore", (time.thread_time() - begin) * 1e3, "ms", **about)


def linear() -> None:
    """Readings a second do not fall with the number of rules that a reading does not touch."""
    for devices in (2_000, 20_000, 200_000):
        evaluator = Evaluator(compile_table(three_rules(devices)), 0)
        batch = batches(2_000, BATCHES, jittered=False)
        pushes = []
        for columns in batch:
            begin = time.thread_time()
            evaluator.push(*columns)
            pushes.append(time.thread_time() - begin)
            evaluator.advance(int(columns[1][-1]))
        readings = BATCH / statistics.median(pushes[WARM:])
        emit("rules", "push of 2,000 devices", readings, "readings/s", instances=3 * devices)


def compiling() -> None:
    """2,000 different formulas, and the table of a million instances."""
    signature = Signature({"x": SignalSpec(), "y": SignalSpec()})
    shapes = (
        "hysteresis(x > {0}.5, 0.1) and not once[0, {0}s](y == 1)",
        "mean[0, {0}min](x) > 3 or count[0, 1h](y > {0}) >= 3",
        "rise(x > {0}) and historically[0, {0}s](y < 2)",
        "(x > {0}) since[0, {0}min] (y > 1 implies x + y < {0})",
    )
    begin = time.thread_time()
    programs = [compile_formula(shapes[n % 4].format(n + 1), signature) for n in range(2_000)]
    rules = [
        Instance(key=n, program=each, owner=n, signals=tuple(2 * n + k for k in range(len(each.signals))))
        for n, each in enumerate(programs)
    ]
    Evaluator(compile_table(rules), 0)
    emit("rules", "compile 2,000 formulas", time.thread_time() - begin, "s")


def million() -> None:
    rules = three_rules(MILLION // 3)
    begin = time.thread_time()
    evaluator = Evaluator(compile_table(rules), 0)
    compiled = time.thread_time() - begin
    random = np.random.default_rng(1)
    for second in range(70):
        devices = len(rules) // 3
        columns = np.arange(devices, dtype=np.uint32), np.full(devices, second * 1_000)
        evaluator.push(*columns, random.normal(3.0, 0.7, devices), np.zeros(devices, np.uint8))
        evaluator.advance(second * 1_000)
    emit("rules", "state of a million instances", evaluator.memory_bytes() / 1e9, "GB", instances=len(rules))
    emit("rules", "compile a million instances", compiled, "s", instances=len(rules))


def main() -> None:
    begin = time.thread_time()
    warm_up()
    emit("rules", "warm_up", time.thread_time() - begin, "s")
    throughput()
    linear()
    compiling()
    million()


if __name__ == "__main__":
    main()
