"""Boxes and regions on a key frame, as people see them."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from bianwang.vision.detection import UNTRACKED, Detections
from bianwang.vision.frames import Frame
from bianwang.vision.regions import Region

_PERSON, _REGION, _MARK = (0, 200, 0), (0, 165, 255), (0, 0, 255)
"""Blue, green, red: persons green, regions orange, what is marked red."""


def drawn(
    frame: Frame,
    persons: Detections,
    regions: Sequence[Region] = (),
    marked: Sequence[tuple[float, float, float, float]] = (),
) -> Frame:
    """A copy with the outlines of regions, a box and the identity of each person, and boxes that are ``marked``."""
    height, width = frame.shape[:2]
    picture, thick = frame.copy(), max(1, round(max(width, height) / 600))
    for region in regions:
        points = region.on(width, height).round().astype(np.int32)
        cv2.polylines(picture, [points], region.kind == "area", _REGION, thick, cv2.LINE_AA)
    for box, track in zip(persons.boxes.tolist(), persons.tracks.tolist(), strict=True):
        _box(picture, box, _PERSON, thick)
        if track != UNTRACKED:
            at = (round(box[0]), max(12 * thick, round(box[1]) - 3 * thick))
            cv2.putText(picture, str(track), at, cv2.FONT_HERSHEY_SIMPLEX, 0.4 * thick, _PERSON, thick, cv2.LINE_AA)
    for box in marked:
        _box(picture, box, _MARK, 2 * thick)
    return picture


def _box(picture: Frame, box: Sequence[float], colour: tuple[int, int, int], thick: int) -> None:
    x1, y1, x2, y2 = (round(value) for value in box)
    cv2.rectangle(picture, (x1, y1), (x2, y2), colour, thick)
