"""Judging on Spark, with checkpoints, against the embedded evaluator on the same messages: `python -m bench.cluster`

20,000 devices with three rules each (see bench.rules), 500 owners, one reading a second. The stream is written first,
as the intake writes it: a message a slot and batch. Spark runs on two cores of this machine, two buckets; every
micro-batch reads its files, restores each bucket's evaluator, judges, keeps the state and commits. The embedded
evaluator reads and decodes the same files in one thread and keeps a snapshot as often.

Rates of a core are by processor time, of Spark's driver, JVM and workers together, so that a busy machine matters less.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

from bench.report import emit
from bench.rules import three_rules
from bianwang.engine.calendar import WEEKENDS
from bianwang.engine.changes import Changes
from bianwang.engine.evaluator import Evaluator, warm_up
from bianwang.engine.table import compile_table
from bianwang.engine.waiting import Readings
from bianwang.processes.cluster.bucket import Beginning
from bianwang.processes.cluster.main import Options, run
from bianwang.processes.intake.warming import NoHistory
from bianwang.processes.intake.watermark import Clocks
from bianwang.processes.stream.folder import FolderPublisher, FolderReader
from bianwang.processes.stream.message import SLOTS, Message, decode, encode, split

DEVICES, OWNED = 20_000, 40
SECONDS = 50
"""Of one file: a million readings."""
FILES, TOGETHER, CORES, WARM = 32, 8, 2, 4
"""Files of the smaller run, files of a micro-batch, batches until every worker of Spark has laid out the rules."""
CALM_MS = 1_000


class Timed:
    """A sink that notes when each batch was done, and the processor time that all had taken until then."""

    def __init__(self) -> None:
        self.done: list[float] = []
        self.busy: list[float] = []

    def take(self, batch: int, changes: Changes, states: object) -> None:
        self.done.append(time.perf_counter())
        self.busy.append(processor_time())

    def withdraw(self, keys: set[int], at_ms: int, instances: object) -> None:
        raise AssertionError("the rules do not change")


def processor_time() -> float:
    """Seconds of this process and all below it."""
    this = psutil.Process()
    return sum(sum(each.cpu_times()[:2]) for each in [this, *this.children(recursive=True)])


def write_stream(folder: Path, files: int) -> int:
    """The messages of so many files; returns how many readings they have."""
    random, publisher = np.random.default_rng(1), FolderPublisher(folder)
    devices = random.permutation(np.arange(DEVICES, dtype=np.uint32))
    signal = np.tile(devices, SECONDS)
    within = (np.arange(len(signal), dtype=np.int64) * 1_000) // DEVICES
    owners = np.arange(DEVICES // OWNED, dtype=np.int64)
    for number in range(1, files + 1):
        at = CALM_MS + (number - 1) * SECONDS * 1_000 + within
        readings = Readings.of(signal, at, random.normal(3.0, 0.7, len(signal)), np.zeros(len(signal), np.uint8))
        clocks = Clocks(owners, np.full(len(owners), int(at[-1]), np.int64))
        parts = split(readings, signal.astype(np.int64) // OWNED, clocks)
        publisher.publish(number, {slot: encode(Message(slot, number, *part)) for slot, part in parts.items()})
    return files * len(signal)


def on_spark(stream: Path, folder: Path) -> Timed:
    """A job from the first to the last of the stream."""
    sink, listed = Timed(), (tuple(three_rules(DEVICES)), WEEKENDS)
    options = Options(f"folder://{stream}", str(folder), CORES, f"local[{CORES}]", TOGETHER, until_done=True)
    run(options, lambda: listed, NoHistory(), sink, lambda: Beginning(0))
    return sink


def embedded(stream: Path) -> float:
    """Readings a second of one thread that decodes and judges the same files."""
    evaluator = Evaluator(compile_table(three_rules(DEVICES)), 0)
    reader = FolderReader(stream)
    began, count, place = 0.0, 0, reader.first()
    while (following := reader.next(place, reader.last(), TOGETHER)) != place:
        messages = [decode(payload) for payload in reader.read(place, following, range(SLOTS))]
        columns = (
            np.concatenate([getattr(each.readings, name) for each in messages])
            for name in ("signal", "time", "value", "quality")
        )
        readings = Readings(*columns)
        evaluator.push(readings.signal, readings.time, readings.value, readings.quality)
        evaluator.advance(int(readings.time.max()))
        evaluator.snapshot()
        count += len(readings.time) if began else 0
        place, began = following, began or time.process_time()
    return count / (time.process_time() - began)


def main() -> None:
    warm_up()
    with tempfile.TemporaryDirectory() as name:
        seconds, folder = [], Path(name)
        for times in (1, 4):
            stream = folder / f"stream-{times}"
            judged = write_stream(stream, FILES * times + WARM * TOGETHER) - WARM * TOGETHER * SECONDS * DEVICES
            sink = on_spark(stream, folder / f"job-{times}")
            seconds.append(sink.done[-1] - sink.done[WARM - 1])
            about = {"readings": judged, "devices": DEVICES, "instances": 3 * DEVICES, "batches": len(sink.done) - WARM}
            emit("cluster", f"Spark on {CORES} cores, {times}x", judged / seconds[-1], "readings/s", **about)
            if times == 4:
                rate, alone = judged / (sink.busy[-1] - sink.busy[WARM - 1]), embedded(stream)
                emit("cluster", "Spark, a core", rate, "readings/s", peer=alone, against="embedded, a core", **about)
                emit("cluster", "of the embedded rate, a core", 100 * rate / alone, "%")
            shutil.rmtree(stream)
        emit("cluster", "time for 4x the data", seconds[1] / seconds[0], "times")


if __name__ == "__main__":
    main()
