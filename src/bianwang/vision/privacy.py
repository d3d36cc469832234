"""Heads made unrecognisable, for pictures that leave the platform."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from bianwang.vision.frames import Frame

Boxes = NDArray[np.float32]
"""(n, 4): x1 y1 x2 y2 in pixels."""

SCORE = 0.25
"""From which score somebody is hidden: lower than he would be counted, for a square too many harms nobody."""
HOLD_S = 1.0
"""For how long before and after he was found somebody is taken to be where he was."""

_CELLS = 4
"""Squares across a head: fewer than any face can be told by."""
_OF_HEIGHT, _OF_WIDTH = 0.22, 0.6
"""A head takes up to 0.22 of who stands, and about 0.6 of the width of whoever is cut off by the picture's edge."""
_WIDER = 0.1
"""Of the width of a box, on either side: where somebody is between two pictures is a guess."""
_SAME = 0.1
"""Overlap (intersection over union) from which a box is taken for the one before it."""

_Sighting = tuple[float, Boxes]


def without_faces(frame: Frame, boxes: Boxes) -> Frame:
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


def covering(seen: Sequence[tuple[float, Boxes]]) -> list[Boxes]:
    """What to hide in each picture of a recording, from (seconds, persons found) of all of them in order.

    Every box that was found, and where it must have been in pictures in which it was missed: on the way between two
    sightings that overlap, and at its place for `HOLD_S` before the first and after the last. All a little wider.
    """
    chains = _chains(seen)
    return [_wider([_at(chain, seconds) for chain in chains if _lives(chain, seconds)]) for seconds, _ in seen]


def _chains(seen: Iterable[_Sighting]) -> list[list[_Sighting]]:
    """Sightings that follow one another. One that is linked to the wrong person is still hidden where it was found."""
    chains: list[list[_Sighting]] = []
    for seconds, boxes in seen:
        waiting = [chain for chain in chains if seconds - chain[-1][0] <= HOLD_S]
        for box in boxes:
            before = max(waiting, key=lambda chain: _overlap(chain[-1][1], box), default=None)
            if before is not None and _overlap(before[-1][1], box) >= _SAME:
                waiting = [chain for chain in waiting if chain is not before]
                before.append((seconds, box))
            else:
                chains.append([(seconds, box)])
    return chains


def _lives(chain: Sequence[_Sighting], seconds: float) -> bool:
    return chain[0][0] - HOLD_S <= seconds <= chain[-1][0] + HOLD_S


def _at(chain: Sequence[_Sighting], seconds: float) -> Boxes:
    times = [moment for moment, _ in chain]
    return np.array([np.interp(seconds, times, edge) for edge in np.stack([box for _, box in chain]).T], np.float32)


def _wider(boxes: Sequence[Boxes]) -> Boxes:
    found: Boxes = np.reshape(np.array(boxes, np.float32), (-1, 4))
    aside = _WIDER * (found[:, 2] - found[:, 0])
    found[:, 0] -= aside
    found[:, 2] += aside
    return found


def _overlap(one: Boxes, other: Boxes) -> float:
    sides = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    both = float(np.prod(np.maximum(sides, 0)))
    return both / (float(np.prod(one[2:] - one[:2]) + np.prod(other[2:] - other[:2])) - both + 1e-9)
