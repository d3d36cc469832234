"""Part of `bench.vision`: cameras of 1080p, mostly still, with all that `bian camera` does, decoding included.

How many two cores can hold, by processor time, beside FFmpeg that decodes the same recording and does nothing else; and
what each of sixteen costs in memory.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import psutil

from bench.report import emit
from bench.vision import REGION, pictures
from bianwang.modules.sensing import streams
from bianwang.modules.sensing.watching import RegionConfig
from bianwang.processes.camera.studio import Studio
from bianwang.processes.camera.watch import Watch
from tests.processes.camera.listening import CAMERA, Listener, Played, camera

CAMERAS, CORES, SAMPLES = 16, 2, 2.0
SECONDS, RATE, BUSY, RUNS = 20, 25, 2, 5
"""Length of a recording, pictures a second of the camera, seconds in which people walk, how often it is watched."""
SIZE = (1920, 1080)
AREAS = (RegionConfig(3, REGION.name, "area", "head_count", REGION.points),)
RECORDINGS = {
    "variable": {"crf": "26"},
    "constant": {"b": "4M", "minrate": "4M", "maxrate": "4M", "bufsize": "4M", "nal-hrd": "cbr"},
}
"""By the camera's setting: what a still scene needs, or always as much, which goes into the noise."""


def measure() -> None:
    """Print all figures; Django is set up."""
    for kind, rate in RECORDINGS.items():
        cameras(f"{kind}.mp4", kind, rate)
    memory(f"{kind}.mp4")


def record(path: Path, rate: dict[str, str]) -> float:
    """A still scene with a sensor's noise; for `BUSY` seconds people walk through it. Mbit/s of the recording.

    H.264 as cameras send it: a key frame every 2 s, and every other frame builds on the one before.
    """
    generator = np.random.default_rng(8)
    moving = [cv2.resize(frame, SIZE) for frame in pictures(BUSY * 10)]
    noise = [generator.integers(-4, 5, (SIZE[1], SIZE[0], 1), np.int8) for _ in range(5)]
    options = {"preset": "veryfast", "g": str(RATE * 2), "bf": "0", **rate}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options=options)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.time_base = Fraction(1, RATE)
        for number in range((SECONDS + 1) * RATE):  # is not played to its end
            walked = number / RATE - (SECONDS - BUSY) / 2
            scene = moving[int(min(max(walked, 0), BUSY - 0.1) * 10)]
            noisy = np.clip(scene + noise[number % 5], 0, 255).astype(np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(noisy, format="bgr24")))
        container.mux(stream.encode())
    return path.stat().st_size * 8 / (SECONDS + 1) / 1e6


def decoding(path: Path) -> float:
    """Seconds of the processor that FFmpeg needs for a second of a recording: all frames, nothing else."""
    with av.open(str(path)) as container:
        container.streams.video[0].thread_count = 1
        began = time.process_time()
        count = sum(1 for _ in container.decode(video=0))
        return (time.process_time() - began) * RATE / count


def watch(studio: Studio, name: str, number: int = CAMERA) -> Watch:
    """A camera that plays a recording as fast as it can be watched."""
    played = camera(f"{streams.FILE}{name}", is_analysed=True, sample_fps=SAMPLES, regions=AREAS)
    return studio.watch(replace(played, id=number), Played(SECONDS))


def watching(studio: Studio, name: str) -> float:
    """The same for all that `bian camera` does: detection, health, the newest picture, the ring on disk."""
    one = watch(studio, name)
    began = time.process_time()
    one.run()
    return (time.process_time() - began) / SECONDS


def cameras(name: str, kind: str, rate: dict[str, str]) -> None:
    """How many cameras that send such a recording two cores can hold: they share nothing but the detector."""
    path, listener = streams.media(name), Listener()
    mbits, studio = record(path, rate), Studio(listener)
    watching(studio, name)  # loads once what all need
    listener.seen.clear()
    runs = [(watching(studio, name), decoding(path)) for _ in range(RUNS)]
    whole, bare = (statistics.median(run) for run in zip(*runs, strict=True))
    about = {"pictures": RATE, "sampled": round(len(listener.seen) / RUNS / SECONDS, 2), "mbits": round(mbits, 1)}
    metric = f"cameras of 1080p, mostly still, on two cores, {kind} bit rate"
    emit("vision", metric, CORES / whole, "cameras", peer=CORES / bare, against="FFmpeg decoding alone", **about)


def memory(name: str) -> None:
    """What each of sixteen cameras adds to a process that watches one."""
    studio, process, highest = Studio(Listener()), psutil.Process(), 0
    watching(studio, name)
    before = process.memory_info().rss
    many = [watch(studio, name, number) for number in range(CAMERAS)]
    for each in many:
        each.start()
    while any(each.is_alive() for each in many):
        highest = max(highest, process.memory_info().rss)
        time.sleep(0.1)
    emit("vision", "memory of a camera", (highest - before) / CAMERAS / 1e6, "MB", cameras=CAMERAS)
