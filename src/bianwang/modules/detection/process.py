"""The process that runs a model on samples: a task comes in by standard input, progress and the answer go out.

`python -m bianwang.modules.detection.process`. A graph that somebody brought runs here and nowhere else until it is
switched on: what it takes or breaks, it takes from this process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from bianwang.modules.detection import scoring
from bianwang.modules.detection.samples import SampleError

LONGEST_S: Final = 1_800
_NICE: Final = 10


class Task(msgspec.Struct, frozen=True):
    """The model's folder and the samples."""

    folder: str
    samples: str


class Answer(msgspec.Struct, frozen=True):
    """The result, or why there is none."""

    result: scoring.Result | None = None
    refused: str = ""


def run(task: Task, tell: Callable[[int], None]) -> Answer:
    """Run it in a process of its own and wait for it; `tell(pictures done)` as it goes on."""
    command = [sys.executable, "-m", "bianwang.modules.detection.process"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        limit = threading.Timer(LONGEST_S, process.kill)
        limit.start()
        try:
            return _follow(process, task, tell)
        finally:
            limit.cancel()
            process.kill()


def _follow(process: subprocess.Popen[bytes], task: Task, tell: Callable[[int], None]) -> Answer:
    assert process.stdin and process.stdout  # noqa: S101, PT018
    process.stdin.write(msgspec.json.encode(task))
    process.stdin.close()
    for line in process.stdout:
        word, _, rest = line.partition(b" ")
        if word != b"done":
            return msgspec.json.decode(rest, type=Answer)
        tell(int(rest))
    return Answer(refused=f"模型运行中断，或超过 {LONGEST_S // 60} 分钟，请核对模型，或减少样本后再试。")


def main() -> None:
    """Do the task of the standard input."""
    os.nice(_NICE)
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    sys.stdout.buffer.write(b"answer " + msgspec.json.encode(_answer(task)) + b"\n")


def _answer(task: Task) -> Answer:
    # Whoever waits for the answer must not carry onnxruntime.
    from bianwang.modules.detection.measuring import measured
    from bianwang.vision.detector import Detector
    from bianwang.vision.errors import ModelError
    from bianwang.vision.model import Model

    try:
        detector = Detector(Model.load(Path(task.folder)))
        return Answer(measured(detector, Path(task.samples), _tell))
    except (ModelError, SampleError) as error:
        return Answer(refused=str(error))


def _tell(done: int) -> None:
    if done % 10 == 0:
        sys.stdout.write(f"done {done}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
