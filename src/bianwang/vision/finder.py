"""A model of the customer's own beside the person detector: some of its classes are a suspicion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bianwang.vision.detector import Detector
from bianwang.vision.frames import Frame
from bianwang.vision.suspicion import Kind, Mark


@dataclass(frozen=True, eq=False)
class Finder:
    """Takes the place of the baseline of its kind. May serve many cameras, as its detector does."""

    kind: Kind
    detector: Detector
    labels: frozenset[int]
    """Classes that are a finding."""
    threshold: float

    def marks(self, frame: Frame) -> list[Mark]:
        """What it finds in a picture."""
        found = self.detector.detect(frame)
        sure = found.where(np.isin(found.labels, list(self.labels)) & (found.scores >= self.threshold))
        return [
            Mark((x1, y1, x2, y2), score)
            for (x1, y1, x2, y2), score in zip(sure.boxes.tolist(), sure.scores.tolist(), strict=True)
        ]
