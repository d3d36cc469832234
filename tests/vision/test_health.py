"""Faults of pictures: said when they last, and not said of a good recording."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import cycle
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from bianwang.processes.videos import Video
from bianwang.vision.frames import Frame
from bianwang.vision.health import Health
from tests.vision.recordings import pedestrians

FPS = 2


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Frame]:
    """Two a second."""
    with Video(str(pedestrians(tmp_path_factory.mktemp("recording")))) as video:
        return [frame for _, frame in video.sampled(FPS)]


def faults(frames: Iterable[Frame], reference: Frame | None = None) -> list[str | None]:
    """What is said after each picture."""
    health = Health(reference=reference)
    return [health.step(frame, number / FPS) for number, frame in enumerate(frames)]


def seconds_until(fault: str, good: list[Frame], bad: Iterator[Frame], reference: Frame | None = None) -> float:
    """How long a fault lasted before it was said; it is said of nothing before."""
    health = Health(reference=reference)
    for number, frame in enumerate(good):
        assert health.step(frame, number / FPS) is None
    for number in range(120 * FPS):
        said = health.step(next(bad), (len(good) + number) / FPS)
        if said is not None:
            assert said == fault
            return number / FPS
    raise AssertionError(f"{fault} was not said")


def repeated(frame: Frame) -> Iterator[Frame]:
    while True:
        yield frame


def noisy(frame: Frame) -> Iterator[Frame]:
    """As a sensor sees a still scene."""
    generator = np.random.default_rng(5)
    few = [np.clip(frame + generator.normal(0, 2, frame.shape), 0, 255).astype(np.uint8) for _ in range(5)]
    yield from cycle(few)


def encoded(frame: Frame, count: int) -> list[Frame]:
    """The same picture sent again and again by an encoder that begins anew every twenty pictures."""
    stored = io.BytesIO()
    with av.open(stored, "w", format="matroska") as container:
        stream = container.add_stream("mpeg4", rate=10, options={"g": "20", "qmin": "2", "qmax": "4"})
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = (
            frame.shape[1],
            frame.shape[0],
            "yuv420p",
            4_000_000,
        )
        for _ in range(count):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="bgr24")))
        container.mux(stream.encode())
    stored.seek(0)
    with av.open(stored) as container:
        return [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]


def test_a_good_recording_has_no_fault(pictures: list[Frame]) -> None:
    assert set(faults(pictures, pictures[0])) == {None}


def test_a_still_scene_is_not_frozen(pictures: list[Frame]) -> None:
    scene = noisy(pictures[0])
    assert set(faults([next(scene) for _ in range(90 * FPS)], pictures[0])) == {None}


def test_a_frozen_stream_is_told_within_a_minute(pictures: list[Frame]) -> None:
    assert seconds_until("frozen", pictures[:20], repeated(pictures[20])) <= 60


def test_a_frozen_picture_that_is_encoded_again_and_again_is_frozen(pictures: list[Frame]) -> None:
    assert faults(encoded(pictures[0], 60 * FPS))[-1] == "frozen"


def test_a_black_stream_is_told_within_a_minute(pictures: list[Frame]) -> None:
    dark = np.full_like(pictures[0], 8)
    assert seconds_until("black", pictures[:20], noisy(dark)) <= 60
    assert seconds_until("black", pictures[:20], repeated(dark)) <= 60
    assert seconds_until("black", pictures[:20], repeated(np.full_like(dark, (200, 60, 0)))) <= 60


def test_a_blurred_picture_is_told(pictures: list[Frame]) -> None:
    soft = (cv2.GaussianBlur(frame, (0, 0), 4) for frame in pictures[20:])
    assert seconds_until("blurred", pictures[:20], soft, pictures[0]) <= 60
    soft = (cv2.GaussianBlur(frame, (0, 0), 4) for frame in pictures[20:])
    assert seconds_until("blurred", pictures[:20], soft) <= 60


@pytest.mark.parametrize("share", [0.05, 0.1, -0.3])
def test_a_turned_camera_is_told_when_there_is_a_reference(pictures: list[Frame], share: float) -> None:
    width = pictures[0].shape[1]
    turned = (np.roll(frame, round(share * width), axis=1) for frame in pictures[20:])
    assert seconds_until("moved", pictures[:20], turned, pictures[0]) <= 60


def test_dusk_is_no_fault(pictures: list[Frame]) -> None:
    dusk = [
        (frame * (0.3 + 0.7 * (1 - number / len(pictures)))).astype(np.uint8) for number, frame in enumerate(pictures)
    ]
    assert set(faults(dusk, pictures[0])) == {None}


def test_a_fault_that_is_over_is_no_longer_told(pictures: list[Frame]) -> None:
    dark = [np.zeros_like(pictures[0])] * (30 * FPS)
    told = faults([*pictures[:20], *dark, *pictures[20:40]])
    assert "black" in told
    assert set(told[-19:]) == {None}


def test_pictures_of_any_size_are_judged(tmp_path: Path) -> None:
    for shape in ((1, 1, 3), (3, 5, 3), (1080, 1920, 3), (40, 2000, 3)):
        generator = np.random.default_rng(1)
        Health(reference=generator.integers(0, 255, (90, 160, 3), np.uint8)).step(
            generator.integers(0, 255, shape, np.uint8), 0.0
        )
