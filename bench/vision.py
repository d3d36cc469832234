"""Analysis of video: `python -m bench.vision`

First the whole pipeline on one core beside the bare model, picture by picture in turn, on Debian's vtest.avi (package
opencv-doc); decoding is apart. Then sixteen cameras of 1080p, mostly still, decoding and health included: how many two
cores can hold, by processor time, and what each costs in memory.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import psutil

from bench.report import emit
from bianwang.vision.analyser import Analyser, Settings
from bianwang.vision.detector import Detector, letterbox
from bianwang.vision.frames import Frame
from bianwang.vision.health import Health
from bianwang.vision.model import Model
from bianwang.vision.regions import Region

PEOPLE = Path("/usr/share/doc/opencv-doc/examples/data/vtest.avi")
PICTURES = 200
CAMERAS, CORES, SAMPLES = 16, 2, 2.0
SECONDS, RATE, BUSY = 20, 25, 2
"""Length of the recording, pictures a second of the camera, seconds in which people walk."""
SIZE = (1920, 1080)
REGIONS = [Region("路", "area", ((0.4, 0.2), (0.9, 0.2), (0.9, 0.6), (0.4, 0.6)))]


def pictures(count: int) -> list[Frame]:
    """The first ones of the recording of people."""
    with av.open(str(PEOPLE)) as container:
        frames = zip(range(count), container.decode(video=0), strict=False)
        return [frame.to_ndarray(format="bgr24") for _, frame in frames]


def pipeline(detector: Detector) -> None:
    """Each picture once through everything and once through the model alone, so that both meet the same load."""
    session, name = detector._session, detector._input
    analyser = Analyser(detector, REGIONS, Settings(fps=10, gate=None))
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


def record(path: Path) -> None:
    """A still scene with a sensor's noise; for `BUSY` seconds people walk through it."""
    generator = np.random.default_rng(8)
    moving = [cv2.resize(frame, SIZE) for frame in pictures(BUSY * 10)]
    noise = [generator.integers(-4, 5, (SIZE[1], SIZE[0], 1), np.int8) for _ in range(5)]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "g": str(RATE * 2)})
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = *SIZE, "yuv420p", 4_000_000
        stream.time_base = Fraction(1, RATE)
        for number in range(SECONDS * RATE):
            walked = number / RATE - (SECONDS - BUSY) / 2
            scene = moving[int(min(max(walked, 0), BUSY - 0.1) * 10)]
            noisy = np.clip(scene + noise[number % 5], 0, 255).astype(np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(noisy, format="bgr24")))
        container.mux(stream.encode())


class Camera:
    """One of many that share a detector: a decoder on one thread, the state of its analysis."""

    def __init__(self, path: Path, detector: Detector) -> None:
        self._container = av.open(str(path))
        self._container.streams.video[0].thread_count = 1
        self._analyser = Analyser(detector, REGIONS, Settings(fps=SAMPLES))
        self._health = Health()
        self._steps = self._run()
        self.detected = 0
        self.analysing = 0.0
        """Seconds of the processor, decoding apart."""

    def step(self) -> bool:
        """Go on to the next sampled picture; False at the end."""
        return next(self._steps, None) is not None

    def _run(self) -> Iterator[float]:
        beat = 0.0
        for frame in self._container.decode(video=0):
            assert frame.time is not None
            if frame.time >= beat:
                beat += 1 / SAMPLES
                began = time.process_time()
                picture = frame.to_ndarray(format="bgr24")
                if self._health.step(picture, frame.time) is None:
                    self.detected += self._analyser.step(picture, frame.time).moved
                self.analysing += time.process_time() - began
                yield frame.time


def cameras(detector: Detector, path: Path) -> None:
    """All cameras in turn, sampled picture by sampled picture."""
    process = psutil.Process()
    first = Camera(path, detector)
    while first.step():
        pass
    before = process.memory_info().rss
    many = [Camera(path, detector) for _ in range(CAMERAS)]
    began, highest = time.process_time(), before
    while sum(camera.step() for camera in many):
        highest = max(highest, process.memory_info().rss)
    worked = time.process_time() - began
    share = round(sum(camera.detected for camera in many) / (CAMERAS * SECONDS * SAMPLES), 3)
    analysing = sum(camera.analysing for camera in many)
    about = {"sampled": SAMPLES, "detected": share}
    decoding = (worked - analysing) / CAMERAS / SECONDS / RATE
    one = analysing / CAMERAS / SECONDS
    emit("vision", "cameras of 1080p, mostly still, on two cores", CORES / one, "cameras", **about)
    for rate in (15, RATE):
        metric = f"the same with decoding {rate} pictures a second"
        emit("vision", metric, CORES / (one + rate * decoding), "cameras", **about)
    emit("vision", "decoding a picture of 1080p", decoding * 1000, "ms")
    emit("vision", "memory of a camera", (highest - before) / CAMERAS / 1e6, "MB", cameras=CAMERAS)


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
        path = Path(folder) / "still.mp4"
        record(path)
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        cv2.setNumThreads(1)
        detector = Detector(Model.default(), 1)
        pipeline(detector)
        cameras(detector, path)


if __name__ == "__main__":
    main()
