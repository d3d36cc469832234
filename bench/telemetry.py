"""The whole telemetry out of one home and into another: `python -m bench.telemetry [--readings 10000000]`

A thousand signals at 0.1 Hz; the copy by hard links, compression, both digests and reading back are part of the time.
Each step is a process of its own, as the commands are. A tenth as many readings before that show that memory is flat.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.back_test import fill
from bench.report import emit
from bianwang.platform.config import Config
from bianwang.processes import archive

SIGNALS = 1000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--readings", type=int, default=10_000_000)
    parser.add_argument("--step", choices=["export", "import"])
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.step:
        work(options.step, options.folder)
        return
    for readings in (options.readings // 10, options.readings):
        with tempfile.TemporaryDirectory() as made:
            measure(Path(made), readings)


def measure(folder: Path, readings: int) -> None:
    """Fill a store, let it be exported and imported, tell rates, size and memory."""
    fill(folder / "home" / "telemetry", SIGNALS, readings // SIGNALS, "telemetry")
    for step in ("export", "import"):
        command = [sys.executable, "-m", "bench.telemetry", "--step", step, "--folder", str(folder)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        seconds, processor, mebibytes = map(float, done.stdout.split())
        emit("telemetry", f"{step}: rate", readings / seconds, "readings/s", readings=readings)
        emit("telemetry", f"{step}: processor time", processor, "s", readings=readings)
        emit("telemetry", f"{step}: memory", mebibytes, "MiB", readings=readings)
    size = sum(file.stat().st_size for file in (folder / "archive").iterdir())
    emit("telemetry", "size of the files", size / readings, "B/reading", readings=readings)


def work(step: str, folder: Path) -> None:
    """One step, timed."""
    begin = time.perf_counter()
    if step == "export":
        archive.save(Config(home=folder / "home", _env_file=None), folder / "archive")
    else:
        archive.load(Config(home=folder / "other", _env_file=None), folder / "archive")
    seconds, used = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF)
    # Not ru_maxrss: it begins with what the process had that started this one.
    (peak,) = (line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
    print(seconds, used.ru_utime + used.ru_stime, int(peak) / 1024)


if __name__ == "__main__":
    main()
