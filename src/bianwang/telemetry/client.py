"""Asking the telemetry store from another process, over its local socket. Needs neither chDB nor the evaluator."""

from __future__ import annotations

import socket as sockets
import threading
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from bianwang.telemetry.columns import Columns
from bianwang.telemetry.wire import (
    LENGTH,
    Answer,
    Backup,
    Count,
    Health,
    Latest,
    Record,
    Request,
    Series,
    Since,
    Table,
    decode_answer,
)


class TelemetryError(Exception):
    """The store refused a request or cannot be reached; the message is one Chinese sentence."""


class TelemetryDown(TelemetryError, ConnectionError):
    """The store cannot be reached at the moment."""


class TelemetryClient:
    """Asks the store from another process; safe for use by several threads. Reconnects by itself.

    Every method raises TelemetryError, whose message is one Chinese sentence to show.
    """

    def __init__(self, path: Path | str, timeout_s: float = 30.0) -> None:
        self._path = str(path)
        self._timeout = timeout_s
        self._lock = threading.Lock()
        self._socket: sockets.socket | None = None

    def series(self, signals: list[int], start_ms: int, end_ms: int, bucket_ms: int | None = None) -> Table:
        """Readings or buckets of [start_ms, end_ms), ordered by signal, then time; see TelemetryStore.series."""
        return self._table(Series(signals, start_ms, end_ms, bucket_ms))

    def latest(self, signals: list[int] | None = None) -> Table:
        """Newest reading of each signal: signal, time, value, quality, received."""
        return self._table(Latest(signals))

    def since(self, seq: int, limit: int = 200_000, signals: list[int] | None = None) -> Columns:
        """At most `limit` readings after `seq`, in intake order; none at the end."""
        return Columns(**self._table(Since(seq, limit, signals)))

    def count(self, signals: list[int] | None = None, start_ms: int | None = None, end_ms: int | None = None) -> int:
        """Number of stored readings."""
        return int(self._ask(Count(signals, start_ms, end_ms))[0].value)

    def health(self) -> dict[str, Any]:
        """Counters and trouble of store and intake; "error" is "" while all is well."""
        return dict(self._ask(Health())[0].value)

    def backup(self, target: Path | str) -> int:
        """Copy the store to the empty folder `target`; returns the seq up to which the copy is complete."""
        return int(self._ask(Backup(str(target)))[0].value)

    def record(self, signals: list[int], times: list[int], values: list[float], qualities: list[int]) -> None:
        """Hand over readings that the platform itself made; returns when they are durable. Asking again is harmless:
        of equal (signal, time) the first stays."""
        self._ask(Record(signals, times, values, qualities))

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._drop()

    def _table(self, request: Request) -> Table:
        return self._ask(request)[1]

    def _ask(self, request: Request) -> tuple[Answer, Table]:
        raw = msgspec.msgpack.encode(request)
        with self._lock:
            for attempt in (1, 2):
                fresh = self._socket is None
                try:
                    answer, table = self._exchange(raw)
                    break
                except OSError as error:
                    self._drop()
                    # A connection that was idle may have died with the server: try once more on a new one.
                    if fresh or attempt == 2:
                        raise TelemetryDown("遥测服务没有响应，请确认接入进程（bian run）正在运行") from error
        if answer.error:
            raise TelemetryError(answer.error)
        return answer, table

    def _exchange(self, raw: bytes) -> tuple[Answer, Table]:
        if self._socket is None:
            self._socket = sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM)
            self._socket.settimeout(self._timeout)
            self._socket.connect(self._path)
        self._socket.sendall(LENGTH.pack(len(raw)) + raw)
        (size,) = LENGTH.unpack(self._read(4))
        answer = decode_answer(self._read(size))
        table: Table = {}
        for name, dtype, rows in answer.columns:
            kind = np.dtype(dtype)
            table[name] = np.frombuffer(self._read(rows * kind.itemsize), kind)
        return answer, table

    def _read(self, size: int) -> bytearray:
        assert self._socket is not None  # noqa: S101 - for the type checker
        data = bytearray(size)
        view = memoryview(data)
        while len(view):
            got = self._socket.recv_into(view)
            if not got:
                raise ConnectionResetError("closed")
            view = view[got:]
        return data

    def _drop(self) -> None:
        if self._socket:
            self._socket.close()
        self._socket = None
