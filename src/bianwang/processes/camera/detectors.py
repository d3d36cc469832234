"""A model that the cameras of a process share."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from bianwang.vision.detection import Detections
from bianwang.vision.detector import Detector
from bianwang.vision.frames import Frame
from bianwang.vision.model import Model


class SharedDetector(Detector):
    """One model for all threads of a process, one after the other."""

    def __init__(self, model: Model) -> None:
        self._turn = threading.Lock()
        super().__init__(model)

    def detect_many(self, frames: Sequence[Frame]) -> list[Detections]:
        with self._turn:
            return super().detect_many(frames)
