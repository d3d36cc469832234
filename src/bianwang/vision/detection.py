"""What was found in one picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UNTRACKED = -1


@dataclass(frozen=True, eq=False)
class Detections:
    """Boxes of one picture, all arrays of one length.

    ``boxes`` (n, 4): x1 y1 x2 y2 in pixels of the picture, within it, whole tenths; ``scores`` 0–1; ``labels`` indices
    of the model's labels; ``tracks`` identities, -1 = none yet.
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    labels: NDArray[np.int64]
    tracks: NDArray[np.int64]

    @classmethod
    def none(cls) -> Detections:
        """Nothing found."""
        return cls(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int64), np.zeros(0, np.int64))

    def __len__(self) -> int:
        return len(self.boxes)

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Detections:
        """Some of them, by mask or by index."""
        return Detections(self.boxes[chosen], self.scores[chosen], self.labels[chosen], self.tracks[chosen])

    def feet(self) -> NDArray[np.float64]:
        """(n, 2): the bottom centre of each box, where a person stands."""
        # Through tenths, so that who works from what is printed comes to the same.
        boxes = np.round(self.boxes.astype(np.float64), 1)
        return np.column_stack(((boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]))
