"""A piece of a camera's recent recording as MP4, from its own packets, and the picture of one moment in it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from bianwang.processes.camera.ring import segments
from bianwang.processes.camera.sampling import pixels
from bianwang.vision.frames import Frame

_MS = Fraction(1, 1000)


def cut(folder: Path, from_ms: int, until_ms: int) -> bytes:
    """An MP4 of a span, from the key frame before it on; empty where the ring holds nothing of it, or nothing that MP4
    takes (H.264, H.265, MPEG-4 and MJPEG are).

    Packets are copied, never encoded anew; a stream that changed its size in between ends the clip.
    """
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as output:
        written: VideoStream | None = None
        begun, last = 0, -1
        for path in _covering(folder, from_ms, until_ms):
            with av.open(str(path)) as source:
                stream = source.streams.video[0]
                if stream.codec_context.name not in output.supported_codecs:
                    break
                if written is None:
                    written, begun = output.add_stream_from_template(stream), int(path.stem)
                elif (stream.width, stream.height) != (written.width, written.height):
                    break
                for packet, at_ms in _packets(source, path, until_ms):
                    last = _copy(packet, max(at_ms - begun, last + 1), written, output)
    return target.getvalue() if written is not None else b""


def picture(folder: Path, moment_ms: int) -> tuple[Frame, int] | None:
    """The last frame at or before a moment, and when it was taken; None where the ring holds none."""
    before = [path for path in segments(folder) if int(path.stem) <= moment_ms]
    if not before:
        return None
    found = None
    with av.open(str(before[-1])) as source:
        for packet, at_ms in _packets(source, before[-1], moment_ms):
            for frame in packet.decode():
                found = frame, at_ms
    return None if found is None else (pixels(found[0]), found[1])


def _covering(folder: Path, from_ms: int, until_ms: int) -> list[Path]:
    """The finished files that a span lies in: the last that begins before it, and those that begin inside."""
    found = segments(folder)
    before = [path for path in found if int(path.stem) <= from_ms]
    return before[-1:] + [path for path in found if from_ms < int(path.stem) < until_ms]


def _packets(source: InputContainer, path: Path, until_ms: int) -> Iterator[tuple[Packet[VideoStream], int]]:
    """Packets of a file with the moments at which they were taken, up to one."""
    for packet in source.demux(source.streams.video[0]):
        if not packet.size or packet.dts is None:
            continue
        at_ms = int(path.stem) + round(packet.dts * packet.time_base * 1000)
        if at_ms > until_ms:
            return
        yield packet, at_ms


def _copy(packet: Packet[VideoStream], dts: int, stream: VideoStream, output: OutputContainer) -> int:
    """Write a packet at a time in ms since the clip began; the time."""
    delay = 0 if packet.pts is None else round((packet.pts - (packet.dts or 0)) * packet.time_base * 1000)
    packet.time_base = _MS
    packet.dts, packet.pts = dts, dts + max(0, delay)
    packet.stream = stream
    output.mux(packet)
    return dts
