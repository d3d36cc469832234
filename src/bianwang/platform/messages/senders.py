"""How a message leaves: the interface of a sender, the file that is the default, and an HTTP gateway.

`BIAN_SENDER` is `file` or the address of a gateway. A sender is asked again with the same key when nobody knows
whether the first time worked (the process was killed, the answer was lost): whoever receives must know the key.
The file does, so that each key stands in it once; a gateway is told the key in `Idempotency-Key`.
"""

from __future__ import annotations

import fcntl
import http.client
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import urlsplit

import msgspec
import orjson

from bianwang.platform.clock import now
from bianwang.platform.config import ConfigError, config

_GATEWAY_SECONDS = 5


class Outgoing(msgspec.Struct, frozen=True):
    """What a sender gets of a message, and what a line of the file is."""

    key: str
    channel: str
    recipient: str
    text: str


class SendError(Exception):
    """The message was not accepted; the text is one Chinese sentence."""


class Sender(Protocol):
    """Sends one message. `again`: an earlier attempt may have got through, so look before sending. After `until`
    another process may send it, so it must not be sent any more."""

    def send(self, message: Outgoing, *, again: bool, until: datetime) -> None:
        """Returns when the message is accepted for good. Raises SendError."""
        ...


@dataclass(frozen=True)
class FileSender:
    """Appends JSON lines, each on disk (fsync) before `send` returns.

    A line torn by a crash is cut off before the next is written; its message was never reported as sent and comes
    again. Before a second attempt the file is searched for the key; that and the time are looked at under the lock that
    is held while writing, so a process that was stopped for long cannot write what another has written.
    """

    path: Path

    def send(self, message: Outgoing, *, again: bool, until: datetime) -> None:
        try:
            with os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                _in_time(until)
                _cut_torn_line(file)
                if again and _has(file, message.key):
                    return
                file.seek(0, os.SEEK_END)
                file.write(msgspec.json.encode(message) + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise SendError(f"消息文件 {self.path} 写不进去（{error.strerror}），请系统管理员检查磁盘。") from error


@dataclass(frozen=True)
class GatewaySender:
    """Posts each message as JSON to a gateway on the intranet, which must take a key once only."""

    url: str

    def send(self, message: Outgoing, *, again: bool, until: datetime) -> None:
        _in_time(until)
        parts = urlsplit(self.url)
        make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = make(parts.hostname or "", parts.port, timeout=_GATEWAY_SECONDS)
        headers = {"Content-Type": "application/json", "Idempotency-Key": message.key}
        try:
            connection.request("POST", parts.path or "/", msgspec.json.encode(message), headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise SendError(f"消息网关 {parts.hostname} 连不上（{error}），请检查网络和网关。") from error
        finally:
            connection.close()
        if not 200 <= status < 300:
            raise SendError(f"消息网关 {parts.hostname} 没有接受消息（状态 {status}），请查看网关的记录。")


def sender() -> Sender:
    """The sender that `BIAN_SENDER` names. Raises ConfigError."""
    named = config().sender
    if named == "file":
        return FileSender(config().path("outbox", "messages.jsonl"))
    parts = urlsplit(named)
    if parts.scheme in {"http", "https"} and parts.hostname:
        return GatewaySender(named)
    raise ConfigError(f"环境变量 BIAN_SENDER 的值“{named}”不可用，请写 file，或消息网关的 http(s) 地址。")


def _in_time(until: datetime) -> None:
    if now() >= until:
        raise SendError("发送前等待过久，由后台重新安排。")


def _cut_torn_line(file: BinaryIO) -> None:
    """What a crash left of a line without its end is no message."""
    size = file.seek(0, os.SEEK_END)
    if not size:
        return
    file.seek(size - 1)
    if file.read(1) == b"\n":
        return
    file.seek(0)
    file.truncate(file.read().rfind(b"\n") + 1)


def _has(file: BinaryIO, key: str) -> bool:
    quick = msgspec.json.encode(key)
    file.seek(0)
    return any(quick in line and orjson.loads(line)["key"] == key for line in file)
