"""Suspected: a person who has fallen.

The detector hardly knows people who lie: it was trained on people who stand. So whoever vanishes in the middle of the
picture is looked for where he was, in the picture turned by a quarter either way. A box that is wide is suspicious too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bianwang.vision.detection import UNTRACKED, Detections
from bianwang.vision.detector import Detector
from bianwang.vision.frames import Frame
from bianwang.vision.suspicion import Box, Mark, overlap

_UPRIGHT = 1.3
"""Height by width from which somebody stands."""
_LYING = 0.8
_SURE = 0.5
_SIZES = (0.55, 1.4)
"""Length of who lies by his height before."""
_GONE_S, _LOOK_S = 0.5, 20.0
"""Who has vanished for so long is looked for, until then."""
_EDGE = 0.03
"""Who vanishes so near to the edge of the picture, in parts of its width, has walked out of it."""


@dataclass
class _Stander:
    box: Box
    seen: float
    times: int = 1


class Fallen:
    """One camera's. Looks for at most one vanished person a picture: two more runs of the model, on a small part."""

    def __init__(self, detector: Detector, person: int) -> None:
        self._detector, self._person = detector, person
        self._known: dict[int, _Stander] = {}

    def step(self, frame: Frame, persons: Detections, seconds: float) -> list[Mark]:
        """Who lies in this picture."""
        boxes: list[Box] = [tuple(box) for box in persons.boxes.tolist()]
        found = []
        for box, track, score in zip(boxes, persons.tracks.tolist(), persons.scores.tolist(), strict=True):
            if track == UNTRACKED or _at_edge(box, frame):
                continue
            if _shape(box) >= _UPRIGHT:
                known = self._known.setdefault(track, _Stander(box, seconds, 0))
                known.box, known.seen, known.times = box, seconds, known.times + 1
            elif _shape(box) <= _LYING:
                found.append(Mark(box, score, track))
        return found + self._lost(frame, boxes, seconds)

    def _lost(self, frame: Frame, boxes: list[Box], seconds: float) -> list[Mark]:
        self._known = {track: one for track, one in self._known.items() if seconds - one.seen <= _LOOK_S}
        gone = [one for one in self._known.values() if one.times >= 3 and seconds - one.seen >= _GONE_S]
        if not gone:
            return []
        last = max(gone, key=lambda one: one.seen)
        return [
            mark
            for mark in self._lying(frame, last.box)
            if not any(overlap(mark.box, box) > 0.5 for box in boxes)  # somebody who stands there
        ]

    def _lying(self, frame: Frame, was: Box) -> list[Mark]:
        """Persons in the turned surroundings of where somebody stood, as long as he was high."""
        tall, centre = was[3] - was[1], (was[0] + was[2]) / 2
        left, top = max(0, int(centre - 1.3 * tall)), max(0, int(was[1] - 0.2 * tall))
        part = frame[top : int(was[3] + 0.6 * tall), left : int(centre + 1.3 * tall)]
        high, wide = part.shape[:2]
        turned = [np.ascontiguousarray(np.rot90(part, times)) for times in (1, 3)]
        found = []
        for times, seen in zip((1, 3), self._detector.detect_many(turned), strict=True):
            sure = seen.where((seen.labels == self._person) & (seen.scores >= _SURE))
            for box, score in zip(sure.boxes.tolist(), sure.scores.tolist(), strict=True):
                x1, y1, x2, y2 = box
                if _shape(tuple(box)) >= _UPRIGHT and _SIZES[0] * tall <= y2 - y1 <= _SIZES[1] * tall:
                    flat = (
                        (wide - 1 - y2, x1, wide - 1 - y1, x2) if times == 1 else (y1, high - 1 - x2, y2, high - 1 - x1)
                    )
                    found.append(Mark((flat[0] + left, flat[1] + top, flat[2] + left, flat[3] + top), score))
        return sorted(found, key=lambda mark: -mark.score)[:1]


def _shape(box: Box) -> float:
    return (box[3] - box[1]) / max(1.0, box[2] - box[0])


def _at_edge(box: Box, frame: Frame) -> bool:
    height, width = frame.shape[:2]
    near = _EDGE * width
    return bool(box[0] < near or box[1] < near or box[2] > width - near or box[3] > height - near)
