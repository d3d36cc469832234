"""Analysis of video: `python -m bench.vision`

First the whole pipeline on one core beside the bare model, picture by picture in turn, on Debian's vtest.avi (package
opencv-doc); decoding is apart. Then whole cameras, see `bench.watched`.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import av
import cv2

from bench.report import emit
from bianwang.processes.bootstrap import ready
from bianwang.vision.analyser import Analyser, Settings
from bianwang.vision.detector import Detector, letterbox
from bianwang.vision.frames import Frame
from bianwang.vision.health import Health
from bianwang.vision.model import Model
from bianwang.vision.regions import Region

PEOPLE = Path("/usr/share/doc/opencv-doc/examples/data/vtest.avi")
PICTURES = 200
REGION = Region("路", "area", ((0.4, 0.2), (0.9, 0.2), (0.9, 0.6), (0.4, 0.6)))


def pictures(count: int) -> list[Frame]:
    """The first ones of the recording of people."""
    with av.open(str(PEOPLE)) as container:
        frames = zip(range(count), container.decode(video=0), strict=False)
        return [frame.to_ndarray(format="bgr24") for _, frame in frames]


def pipeline(detector: Detector) -> None:
    """Each picture once through everything and once through the model alone, so that both meet the same load."""
    session, name = detector._session, detector._input
    analyser = Analyser(detector, [REGION], Settings(fps=10, gate=None))
    health = Health()
    whole, bare = [], []
    for number, frame in enumerate(pictures(PICTURES)):
        prepared = letterbox([frame], detector.model.size)
        began = time.process_time()  # of one thread: what else the machine does must not count
        session.run(None, {name: prepared})
        middle = time.process_time()
        analyser.step(frame, number / 10)
        health.step(frame, number / 10)
        bare.append(middle - began)
        whole.append(time.process_time() - middle)
    whole_ms, bare_ms = statistics.median(whole) * 1000, statistics.median(bare) * 1000
    about = {"against": "bare onnxruntime", "cores": 1, "pictures": PICTURES}
    emit("vision", "whole pipeline of a picture", whole_ms, "ms", peer=bare_ms, **about)
    emit("vision", "whole pipeline beyond bare inference", (whole_ms / bare_ms - 1) * 100, "%")


def batches() -> None:
    """Pictures a second on a CUDA device, decoding apart; nothing where there is none."""
    detector = Detector(Model.default(), os.cpu_count() or 1)
    if not detector.provider.startswith("CUDA"):
        return
    frames = pictures(PICTURES) * 5
    detector.detect_many(frames[:64])
    began = time.perf_counter()
    detector.detect_many(frames)
    rate = len(frames) / (time.perf_counter() - began)
    emit("vision", "pictures detected in batches on CUDA", rate, "pictures/s", pictures=len(frames))


def main() -> None:
    """On CUDA if there is one; then both measurements on one core, with a model of one thread."""
    if not PEOPLE.is_file():
        sys.exit(f"没有 {PEOPLE}：请先 apt-get install opencv-doc。")
    batches()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BIAN_HOME"] = folder
        ready()
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        cv2.setNumThreads(1)
        pipeline(Detector(Model.default(), 1))
        # Only after that can what knows the models of Django be imported.
        from bench.watched import measure

        measure()


if __name__ == "__main__":
    main()
