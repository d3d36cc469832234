"""The recorded day through Spark itself: the same episodes to the millisecond, whatever is killed on the way."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from bianwang.engine.semantics import ChangeKind
from bianwang.processes.cluster.rebucket import rebucket
from bianwang.processes.cluster.states import ClusterError
from bianwang.processes.stream.ends import publisher
from bianwang.processes.stream.message import encode
from tests.processes.cluster import day
from tests.processes.cluster.conftest import Recorded, batches_of

pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="没有 Java 17，Spark 不能运行（.ci/run 会安装）"),
    pytest.mark.faults,
]


class Job:
    """A job in a folder of its own; each run of it is a process."""

    def __init__(self, folder: Path, recorded: Recorded, stream: str = "") -> None:
        self.folder, self.recorded = folder, recorded
        self.stream = stream or f"folder://{recorded.stream}"

    def start(self, buckets: int, most: int) -> subprocess.Popen[bytes]:
        """A driver in a process group of its own, so that its JVM and workers can die with it."""
        arguments = [self.stream, self.folder, buckets, most, self.recorded.start_ms]
        command = [sys.executable, "-m", "tests.processes.cluster.job", *map(str, arguments)]
        return subprocess.Popen(command, stderr=self.log.open("ab"), start_new_session=True)

    def run(self, buckets: int, most: int = 1_000) -> None:
        """Until the stream has been read."""
        assert self.start(buckets, most).wait() == 0, self.log.read_text()[-3000:]

    @property
    def log(self) -> Path:
        return self.folder.with_suffix(".log")

    def batches(self) -> int:
        """How many batches have had their effect."""
        return len(list(self.folder.glob("told/*.jsonl")))

    def told(self) -> list[day.Told]:
        """All that was told."""
        rows = [
            json.loads(line) for file in self.folder.glob("told/*.jsonl") for line in file.read_bytes().splitlines()
        ]
        return sorted(
            day.Told(
                row["key"], row["time"], ChangeKind[row["kind"].upper()], _number(row["value"]), _number(row["margin"])
            )
            for row in rows
        )


def _number(value: float | None) -> float:
    return -1 if value is None else value


def until(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait for a condition that comes true while the process runs."""
    while not condition():
        assert process.poll() is None, "the job ended before anything was killed"
        time.sleep(0.02)


def test_readings_through_kafka_tell_the_same(recorded: Recorded, broker: str, tmp_path: Path) -> None:
    stream = f"kafka://{broker}/day"
    kafka = publisher(stream)
    for number, messages in enumerate(batches_of(recorded.stream), 1):
        kafka.publish(number, {message.slot: encode(message) for message in messages})
    job = Job(tmp_path / "job", recorded, stream)
    job.run(buckets=1, most=400)
    assert job.batches() > 5
    assert job.told() == recorded.told


def test_killed_workers_and_drivers_change_nothing(recorded: Recorded, tmp_path: Path) -> None:
    job = Job(tmp_path / "job", recorded)
    driver = job.start(buckets=2, most=40)
    until(lambda: job.batches() >= 2, driver)
    # The workers that judge: Spark repeats their tasks.
    for worker in psutil.Process(driver.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "pyspark.daemon" in " ".join(worker.cmdline()):
                worker.kill()
    until(lambda: job.batches() >= 4, driver)
    os.killpg(driver.pid, signal.SIGKILL)
    driver.wait()
    assert job.told() != recorded.told
    job.run(buckets=2, most=40)
    assert job.told() == recorded.told


def test_owners_are_spread_anew_from_a_savepoint(recorded: Recorded, tmp_path: Path) -> None:
    stream = tmp_path / "stream"
    stream.mkdir()
    files = sorted(recorded.stream.glob("*.arrow"))
    half = len(files) // 2
    for file in files[:half]:
        shutil.copy2(file, stream)
    job = Job(tmp_path / "job", recorded, f"folder://{stream}")
    job.run(buckets=3)
    for file in files[half:]:
        shutil.copy2(file, stream)
    with pytest.raises(ClusterError, match="没有研判任务"):
        rebucket(str(tmp_path / "nowhere"), 8)
    assert job.start(buckets=8, most=1_000).wait() != 0
    assert "bian cluster rebucket --buckets 8" in job.log.read_text()
    rebucket(str(job.folder), 8)
    job.run(buckets=8)
    assert job.told() == recorded.told
