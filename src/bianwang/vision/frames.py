"""A picture as an array."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.uint8]
"""(height, width, 3), blue, green, red."""
Grey = NDArray[np.uint8]
"""(height, width)."""


def thumbnail(frame: Frame, width: int) -> Frame:
    """The picture ``width`` pixels wide, averaged so that noise goes; a narrower picture stays as it is."""
    height, wide = frame.shape[:2]
    if wide <= width:
        return frame
    size = (width, max(1, round(height * width / wide)))
    # Averaging whole 1080p pictures costs more than all that follows: every n-th pixel, so that four are averaged.
    step = max(1, wide // (4 * width))
    return np.asarray(cv2.resize(frame[::step, ::step], size, interpolation=cv2.INTER_AREA), np.uint8)


def grey(frame: Frame) -> Grey:
    """Luminance."""
    return np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8)
