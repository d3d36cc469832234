"""Small videos, made when a test needs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np

from bianwang.vision.frames import Frame

WIDTH, HEIGHT = 320, 240
Draw = Callable[[float], Frame]


def room(seconds: float) -> Frame:
    """A room with much to see in it and a white box that walks through."""
    picture = _ROOM.copy()
    left = int(seconds * 60) % (WIDTH - 40)
    picture[80:160, left : left + 40] = 255
    return picture


def frozen(after: float) -> Draw:
    """The room, which stands still from a moment on."""
    return lambda seconds: room(min(seconds, after))


def black(after: float) -> Draw:
    """The room, in which the light goes out."""
    return lambda seconds: room(seconds) if seconds < after else np.zeros((HEIGHT, WIDTH, 3), np.uint8)


def played(path: Path, count: int) -> list[Frame]:
    """The first pictures of a recording."""
    with av.open(str(path)) as source:
        return [frame.to_ndarray(format="bgr24") for frame in islice(source.decode(video=0), count)]


CAMERA = {"preset": "ultrafast", "tune": "zerolatency"}
"""H.264 as cameras send it: no frame waits for a later one."""


def make(
    path: Path,
    seconds: float,
    draw: Draw = room,
    fps: int = 10,
    key_s: float = 2.0,
    options: Mapping[str, str] = CAMERA,
) -> Path:
    """Write a video; key frames every `key_s`."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=fps, options=dict(options))
        stream.pix_fmt = "yuv420p"
        stream.height, stream.width = draw(0).shape[:2]
        stream.codec_context.gop_size = round(key_s * fps)
        for number in range(round(seconds * fps)):
            frame = av.VideoFrame.from_ndarray(draw(number / fps), format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def _room() -> Frame:
    blocks = np.random.default_rng(8).integers(40, 200, (HEIGHT // 10, WIDTH // 10, 3), np.uint8)
    return np.kron(blocks, np.ones((10, 10, 1), np.uint8))


_ROOM = _room()
