"""Heads made unrecognisable, for pictures that leave the platform."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from bianwang.vision.frames import Frame

_CELLS = 4
"""Squares across a head: fewer than any face can be told by."""
_OF_HEIGHT, _OF_WIDTH = 0.22, 0.6
"""A head takes up to 0.22 of who stands, and about 0.6 of the width of whoever is cut off by the picture's edge."""


def without_faces(frame: Frame, boxes: NDArray[np.float32]) -> Frame:
    """A copy in which the head of every person in ``boxes`` (n, 4; pixels) is a few squares.

    Whoever lies is hidden whole: his head may be at either end. Whom the detector did not find stays recognisable.
    """
    picture = frame.copy()
    for x1, y1, x2, y2 in boxes.tolist():
        height, width = y2 - y1, x2 - x1
        head = height if width > height else min(height, max(_OF_HEIGHT * height, _OF_WIDTH * width))
        top, bottom, left, right = (max(0, round(edge)) for edge in (y1 - 0.03 * height, y1 + head, x1, x2 + 1))
        part = picture[top:bottom, left:right]
        if part.size:
            few = cv2.resize(part, (_CELLS, max(1, round(_CELLS * head / max(1, width)))), interpolation=cv2.INTER_AREA)
            part[:] = cv2.resize(few, part.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    return picture
