"""Reading a recording or a stream with PyAV, for commands that go through it once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np

from bianwang.vision.frames import Frame

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_PATIENCE = 10.0
"""Seconds that a network source may take to answer."""
_NOT_VIDEO = frozenset({"tty", "bin", "xbin", "adf", "idf"})
"""Formats of FFmpeg that draw any text file as a picture."""
_USUAL_RATE = 25
_EARLY = 1e-3
"""Seconds by which a picture may come before its turn: times of containers are rounded."""


class VideoError(Exception):
    """A source that cannot be read; one Chinese sentence."""


class Video:
    """An open recording, or an RTSP stream (taken over TCP). VideoError where it is none; a context manager."""

    def __init__(self, source: str) -> None:
        self.name = name_of(source)
        """The source as it may be shown."""
        self._container = _open(source, self.name)
        if self._container.format.name in _NOT_VIDEO or not self._container.streams.video:
            self._container.close()
            raise VideoError(f"“{self.name}”里没有视频画面，请换成 avi、mp4、gif 等视频文件。")
        self._stream: VideoStream = self._container.streams.video[0]
        self._stream.thread_type = "AUTO"

    def __enter__(self) -> Video:
        return self

    def __exit__(self, *_: object) -> None:
        self._container.close()

    def sampled(self, fps: float) -> Iterator[tuple[float, Frame]]:
        """Seconds since the first picture, and the picture: at most ``fps`` a second, the first at or after every beat.

        Beats follow the times of the pictures; only where a container has none are pictures counted. Damaged pictures
        are left out. VideoError where not one can be decoded.
        """
        period, beat, last = 1 / fps, 0.0, -1.0
        for seconds, frame in self._timed():
            if seconds + _EARLY < beat * period or seconds <= last:
                continue
            beat, last = int((seconds + _EARLY) / period) + 1, seconds
            yield seconds, _upright(frame)
        if last < 0:
            raise VideoError(f"“{self.name}”中没有能解码的画面，文件可能损坏或不完整。")

    def _timed(self) -> Iterator[tuple[float, VideoFrame]]:
        rate = float(self._stream.average_rate or _USUAL_RATE)
        first: float | None = None
        for number, frame in enumerate(self._frames()):
            at = number / rate if frame.time is None else frame.time
            first = at if first is None else first
            yield at - first, frame

    def _frames(self) -> Iterator[VideoFrame]:
        try:
            for packet in self._container.demux(self._stream):
                try:
                    yield from packet.decode()
                except av.error.InvalidDataError:
                    continue
        except (av.error.FFmpegError, OSError):
            return  # a stream that is cut, or a file that ends in the middle: what came is what there is


def _upright(frame: VideoFrame) -> Frame:
    """The picture as it is meant to be seen: a phone held upright records lying, and says so beside the picture."""
    picture = frame.to_ndarray(format="bgr24").astype(np.uint8, copy=False)
    return np.ascontiguousarray(np.rot90(picture, round(frame.rotation / 90)))


def name_of(source: str) -> str:
    """An address without the account and password in it; a path as it is."""
    scheme, mark, rest = source.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}" if mark else source


def _open(source: str, name: str) -> InputContainer:
    if "://" in source:
        options = {"rtsp_transport": "tcp"} if source.startswith(("rtsp://", "rtsps://")) else {}
        try:
            return av.open(source, options=options, timeout=_PATIENCE)
        except (av.error.FFmpegError, OSError) as error:
            raise VideoError(f"视频流“{name}”连不上，请检查地址、账号和网络。") from error
    if not Path(source).is_file():
        raise VideoError(f"视频文件“{source}”不存在或不是文件，请检查路径。")
    try:
        return av.open(source)
    except PermissionError as error:
        raise VideoError(f"视频文件“{source}”不能读取，请检查权限。") from error
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise VideoError(f"“{source}”不是视频文件，或格式不支持，请换成 avi、mp4、gif 等视频文件。") from error
