"""Suspected: flame and smoke, by colour and by how they change.

Flame: red over green over blue and bright (Chen, Wu and Chiou 2004), where brightness flickers. Smoke: grey, and it
takes the edges of what is behind it away (Töreyin, Dedeoğlu and Çetin 2005). Persons are left out: vests are orange.
"""

from __future__ import annotations

from collections import deque

import cv2
import numpy as np
from numpy.typing import NDArray

from bianwang.vision.detection import Detections
from bianwang.vision.frames import Frame
from bianwang.vision.suspicion import Mark

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

_WIDTH = 160
_MEMORY = 6
"""Pictures in which a flame must flicker."""
_FLICKER = 14.0
"""Grey levels of standard deviation."""
_FLAME, _SMOKE = 0.0006, 0.01
"""Least part of the picture."""
_LEARN = 0.02
"""By how much each picture moves the background."""
_SETTLED = 10
"""Pictures before the background is known."""


class Fire:
    """One camera's; remembers the last pictures and the background, small."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._bright: deque[Floats] = deque(maxlen=_MEMORY)
        self._fiery: deque[Mask] = deque(maxlen=_MEMORY)
        self._scene: Floats | None = None
        self._detail: Floats | None = None
        self._times = np.zeros(0, np.float32)
        """How often each pixel was seen without a person before it."""

    def step(self, frame: Frame, persons: Detections) -> tuple[list[Mark], list[Mark]]:
        """Flames and smoke of this picture."""
        step = max(1, frame.shape[1] // (2 * _WIDTH))
        shrunk = cv2.resize(frame[::step, ::step], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        small = shrunk.astype(np.uint8, copy=False)
        scale = frame.shape[1] / small.shape[1]
        if self._scene is not None and self._scene.shape != small.shape[:2]:
            self._forget()  # another stream of the camera
        free = _without(persons, small.shape[:2], scale)
        bright = small.max(axis=2).astype(np.float32)
        return (
            _marks(self._flames(small, bright) & free, _FLAME, scale),
            _marks(self._smoke(small, bright, free) & free, _SMOKE, scale),
        )

    def _flames(self, small: Frame, bright: Floats) -> Mask:
        blue, green, red = (small[..., channel].astype(np.int16) for channel in range(3))
        self._fiery.append((red > 180) & (red >= green) & (green > blue) & (red - blue > 70))
        self._bright.append(bright)
        if len(self._bright) < _MEMORY:
            return np.zeros(bright.shape, bool)
        often = cv2.blur(np.mean(self._fiery, axis=0, dtype=np.float32), (3, 3)) >= 0.3
        return np.asarray(often & (np.std(self._bright, axis=0) >= _FLICKER))

    def _smoke(self, small: Frame, bright: Floats, free: Mask) -> Mask:
        detail = np.asarray(cv2.blur(np.abs(cv2.Laplacian(bright, cv2.CV_32F)), (9, 9)), np.float32)
        if self._scene is None or self._detail is None:
            self._scene, self._detail, self._times = bright.copy(), detail.copy(), np.zeros(bright.shape, np.float32)
        scene, known, times = self._scene, self._detail, self._times
        plain = small.max(axis=2).astype(np.int16) - small.min(axis=2) < 40
        veiled = (detail < 0.6 * known) & (known > 3) & (np.abs(bright - scene) > 8) & plain & (times >= _SETTLED)
        # What hides the scene becomes it slowly: a van that parks is not smoke for ever.
        rate = np.maximum(_LEARN, 1 / (times + 1)) * np.where(veiled, 0.1, 1.0) * free
        scene += rate * (bright - scene)
        known += rate * (detail - known)
        times += free
        return np.asarray(veiled)


def _without(persons: Detections, shape: tuple[int, ...], scale: float) -> Mask:
    free = np.ones(shape[:2], bool)
    for x1, y1, x2, y2 in (persons.boxes / scale).tolist():
        spare = 0.1 * (y2 - y1) + 1
        free[max(0, int(y1 - spare)) : int(y2 + spare) + 1, max(0, int(x1 - spare)) : int(x2 + spare) + 1] = False
    return free


def _marks(mask: Mask, least: float, scale: float) -> list[Mark]:
    """Connected parts that are large enough, as boxes of the whole picture."""
    joined = cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8))
    count, _, parts, _ = cv2.connectedComponentsWithStats(joined)
    found = []
    for left, top, wide, high, _area in parts[1:count].tolist():
        share = float(mask[top : top + high, left : left + wide].sum()) / mask.size
        if share >= least:
            box = (left * scale, top * scale, (left + wide) * scale, (top + high) * scale)
            found.append(Mark(box, min(1.0, 0.5 + share / least / 20)))
    return found
