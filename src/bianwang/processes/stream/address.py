"""`BIAN_STREAM` as its parts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from bianwang.platform.config import ConfigError


@dataclass(frozen=True)
class Folder:
    """Arrow files in a folder."""

    path: Path


@dataclass(frozen=True)
class Kafka:
    """`servers`: host:port, separated by commas; `options`: a file on every machine, for encryption and log-in."""

    servers: str
    topic: str
    options: Path | None = None


def parse(address: str) -> Folder | Kafka:
    """The parts of an address. Raises ConfigError for one that means nothing."""
    parts = urlsplit(address)
    if parts.scheme == "folder" and not parts.netloc and parts.path:
        return Folder(Path(parts.path))
    if parts.scheme == "kafka" and parts.netloc and parts.path.strip("/"):
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        options = Path(asked.pop("config")) if "config" in asked else None
        if not asked and (options is None or options.is_absolute()):
            return Kafka(parts.netloc, parts.path.strip("/"), options)
    raise ConfigError(
        f"环境变量 BIAN_STREAM 的值“{address}”不可用：应为 kafka://主机:端口[,主机:端口…]/主题[?config=/设置文件]，"
        "或试用时的 folder:///文件夹。请改正后重新启动。"
    )
