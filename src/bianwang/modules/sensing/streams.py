"""Addresses of streams: which ones are opened at all."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from bianwang.platform.config import config

FILE = "file:"
"""Begins the name of a video below `BIAN_HOME/cameras/media`, which is played over and over."""
_SCHEMES = frozenset({"rtsp", "rtsps"})
_HINT = "取流地址须以 rtsp:// 或 rtsps:// 开头，如 rtsp://用户:密码@192.168.1.64:554/stream2"


def check(address: str) -> None:
    """Raise ValueError (Chinese) for an address that is not one of a camera: FFmpeg would open anything."""
    if address.startswith(FILE):
        media(address.removeprefix(FILE))
        return
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ValueError(f"{_HINT}。") from None
    if parts.scheme.lower() not in _SCHEMES or not parts.hostname or port == 0 or not address.isprintable():
        raise ValueError(f"{_HINT}。")


def media(name: str) -> Path:
    """The video that `file:name` means. Raises ValueError (Chinese) for a name that is a path."""
    if not name or Path(name).name != name or name.startswith(".") or not name.isprintable():
        raise ValueError("视频文件只写文件名，如 file:演示.mp4，文件须由系统管理员放在数据文件夹的 cameras/media 中。")
    return config().path("cameras", "media", name)
