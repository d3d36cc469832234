"""A picture as an array."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.uint8]
"""(height, width, 3), blue, green, red."""
Grey = NDArray[np.uint8]
"""(height, width)."""


def light(frame: Frame, width: int) -> Grey:
    """Brightness (green, which is most of it), about ``width`` pixels wide; a narrower picture stays as it is.

    Cheap on large pictures: of each square of pixels four are averaged, the others are not read.
    """
    step = max(1, frame.shape[1] // (2 * width))
    green = np.ascontiguousarray(frame[::step, ::step, 1])
    if green.shape[1] < 2 * width or green.shape[0] < 2:
        return green
    return np.asarray(
        cv2.resize(green, (green.shape[1] // 2, green.shape[0] // 2), interpolation=cv2.INTER_AREA), np.uint8
    )
