"""The newest picture of a camera as files that others read while they change."""

from __future__ import annotations

import os
from pathlib import Path

import cv2

from bianwang.modules.sensing.watching import HIDDEN, PICTURE
from bianwang.processes.camera.heads import Heads
from bianwang.vision.frames import Frame
from bianwang.vision.privacy import without_faces

WIDTH = 1280
EVERY_MS = 1_000
_QUALITY = 80


class Picture:
    """`latest.jpg` and, where `heads` knows them, `hidden.jpg`: at most one a second, at most 1280 pixels wide."""

    def __init__(self, folder: Path, heads: Heads | None) -> None:
        self._open, self._hidden = folder / PICTURE, folder / HIDDEN
        self._heads = heads
        self._written = 0
        if heads is None:
            # What another process hid in its time must not be taken for the newest.
            self._hidden.unlink(missing_ok=True)

    def show(self, frame: Frame, at_ms: int, *, is_analysed: bool) -> None:
        """Replace the files by a newer frame, if the last is old enough; heads know whom an analyser found in it."""
        if at_ms - self._written < EVERY_MS:
            return
        self._written = at_ms
        content = jpeg(frame)
        if self._heads is not None:
            if not is_analysed:
                self._heads.look(frame, at_ms / 1000)
            boxes = self._heads.boxes
            put(self._hidden, jpeg(without_faces(frame, boxes)) if len(boxes) else content, at_ms)
        put(self._open, content, at_ms)


def put(path: Path, content: bytes, at_ms: int) -> None:
    """Write a file of a moment whole: whoever reads it meanwhile has the old one."""
    draft = path.with_suffix(".part")
    draft.write_bytes(content)
    os.utime(draft, (at_ms / 1000, at_ms / 1000))
    os.replace(draft, path)


def jpeg(frame: Frame, width: int = WIDTH) -> bytes:
    """A frame as JPEG, made smaller where it is wider."""
    height, full = frame.shape[:2]
    if full > width:
        # Averaging is five times as dear, and needed only where pixels would be left out.
        way = cv2.INTER_AREA if full > 2 * width else cv2.INTER_LINEAR
        frame = cv2.resize(frame, (width, round(height * width / full)), interpolation=way)  # type: ignore[assignment]
    return bytes(cv2.imencode(".jpg", frame, (cv2.IMWRITE_JPEG_QUALITY, _QUALITY))[1])
