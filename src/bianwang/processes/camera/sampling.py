"""Which packets are decoded, and which frames are looked at."""

from __future__ import annotations

import av
import numpy as np
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from bianwang.vision.frames import Frame


class Sampler:
    """Takes `fps` frames a second out of a stream, by presentation time.

    A stream whose key frames are close enough together has only those decoded that are due. Any other has every frame
    decoded that another builds on: a frame of 1080p H.264 costs 1 to 5 ms, by its bit rate.
    """

    def __init__(self, fps: float) -> None:
        self._period = 1.0 / fps
        self._next = float("-inf")
        self._last_key: float | None = None
        self._sparse = False
        self._started = False

    def skip(self) -> None:
        """Decode nothing before the next key frame: packets have been passed over."""
        self._started = False

    def frame(self, packet: Packet[VideoStream], seconds: float) -> VideoFrame | None:
        """The frame to look at, if this packet brings one that is due."""
        if packet.is_keyframe:
            self._started = True
            self._sparse = self._last_key is not None and 0 < seconds - self._last_key <= self._period
            self._last_key = seconds
        due = seconds >= self._next
        if not self._started or (self._sparse and not (due and packet.is_keyframe)):
            return None
        # Between two that are looked at, frames on which none builds are left out.
        packet.stream.codec_context.skip_frame = "DEFAULT" if due else "NONREF"
        frames = _decoded(packet)
        if not due or not frames:
            return None
        # A period after the last that was due, not after the frame: the mean rate is kept.
        self._next = max(self._next + self._period, seconds)
        return frames[-1]


def pixels(frame: VideoFrame) -> Frame:
    """A decoded frame as an array."""
    return np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)


def _decoded(packet: Packet[VideoStream]) -> list[VideoFrame]:
    try:
        return [frame for frame in packet.decode() if not frame.is_corrupt]
    except av.error.InvalidDataError:  # a damaged packet; the next key frame heals it
        return []
