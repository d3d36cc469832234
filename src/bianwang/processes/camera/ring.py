"""The last minutes of a camera on disk: its own packets, not encoded anew, in short files that begin with a key frame.

A file is called by its first moment in ms, `.part` while it grows. Matroska takes every codec that cameras send.
"""

from __future__ import annotations

from pathlib import Path

import av
from av.container import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from bianwang.modules.sensing import watching

SEGMENT_MS = 5_000
KEPT_MS = 120_000
SUFFIX, GROWING = ".mkv", ".part"


class Ring:
    """Writes packets of one stream after the other; keeps two minutes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in folder.glob(f"*{GROWING}"):
            left.unlink()
        self._output: OutputContainer | None = None
        self._stream: VideoStream | None = None
        self._path = folder
        self._start_ms = 0
        self._first = 0
        self._last = 0

    def put(self, packet: Packet[VideoStream], at_ms: int) -> None:
        """Add a packet taken at a moment. It is not decoded afterwards: its times become those of the file."""
        if packet.is_keyframe and (self._output is None or at_ms - self._start_ms >= SEGMENT_MS):
            self.close()
            self._begin(packet, at_ms)
        if self._output is None or packet.dts is None or packet.dts < self._last:
            return
        self._last = packet.dts + 1
        packet.dts -= self._first
        if packet.pts is not None:
            packet.pts -= self._first
        packet.stream = self._stream  # type: ignore[assignment]
        self._output.mux(packet)

    def close(self) -> None:
        """Finish the present file; the next key frame begins another."""
        if self._output is None:
            return
        self._output.close()
        self._output = None
        self._path.rename(self._path.with_suffix(SUFFIX))

    def _begin(self, packet: Packet[VideoStream], at_ms: int) -> None:
        self._path = self._folder / f"{at_ms}{GROWING}"
        self._output = av.open(str(self._path), "w", format="matroska")
        self._stream = self._output.add_stream_from_template(packet.stream)
        self._start_ms, self._first, self._last = at_ms, packet.dts or 0, packet.dts or 0
        for old in segments(self._folder):
            if at_ms - int(old.stem) > KEPT_MS:
                old.unlink()


def folder(camera: int) -> Path:
    """Where the ring of a camera lies."""
    return watching.folder(camera) / "ring"


def segments(folder: Path) -> list[Path]:
    """Finished files, oldest first."""
    return sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: int(path.stem))


def growing_since(folder: Path) -> int | None:
    """When the file that still grows began; None where none does."""
    return min((int(path.stem) for path in folder.glob(f"*{GROWING}")), default=None)
