"""Suspected: a person without a high-visibility vest, by the share of fluorescent colour where the vest would be.

Fluorescent yellow-green and orange-red are the colours of GB 20653 and EN ISO 20471. By day and by white light only.
"""

from __future__ import annotations

import cv2
import numpy as np

from bianwang.vision.detection import UNTRACKED, Detections
from bianwang.vision.frames import Frame
from bianwang.vision.suspicion import Box, Mark

_LEAST = 60
"""Pixels of a person's height below which colours cannot be told."""
_ENOUGH = 0.08
"""Share of the torso that a vest covers at least."""
_TORSO = (0.2, 0.18, 0.8, 0.55)
"""Part of a person's box: left, top, right, bottom."""
_YELLOW = ((22, 100, 130), (48, 255, 255))
_ORANGE = (((0, 150, 150), (14, 255, 255)), ((174, 150, 150), (180, 255, 255)))
"""Hue (0–180), saturation, value."""


def without_vest(frame: Frame, persons: Detections) -> list[Mark]:
    """Persons who have an identity, are large enough and show too little fluorescent colour."""
    found = []
    for box, track, score in zip(persons.boxes.tolist(), persons.tracks.tolist(), persons.scores.tolist(), strict=True):
        if track == UNTRACKED or box[3] - box[1] < _LEAST:
            continue
        share = fluorescent(frame, tuple(box))
        if share < _ENOUGH:
            found.append(Mark(tuple(box), score * (1 - share / _ENOUGH), track))
    return found


def fluorescent(frame: Frame, person: Box) -> float:
    """Share of the torso, 0–1, that has a vest's colours."""
    x1, y1, x2, y2 = person
    left, top, right, bottom = _TORSO
    wide, high = x2 - x1, y2 - y1
    torso = frame[
        int(y1 + top * high) : int(y1 + bottom * high) + 1, int(x1 + left * wide) : int(x1 + right * wide) + 1
    ]
    if not torso.size:
        return 0.0
    colours = cv2.cvtColor(torso, cv2.COLOR_BGR2HSV)
    shown = [cv2.inRange(colours, np.array(low), np.array(high)) > 0 for low, high in (_YELLOW, *_ORANGE)]
    return float(np.logical_or.reduce(shown).mean())
