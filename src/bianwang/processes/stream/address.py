"""`BIAN_STREAM` as its parts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bianwang.platform.config import ConfigError


@dataclass(frozen=True)
class Folder:
    """Parquet files in a folder."""

    path: Path


@dataclass(frozen=True)
class Kafka:
    """`servers`: host:port, separated by commas."""

    servers: str
    topic: str


def parse(address: str) -> Folder | Kafka:
    """The parts of an address. Raises ConfigError for one that means nothing."""
    parts = urlsplit(address)
    if parts.scheme == "folder" and not parts.netloc and parts.path:
        return Folder(Path(parts.path))
    if parts.scheme == "kafka" and parts.netloc and parts.path.strip("/"):
        return Kafka(parts.netloc, parts.path.strip("/"))
    raise ConfigError(
        f"环境变量 BIAN_STREAM 的值“{address}”不可用：应为 kafka://主机:端口[,主机:端口…]/主题，"
        "或试用时的 folder:///文件夹。请改正后重新启动。"
    )
