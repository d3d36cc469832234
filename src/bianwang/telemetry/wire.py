"""Telemetry for other processes: typed requests over a local socket, answers as columns.

A frame is: uint32 big endian length of the header, the header (MessagePack), then the columns' raw bytes one after
another, little endian. Requests name signal ids and times, never SQL; `Record` brings readings. The socket file is mode
0600 and the server checks that the peer runs as the same user (or root).
"""

from __future__ import annotations

import struct
from typing import Any, Final

import msgspec
from numpy.typing import NDArray

MAX_REQUEST: Final = 4 << 20
LENGTH: Final = struct.Struct(">I")

Table = dict[str, NDArray[Any]]
"""Column name -> array, all of one length."""


class Series(msgspec.Struct, tag=True):
    """See TelemetryStore.series."""

    signals: list[int]
    start_ms: int
    end_ms: int
    bucket_ms: int | None = None


class Latest(msgspec.Struct, tag=True):
    """See TelemetryStore.latest."""

    signals: list[int] | None = None


class Since(msgspec.Struct, tag=True):
    """See TelemetryStore.since."""

    seq: int
    limit: int = 200_000
    signals: list[int] | None = None


class Count(msgspec.Struct, tag=True):
    """See TelemetryStore.count."""

    signals: list[int] | None = None
    start_ms: int | None = None
    end_ms: int | None = None


class Health(msgspec.Struct, tag=True):
    """State of the store and of the intake that owns it."""


class Backup(msgspec.Struct, tag=True):
    """See TelemetryStore.backup."""

    target: str


class Record(msgspec.Struct, tag=True):
    """Readings that the platform itself makes, one of each list a reading; answered when they are durable.

    `times` in ms; `values` in the signals' units; `qualities` 0 good, 1 suspect, 2 bad.
    """

    signals: list[int]
    times: list[int]
    values: list[float]
    qualities: list[int]


Request = Series | Latest | Since | Count | Health | Backup | Record


class Answer(msgspec.Struct):
    """Header of an answer: an error in Chinese, a plain value, or columns (name, dtype, rows)."""

    error: str = ""
    value: Any = None
    columns: list[tuple[str, str, int]] = []


decode_request = msgspec.msgpack.Decoder(Request).decode
decode_answer = msgspec.msgpack.Decoder(Answer).decode
