"""Following persons from picture to picture: ByteTrack (Zhang et al. 2022, arXiv 2110.06864) of `trackers`."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from bianwang.vision.detection import Detections

if TYPE_CHECKING:
    from trackers import ByteTrackTracker

SURE = 0.5
"""Score from which a box may begin a track and is matched first."""
LOST = 2.0
"""Seconds that a track waits for its person to come back from behind something."""
_SEEN = 2
"""Pictures in a row before a track gets its identity."""
_OVERLAP = 0.1
_NARROW, _WIDE = 0.3, 0.6


class Tracker:
    """Gives boxes identities; ``fps`` is how many pictures a second are expected."""

    def __init__(self, fps: float) -> None:
        self._supervision, self._bytetrack = _make(fps)

    def step(self, found: Detections, seconds: float) -> Detections:
        """The boxes of one picture with their identities, in another order. ``seconds`` must rise."""
        boxes = self._supervision.Detections(
            xyxy=found.boxes, confidence=found.scores, class_id=np.arange(len(found), dtype=np.int64)
        )
        told = self._bytetrack.update(boxes, timestamp=seconds)
        # The class carries the index, so that the tracker may sort as it likes.
        order = np.asarray(told.class_id if len(told) else [], np.intp)
        tracked = found.where(order)
        return Detections(tracked.boxes, tracked.scores, tracked.labels, np.asarray(told.tracker_id, np.int64))


def _make(fps: float) -> tuple[Any, ByteTrackTracker]:
    supervision, trackers, overlap = _libraries()
    # A person walks about the width of his box in half a second, so boxes are widened by how long a picture takes.
    reach = min(_WIDE, max(_NARROW, 1 / fps))
    tracker = trackers.ByteTrackTracker(
        lost_track_buffer=round(LOST * 30),  # counted in pictures of 30 a second, whatever comes
        frame_rate=fps,
        track_activation_threshold=SURE,
        high_conf_det_threshold=SURE,
        minimum_consecutive_frames=_SEEN,
        minimum_iou_threshold=_OVERLAP,
        iou=overlap(reach),
    )
    return supervision, tracker


@lru_cache(maxsize=1)
def _libraries() -> tuple[Any, Any, Any]:
    """supervision brings matplotlib: two seconds and 100 MB, paid by who tracks and nobody else."""
    import supervision
    import trackers
    from trackers.utils.iou import BIoU

    return supervision, trackers, BIoU
