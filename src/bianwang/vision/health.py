"""Whether a camera's pictures can be judged at all. That no picture comes is for the caller to notice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from bianwang.vision.frames import Frame, light

Fault = Literal["frozen", "black", "blurred", "moved"]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class HealthSettings:
    """When a picture is bad, and for how long before it is said."""

    every_s: float = 1.0
    """A picture is looked at that often: no fault is said sooner, and looking costs."""
    frozen_s: float = 40.0
    hold_s: float = 20.0
    still: int = 6
    """Grey levels that no pixel of a frozen picture differs by. A sensor's noise differs by more within seconds, a
    repeated picture that is encoded anew by less, unless its bit rate is very low."""
    black: int = 30
    """Nineteen in twenty pixels are darker."""
    plain: int = 12
    """Nine in ten pixels lie within so many grey levels: one colour, as of a missing signal."""
    sharpness: float = 0.006
    """Variance of the Laplacian by variance, 320 pixels wide; recordings of tests have 0.3 and more."""
    sharpness_share: float = 0.15
    """Of the reference's."""
    likeness: float = 0.55
    """Correlation of the edges with the reference's: a turn by a twentieth of the width stays below, the coming and
    going of people and of light above."""


class Health:
    """One camera's. ``reference`` is a good picture of it; without one no turning is noticed."""

    def __init__(self, settings: HealthSettings | None = None, reference: Frame | None = None) -> None:
        self._settings = settings or HealthSettings()
        self._known: NDArray[np.int16] | None = None
        self._changed_at = 0.0
        self._next = float("-inf")
        self._said: Fault | None = None
        self._since: dict[Fault, float] = {}
        self._edges = None if reference is None else _edges(reference)
        self._sharpness = 0.0 if reference is None else _sharpness(reference)

    def step(self, frame: Frame, seconds: float) -> Fault | None:
        """Look at the next picture: what has been wrong for long enough, the worst first."""
        if seconds >= self._next:
            self._next = seconds + self._settings.every_s
            self._said = self._judge(frame, seconds)
        return self._said

    def _judge(self, frame: Frame, seconds: float) -> Fault | None:
        bad, frozen = self._bad(frame), self._still(frame, seconds)
        self._since = {fault: self._since.get(fault, seconds) for fault in bad}
        lasting = [fault for fault, since in self._since.items() if seconds - since >= self._settings.hold_s]
        if frozen and "black" not in lasting:
            return "frozen"
        return lasting[0] if lasting else None

    def _bad(self, frame: Frame) -> list[Fault]:
        """What is wrong with one picture, the worst first."""
        rule = self._settings
        low, high = np.percentile(light(frame, 160), (5, 95))
        if high < rule.black or high - low < rule.plain:
            return ["black"]  # and then nothing else can be told
        found: list[Fault] = []
        if _sharpness(frame) < max(rule.sharpness, rule.sharpness_share * self._sharpness):
            found.append("blurred")
        if self._edges is not None and _likeness(self._edges, _edges(frame)) < rule.likeness:
            found.append("moved")
        return found

    def _still(self, frame: Frame, seconds: float) -> bool:
        # Single pixels, not averages: averaging would take the noise away that tells a still scene from a frozen one.
        step = max(1, frame.shape[1] // 160)
        now = frame[::step, ::step, 1].astype(np.int16)
        known = self._known
        if known is None or known.shape != now.shape or int(np.abs(now - known).max()) > self._settings.still:
            self._known, self._changed_at = now, seconds
        return seconds - self._changed_at >= self._settings.frozen_s


def _sharpness(frame: Frame) -> float:
    seen = light(frame, 320).astype(np.float32)
    return float(cv2.Laplacian(seen, cv2.CV_32F).var() / max(1.0, float(seen.var())))


def _edges(frame: Frame) -> Floats:
    soft = cv2.GaussianBlur(light(frame, 160).astype(np.float32), (0, 0), 1.5)
    slope = cv2.magnitude(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1))
    return np.asarray(slope, np.float32)


def _likeness(one: Floats, other: Floats) -> float:
    if one.shape != other.shape:
        other = np.asarray(cv2.resize(other, one.shape[::-1]), np.float32)
    one, other = one - one.mean(), other - other.mean()
    return float((one * other).sum() / max(1e-6, float(np.sqrt((one**2).sum() * (other**2).sum()))))
