"""The motion gate: whether a picture differs enough from the last one that was looked at, at almost no cost."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bianwang.vision.frames import Frame, light


@dataclass(frozen=True)
class GateSettings:
    """When a picture is let through."""

    width: int = 160
    """Pixels that a picture is made small to."""
    step: int = 14
    """Grey levels by which a pixel must differ."""
    share: float = 0.0015
    """Part of the pixels that must differ: a third of a person 40 metres away."""
    hold_s: float = 1.0
    """For how long after movement every picture is let through."""
    again_s: float = 10.0
    """After how long a picture is let through although nothing moved."""


class Gate:
    """Remembers the last picture that was let through, so that slow movement adds up until it is seen."""

    def __init__(self, settings: GateSettings | None = None) -> None:
        self._settings = settings or GateSettings()
        self._known: NDArray[np.float32] | None = None
        self._moved_at = self._passed_at = float("-inf")

    def step(self, frame: Frame, seconds: float) -> bool:
        """Whether to look at this picture."""
        rule = self._settings
        small = cv2.GaussianBlur(light(frame, rule.width), (5, 5), 0).astype(np.float32)
        if self._differs(small):
            self._moved_at = seconds
        if seconds - self._moved_at > rule.hold_s and seconds - self._passed_at < rule.again_s:
            return False
        self._known, self._passed_at = small, seconds
        return True

    def _differs(self, small: NDArray[np.float32]) -> bool:
        if self._known is None or self._known.shape != small.shape:
            return True
        change = small - self._known
        # A cloud, or the camera's exposure, shifts every pixel alike.
        change -= np.median(change)
        return float((np.abs(change) > self._settings.step).mean()) > self._settings.share
