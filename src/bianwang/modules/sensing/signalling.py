"""GB/T 28181: who we are, which recorders we know, and how other processes ask the one that speaks with them."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bianwang.modules.sensing.models import Recorder
from bianwang.platform import crypto
from bianwang.platform.config import config
from bianwang.platform.places.models import Territory

_LONGEST_ANSWER = 65_536


class SignallingError(OSError):
    """The recorder or the process that speaks with it did not do what was asked; the message is Chinese."""


@dataclass(frozen=True)
class Identity:
    """Our own 20-digit code and our realm, which recorders are configured with."""

    code: str
    realm: str


@dataclass(frozen=True, slots=True)
class RecorderConfig:
    """A recorder as the signalling process must know it; `edition` is 2016 or 2022."""

    id: int
    code: str
    edition: str
    password: str = field(repr=False)


def identity() -> Identity:
    """Who we are: as configured, or the signalling server (type 200) of the district's area."""
    options = config()
    area = Territory.objects.filter(kind=Territory.Kind.DISTRICT).values_list("code", flat=True).first() or ""
    code = options.gb28181_id or f"{area[:8]:0<8}002000000001"
    return Identity(code, options.gb28181_realm or code[:10])


def recorders() -> list[RecorderConfig]:
    """The recorders that may register: in use, with a password."""
    rows = Recorder.objects.filter(is_enabled=True, secret__isnull=False).order_by()
    return [
        RecorderConfig(row.pk, row.code, row.edition, crypto.unseal(bytes(row.secret or b"")).decode()) for row in rows
    ]


def ask(request: Mapping[str, Any], timeout_s: float) -> tuple[dict[str, Any], socket.socket]:
    """Ask the signalling process: its answer, and the connection, on which a stream may follow.

    Raises SignallingError; `timeout_s` is also how long the connection waits for bytes later on.
    """
    if not config().gb28181_port:
        raise SignallingError("国标接入没有开启，请设置 BIAN_GB28181_PORT 后重新启动平台。")
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(timeout_s)
    try:
        connection.connect(str(config().gb28181_socket()))
        connection.sendall(json.dumps(request).encode() + b"\n")
        answer = json.loads(_line(connection))
    except (OSError, ValueError) as error:
        connection.close()
        raise SignallingError("国标接入进程没有响应，请确认 bian run 正在运行。") from error
    if answer.get("error"):
        connection.close()
        raise SignallingError(answer["error"])
    return answer, connection


def refresh_catalog(recorder: Recorder) -> str:
    """Have a recorder tell its channels anew; what came of it in a sentence. Raises SignallingError."""
    answer, connection = ask({"catalog": recorder.pk}, 60.0)
    connection.close()
    return str(answer["done"])


def _line(connection: socket.socket) -> bytes:
    """One line, and not a byte behind it: a stream may follow."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = connection.recv(1)
        if not byte or len(line) > _LONGEST_ANSWER:
            raise ConnectionError
        line += byte
    return bytes(line)
