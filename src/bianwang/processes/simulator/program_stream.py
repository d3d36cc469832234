"""A moving picture as a program stream (ISO/IEC 13818-1), packed as GB/T 28181 asks: what a recorder sends.

Each picture is a pack header and PES packets with its time; before a key picture stand the system header and the map
that says what the stream is (type 0x1B, H.264).
"""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from numpy.typing import NDArray

WIDTH, HEIGHT, SQUARE = 320, 240, 48
_VIDEO = 0xE0
_H264 = 0x1B
_RATE = 6_106
"""Mux rate in units of 50 bytes a second."""
_LONGEST = 65_000
"""Bytes of a picture in one PES packet, whose length has 16 bits."""


class ProgramStream:
    """Encodes picture after picture (a key picture a second) and packs each by itself.

    Raises av.error.FFmpegError where FFmpeg has no H.264 encoder, as in the offline bundle (docs/adr/010).
    """

    def __init__(self, fps: int = 25) -> None:
        self.fps, self.pictures = fps, 0
        codec = av.CodecContext.create("libx264", "w")
        assert isinstance(codec, VideoCodecContext)  # noqa: S101 - for the type checker
        codec.width, codec.height, codec.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        codec.time_base, codec.framerate = Fraction(1, fps), Fraction(fps)
        codec.options = {"preset": "ultrafast", "tune": "zerolatency", "g": str(fps)}
        codec.open()
        self._codec = codec

    def next(self) -> bytes:
        """One more picture."""
        frame = av.VideoFrame.from_ndarray(picture(self.pictures), format="bgr24")
        frame.pts = self.pictures
        self.pictures += 1
        return b"".join(
            self._pack(bytes(packet), packet.pts or 0, packet.is_keyframe) for packet in self._codec.encode(frame)
        )

    def _pack(self, data: bytes, number: int, is_key: bool) -> bytes:
        pts = (number + 1) * 90_000 // self.fps
        head = _pack_header(pts) + (_system_header() + _stream_map() if is_key else b"")
        pieces = [data[start : start + _LONGEST] for start in range(0, len(data), _LONGEST)]
        return head + b"".join(_pes(piece, pts if index == 0 else None) for index, piece in enumerate(pieces))


def picture(number: int) -> NDArray[np.uint8]:
    """A paved yard through which a light square walks."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    paving = 60 + (rows // 24 + columns // 24) % 2 * 90 + columns // 5
    frame = np.repeat(paving.astype(np.uint8)[:, :, None], 3, axis=2)
    left = number * 4 % (WIDTH - SQUARE)
    frame[96 : 96 + SQUARE, left : left + SQUARE] = (60, 200, 240)
    return frame


def _pack_header(scr: int) -> bytes:
    """`01`, the clock of 33 bits in three parts with a marker behind each, its extension 0, and the rate."""
    clock = 1 << 46 | (scr >> 30 & 7) << 43 | 1 << 42 | (scr >> 15 & 0x7FFF) << 27 | 1 << 26 | (scr & 0x7FFF) << 11
    return b"\0\0\1\xba" + (clock | 1 << 10 | 1).to_bytes(6, "big") + (_RATE << 2 | 3).to_bytes(3, "big") + b"\xf8"


def _system_header() -> bytes:
    bound = (1 << 23 | _RATE << 1 | 1).to_bytes(3, "big")
    return b"\0\0\1\xbb" + (9).to_bytes(2, "big") + bound + b"\x04\xe1\x7f" + bytes([_VIDEO, 0xE0, 0xE8])


def _stream_map() -> bytes:
    streams = bytes([_H264, _VIDEO, 0, 0])
    body = b"\xe0\xff" + (0).to_bytes(2, "big") + len(streams).to_bytes(2, "big") + streams
    section = b"\0\0\1\xbc" + (len(body) + 4).to_bytes(2, "big") + body
    return section + _crc32(section).to_bytes(4, "big")


def _pes(data: bytes, pts: int | None) -> bytes:
    time = b""
    if pts is not None:
        marked = 2 << 36 | (pts >> 30 & 7) << 33 | 1 << 32 | (pts >> 15 & 0x7FFF) << 17 | 1 << 16
        time = (marked | (pts & 0x7FFF) << 1 | 1).to_bytes(5, "big")
    flags = bytes([0x80, 0x80 if time else 0, len(time)])
    body = flags + time + data
    return b"\0\0\1" + bytes([_VIDEO]) + len(body).to_bytes(2, "big") + body


def _crc32(data: bytes) -> int:
    """CRC-32 of ISO/IEC 13818-1 annex A: polynomial 0x04C11DB7, not reflected."""
    register = 0xFFFFFFFF
    for byte in data:
        register ^= byte << 24
        for _ in range(8):
            register = (register << 1 ^ 0x04C11DB7 if register >> 31 else register << 1) & 0xFFFFFFFF
    return register
