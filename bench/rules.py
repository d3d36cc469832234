"""The compiled rule evaluator against the plain-Python reference, in one thread: `python -m bench.rules`

Each signal has three instances: a limit with hysteresis and 5 s hold, a change over 60 s, and 120 s of silence;
or, for comparison, three limits. Batches of 100,000 readings come in an order drawn at random over all signals,
about one reading a second each, which is the worst case for the caches. Times are CPU time of the one thread, so
that a busy machine matters less.
"""

from __future__ import annotations

import statistics
import time

import numpy as np

from bench.report import emit
from bianwang.engine.evaluator import Evaluator, warm_up
from bianwang.engine.reference import ReferenceEvaluator
from bianwang.engine.semantics import Kind
from bianwang.engine.table import Instance, compile_table

BATCH = 100_000
BATCHES = 60
WARM = 20
Batch = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def mixed(signals: int) -> list[Instance]:
    rules = []
    for s in range(signals):
        where = {"signal": s, "owner": s // 40}
        rules += [
            Instance(key=3 * s, kind=Kind.THRESHOLD, limit=5.0, hysteresis=0.5, hold_ms=5_000, **where),
            Instance(key=3 * s + 1, kind=Kind.RATE, limit=4.0, window_ms=60_000, **where),
            Instance(key=3 * s + 2, kind=Kind.SILENCE, window_ms=120_000, **where),
        ]
    return rules


def limits(signals: int) -> list[Instance]:
    return [
        Instance(key=3 * s + k, signal=s, owner=s // 40, kind=Kind.THRESHOLD, limit=5.0 + k, hysteresis=0.5)
        for s in range(signals)
        for k in range(3)
    ]


def batches(signals: int, size: int, count: int) -> list[Batch]:
    random = np.random.default_rng(1)
    result = []
    for number in range(count):
        rounds = -(-size // signals)
        signal = random.permuted(np.tile(np.arange(signals, dtype=np.uint32), (rounds, 1)), axis=1).ravel()[:size]
        time_ms = (number * size + np.arange(size)) * 1_000 // signals
        result.append((signal, time_ms, random.normal(3.0, 0.7, size), np.zeros(size, np.uint8)))
    return result


def reference_rate(rules: list[Instance], signals: int) -> float:
    """Readings a second of the plain-Python reference."""
    reference = ReferenceEvaluator(rules, 0)
    columns = batches(signals, 3 * signals if signals > 3_000 else 20_000, 1)[0]
    readings = list(zip(*(column.tolist() for column in columns), strict=True))
    begin = time.thread_time()
    reference.push(readings)
    return len(readings) / (time.thread_time() - begin)


def measure(name: str, rules: list[Instance], signals: int) -> None:
    begin = time.thread_time()
    table = compile_table(rules)
    compiled = time.thread_time() - begin
    evaluator = Evaluator(table, 0)
    pushes, advances, changes = [], [], 0
    for batch in batches(signals, BATCH, BATCHES):
        begin = time.thread_time()
        changes += len(evaluator.push(*batch))
        pushes.append(time.thread_time() - begin)
        clock = int(batch[1][-1])
        begin = time.thread_time()
        evaluator.advance(clock)
        advances.append(time.thread_time() - begin)
    begin = time.thread_time()
    data = evaluator.snapshot()
    saved = time.thread_time() - begin
    begin = time.thread_time()
    Evaluator.restore(table, data)
    restored = time.thread_time() - begin

    peer = reference_rate(rules, signals)
    about = {"instances": len(rules), "rules": name}
    emit("rules", "push", BATCH / statistics.median(pushes[WARM:]), "readings/s", peer=peer, changes=changes, **about)
    emit("rules", "push_best", BATCH / min(pushes[WARM:]), "readings/s", peer=peer, **about)
    emit("rules", "advance_median", statistics.median(advances) * 1e3, "ms", **about)
    emit("rules", "advance_max", max(advances) * 1e3, "ms", **about)
    emit("rules", "compile_table", compiled * 1e3, "ms", **about)
    emit("rules", "snapshot", saved * 1e3, "ms", bytes=len(data), **about)
    emit("rules", "restore", restored * 1e3, "ms", **about)


def main() -> None:
    begin = time.thread_time()
    warm_up()
    emit("rules", "warm_up", time.thread_time() - begin, "s")
    for signals in (333, 6_667, 20_000):
        measure("mixed", mixed(signals), signals)
        measure("limits", limits(signals), signals)


if __name__ == "__main__":
    main()
