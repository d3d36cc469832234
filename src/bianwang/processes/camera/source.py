"""Where the pictures of a camera come from: the one place that opens streams."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import av
from av import error as failures
from av.codec import Codec
from av.codec.hwaccel import HWAccel
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from bianwang.modules.sensing import streams
from bianwang.modules.sensing.signalling import SignallingError
from bianwang.modules.sensing.watching import CameraConfig
from bianwang.processes.gb28181.media import open_stream

OPEN_S, READ_S = 10.0, 10.0
"""Seconds that a camera may take to answer, and between two packets."""
# FFmpeg opens whatever an address names (files, pipes, other hosts by redirection): only what RTSP needs.
_RTSP = {"rtsp_transport": "tcp", "protocol_whitelist": "rtsp,rtsps,rtp,tcp,tls,crypto"}
_CARD = "cuda"
LARGE = 1280 * 720
"""Pixels of a picture beyond which the deblocking of H.264 and H.265 is left out: it costs a fifth of decoding. What
that blurs lasts until the next key frame and lies below what the detector sees: of vtest.avi, encoded anew at 1080p
and 2 to 4 Mbit/s, it finds 99 in 100 persons alike. Clips are decoded in full."""


class SourceError(Exception):
    """A stream cannot be opened or has broken off; the message is Chinese and names no address."""


def open_source(camera: CameraConfig) -> InputContainer:
    """Open the stream of a camera. Raises SourceError."""
    try:
        if camera.address.startswith(streams.FILE):
            return av.open(str(streams.media(camera.address.removeprefix(streams.FILE))), hwaccel=_hardware())
        if camera.recorder is not None and not camera.address:
            return av.open(open_stream(camera), "r", format="mpeg", hwaccel=_hardware())
        return av.open(camera.address, options=_RTSP, timeout=(OPEN_S, READ_S), hwaccel=_hardware())
    except SignallingError as error:
        raise SourceError(str(error)) from None
    except (failures.FFmpegError, OSError, ValueError) as error:
        raise SourceError(_words(error)) from None


def video(container: InputContainer) -> VideoStream:
    """The stream with the pictures. Raises SourceError where there is none."""
    if not container.streams.video:
        raise SourceError("码流里没有画面")
    stream = container.streams.video[0]
    # One thread a decoder: the others belong to other cameras, and frame threads keep frames back.
    context = stream.codec_context
    context.thread_count = 1
    if context.width * context.height > LARGE:
        context.options = {"skip_loop_filter": "all"}
    return stream


def packets(container: InputContainer, stream: VideoStream) -> Iterator[Packet[VideoStream]]:
    """Packets with content, as they come. Ends with the stream; raises SourceError when it breaks off.

    A packet without a time follows the one before it: program streams may tell the time of some pictures only, and
    none can be left out, for the next builds on it.
    """
    last: int | None = None
    try:
        for packet in container.demux(stream):
            if packet.dts is None and last is not None:
                packet.dts = packet.pts = last + 1
            if packet.size and packet.dts is not None:
                last = packet.dts
                yield packet
    except (failures.FFmpegError, OSError) as error:
        raise SourceError(_words(error)) from None


def _hardware() -> HWAccel | None:
    """A decoder of the graphics card where there is one; streams that it cannot decode are left to the processor."""
    return HWAccel(_CARD, allow_software_fallback=True) if _has_card() else None


@lru_cache(maxsize=1)
def _has_card() -> bool:
    try:
        HWAccel(_CARD).create(Codec("h264", "r"))
    except (failures.FFmpegError, OSError, RuntimeError, NotImplementedError):
        return False
    return True


def _words(error: Exception) -> str:
    """What went wrong, without the address: it holds user and password."""
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (ConnectionRefusedError, "连接被拒绝，请检查地址和端口"),
        (failures.HTTPUnauthorizedError, "用户名或密码不对"),
        (failures.HTTPForbiddenError, "摄像机拒绝访问"),
        (failures.HTTPNotFoundError, "摄像机上没有这一路码流"),
        (FileNotFoundError, "没有这个视频文件"),
        (failures.ExitError, "超时没有响应"),
        (TimeoutError, "超时没有响应"),
        (failures.InvalidDataError, "没有响应或收到的不是视频"),
        (ValueError, "取流地址不能用"),
    )
    return next((text for kind, text in kinds if isinstance(error, kind)), "网络不通或连接中断")
