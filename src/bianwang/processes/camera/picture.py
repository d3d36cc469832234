"""The newest picture of a camera as a file that others read while it changes."""

from __future__ import annotations

import os
from pathlib import Path

import cv2

from bianwang.vision.frames import Frame

WIDTH = 1280
EVERY_MS = 1_000
_QUALITY = 80


class Picture:
    """`latest.jpg`: at most one a second, at most 1280 pixels wide."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written = 0

    def show(self, frame: Frame, at_ms: int) -> None:
        """Replace the file by a newer frame, if the last is old enough."""
        if at_ms - self._written < EVERY_MS:
            return
        self._written = at_ms
        put(self._path, jpeg(frame), at_ms)


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
