"""Whose heads are to be hidden in the newest picture of a camera."""

from __future__ import annotations

import numpy as np

from bianwang.vision.analyser import PERSON
from bianwang.vision.detection import Detections
from bianwang.vision.detector import Detector
from bianwang.vision.frames import Frame
from bianwang.vision.gate import Gate
from bianwang.vision.privacy import HOLD_S, SCORE, Boxes


class Heads:
    """Everybody who was found in the last second: who is missed in one picture was there a moment ago."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._person = detector.model.index(PERSON)
        self._gate = Gate()
        self._found = Detections.none()
        self._seen: list[tuple[float, Boxes]] = []

    def saw(self, persons: Detections, seconds: float) -> None:
        """Take what an analyser found in a picture, sure or not."""
        self._seen = [each for each in self._seen if each[0] >= seconds - HOLD_S]
        self._seen.append((seconds, persons.boxes[persons.scores >= SCORE]))

    def look(self, frame: Frame, seconds: float) -> None:
        """Look at a picture that no analyser looked at."""
        if self._gate.step(frame, seconds):
            found = self._detector.detect(frame)
            self._found = found.where(found.labels == self._person)
        self.saw(self._found, seconds)

    @property
    def boxes(self) -> Boxes:
        """Of whom to hide."""
        return np.concatenate([boxes for _, boxes in self._seen] or [Detections.none().boxes])
