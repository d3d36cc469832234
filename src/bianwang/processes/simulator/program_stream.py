"""A moving picture as a program stream: what a recorder sends, made without a camera."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT, SQUARE = 320, 240, 48


class _Pipe:
    """What the muxer writes to; it cannot seek, like a network."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.written.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        data, self.written = b"".join(self.written), []
        return data


class ProgramStream:
    """Encodes picture after picture (H.264, a key picture a second) and returns the bytes that have come out."""

    def __init__(self, fps: int = 25) -> None:
        self.fps, self.pictures = fps, 0
        self._pipe = _Pipe()
        self._container = av.open(self._pipe, "w", format="mpeg", options={"flush_packets": "1"})
        self._stream = self._container.add_stream("libx264", rate=fps)
        self._stream.width, self._stream.height, self._stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        self._stream.time_base = Fraction(1, fps)
        self._stream.options = {"preset": "ultrafast", "tune": "zerolatency", "g": str(fps), "repeat-headers": "1"}

    def next(self) -> bytes:
        """One more picture; the muxer may keep some bytes for the next."""
        frame = av.VideoFrame.from_ndarray(picture(self.pictures), format="bgr24")
        frame.pts = self.pictures
        self.pictures += 1
        self._container.mux(self._stream.encode(frame))
        return self._pipe.take()

    def end(self) -> bytes:
        """What is left."""
        self._container.mux(self._stream.encode(None))
        self._container.close()
        return self._pipe.take()


def picture(number: int) -> NDArray[np.uint8]:
    """A grey yard through which a light square walks."""
    frame = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    left = number * 4 % (WIDTH - SQUARE)
    frame[96 : 96 + SQUARE, left : left + SQUARE] = (60, 200, 240)
    return frame
