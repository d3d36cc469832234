"""Scenes that cannot be had here, staged on a real one: people who fall, flames, smoke. Two pictures a second.

Crude on purpose and said to be so wherever their figures are shown: they prove that the baselines work at all.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from bianwang.vision.detector import Detector
from bianwang.vision.frames import Frame

FPS = 2
BEFORE, AFTER = 12, 16
"""Pictures before something happens and after."""
PLACES = ((150, 250), (330, 480), (560, 430), (620, 220))


def empty(pictures: list[Frame]) -> Frame:
    """The scene without its people."""
    return np.median(np.stack(pictures[::8]), axis=0).astype(np.uint8)


def seen(scene: Frame, generator: np.random.Generator) -> Frame:
    """As a sensor sees it."""
    noise = generator.integers(0, 7, scene.shape[:2], np.uint8)
    # Saturating arithmetic of OpenCV: quick, and a test takes hundreds of pictures.
    return np.asarray(cv2.subtract(cv2.add(scene, cv2.merge([noise] * 3)), (3.0, 3.0, 3.0)), np.uint8)


def flame(scene: Frame, place: tuple[int, int], height: int) -> Iterator[Frame]:
    """Tongues of fire that are different in each picture."""
    generator = np.random.default_rng(height + place[0])
    for number in range(BEFORE + AFTER):
        picture = scene.copy()
        for colour, size in (((20, 90, 235), 1.0), ((30, 160, 255), 0.7), ((140, 235, 255), 0.4)):
            for _ in range(6 if number >= BEFORE else 0):
                tall = int(height * size * generator.uniform(0.4, 1))
                at = (place[0] + int(generator.normal(0, height / 6)), place[1] - tall // 2)
                tilt = float(generator.normal(0, 12))
                cv2.ellipse(picture, at, (max(2, tall // 4), max(3, tall // 2)), tilt, 0, 360, colour, -1)
        yield seen(cv2.GaussianBlur(picture, (3, 3), 0).astype(np.uint8), generator)


def smoke(scene: Frame, place: tuple[int, int], dense: float) -> Iterator[Frame]:
    """A grey plume that grows and drifts; reckoned on every fourth pixel, then made smooth."""
    generator = np.random.default_rng(int(dense * 10) + place[0])
    height, width = scene.shape[:2]
    rows, columns = np.mgrid[:height:4, :width:4].astype(np.float32)
    under = scene.astype(np.float32)
    for number in range(BEFORE + AFTER):
        age = max(0, number - BEFORE + 1)
        grain = cv2.resize(generator.random((9, 12), np.float32), rows.shape[::-1], interpolation=cv2.INTER_CUBIC)
        reach = 12.0 * age + 1
        far = np.hypot((columns - place[0] - 2 * age) / (0.6 * reach), (rows - place[1] + 0.8 * reach) / reach)
        thick = np.clip(1 - far, 0, 1) * (0.7 + 0.3 * grain) * min(1.0, age / 3) * 2 * dense
        alpha = cv2.resize(np.clip(thick, 0, dense).astype(np.float32), (width, height))[..., None]
        yield seen((under + (185 - under) * alpha).astype(np.uint8), generator)


def falls(scene: Frame, pictures: list[Frame], detector: Detector, count: int) -> Iterator[tuple[Frame, ...]]:
    """Clips in which a real pedestrian stands, then lies where he stood: his picture turned by a quarter."""
    made = 0
    for picture in pictures[3::12]:
        found = detector.detect(picture)
        tall = found.boxes[:, 3] - found.boxes[:, 1]
        clear = (found.labels == 0) & (found.scores > 0.75) & (tall > 75)
        inside = (found.boxes[:, 0] > 120) & (found.boxes[:, 2] < 640) & (found.boxes[:, 3] < 480)
        for box in found.boxes[clear & inside][:1].astype(int).tolist():
            if made < count:
                yield tuple(_fall(scene, picture, box))
                made += 1


def _fall(scene: Frame, picture: Frame, box: list[int]) -> Iterator[Frame]:
    generator = np.random.default_rng(box[0])
    x1, y1, x2, y2 = box
    person = picture[y1:y2, x1:x2]
    lying = np.ascontiguousarray(np.rot90(person))
    centre = (x1 + x2) // 2
    for number in range(BEFORE + AFTER):
        now = scene.copy()
        if number < BEFORE:
            _paste(now, person, x1, y1)
        else:
            _paste(now, lying, centre - lying.shape[1] // 2, y2 - lying.shape[0])
        yield seen(now, generator)


def _paste(scene: Frame, part: Frame, left: int, top: int) -> None:
    high, wide = part.shape[:2]
    soft: NDArray[np.float32] = np.zeros((high, wide, 1), np.float32)
    soft[2:-2, 2:-2] = 1
    soft = cv2.GaussianBlur(soft, (5, 5), 0)[..., None].astype(np.float32)
    under = scene[top : top + high, left : left + wide]
    under[:] = (under * (1 - soft) + part * soft).astype(np.uint8)
