"""Precision and recall of a detector on labelled pictures, at every threshold at once. Free of Django.

A box counts as right when it overlaps a labelled one of its class by at least half (intersection over union), each
labelled box once, the surest first: the rule of PASCAL VOC (Everingham et al. 2010).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

THRESHOLDS: Final = tuple(round(0.05 * step, 2) for step in range(2, 20))
OVERLAP: Final = 0.5

Box = tuple[float, float, float, float]
"""x1 y1 x2 y2 in pixels."""
Scored = tuple[float, bool]
"""A found box: its score, and whether it is right."""


class Counts(msgspec.Struct, frozen=True):
    """What a threshold lets through: right and wrong boxes, and labelled ones that are missed."""

    threshold: float
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float | None:
        """查准率, of 1; none where nothing is found."""
        found = self.right + self.wrong
        return self.right / found if found else None

    @property
    def recall(self) -> float | None:
        """查全率, of 1; none where nothing was labelled."""
        labelled = self.right + self.missed
        return self.right / labelled if labelled else None


class LabelResult(msgspec.Struct, frozen=True):
    """One class: how many were labelled, and what each threshold finds of them."""

    label: str
    objects: int
    counts: tuple[Counts, ...]

    def at(self, threshold: float) -> Counts:
        """The counts of the nearest threshold that was worked out."""
        return min(self.counts, key=lambda row: abs(row.threshold - threshold))


class Result(msgspec.Struct, frozen=True):
    """A run: pictures, milliseconds for each, and every class of the model."""

    pictures: int
    milliseconds: float
    labels: tuple[LabelResult, ...]


def scored(found: Iterable[tuple[Box, float]], labelled: Sequence[Box]) -> list[Scored]:
    """The found boxes of one class in one picture, the surest first, each right or wrong."""
    left = list(labelled)
    rows = []
    for box, score in sorted(found, key=lambda row: -row[1]):
        best = max(left, key=lambda truth: overlap(box, truth), default=None)
        is_right = best is not None and overlap(box, best) >= OVERLAP
        if best is not None and is_right:
            left.remove(best)
        rows.append((score, is_right))
    return rows


def label_result(label: str, rows: Sequence[Scored], objects: int) -> LabelResult:
    """All pictures of one class together."""
    counts = []
    for threshold in THRESHOLDS:
        kept = [is_right for score, is_right in rows if score >= threshold]
        right = sum(kept)
        counts.append(Counts(threshold, right, len(kept) - right, objects - right))
    return LabelResult(label, objects, tuple(counts))


def overlap(one: Box, two: Box) -> float:
    """Intersection over union."""
    width = min(one[2], two[2]) - max(one[0], two[0])
    height = min(one[3], two[3]) - max(one[1], two[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (_area(one) + _area(two) - shared)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
