"""Telemetry for other processes: typed requests over a local socket, answers as columns.

A frame is: uint32 big endian length of the header, the header (MessagePack), then the columns' raw bytes one after
another, little endian. Requests name signal ids and times, never SQL. The socket file is mode 0600 and the server
checks that the peer runs as the same user (or root).
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket as sockets
import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from bianwang.telemetry.columns import Columns
from bianwang.telemetry.store import TelemetryStore, TooManyRows

log = logging.getLogger(__name__)

MAX_REQUEST: Final = 4 << 20
_LENGTH: Final = struct.Struct(">I")
_PEER: Final = struct.Struct("3i")

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


Request = Series | Latest | Since | Count | Health | Backup


class Answer(msgspec.Struct):
    """Header of an answer: an error in Chinese, a plain value, or columns (name, dtype, rows)."""

    error: str = ""
    value: Any = None
    columns: list[tuple[str, str, int]] = []


_request = msgspec.msgpack.Decoder(Request)
_answer = msgspec.msgpack.Decoder(Answer)


class TelemetryError(Exception):
    """The store refused a request or cannot be reached; the message is one Chinese sentence."""


class TelemetryServer:
    """Serves a store on a unix socket, inside the event loop of the process that owns the store."""

    def __init__(self, store: TelemetryStore, path: Path | str, health: Any = None) -> None:
        self._store = store
        self._path = Path(path)
        self._health = health
        self._server: asyncio.Server | None = None
        self._pool = ThreadPoolExecutor(2, "telemetry-query")

    async def start(self) -> None:
        """Listen; a left-over socket file is replaced."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path.unlink(missing_ok=True)
        mask = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._serve, str(self._path))
        finally:
            os.umask(mask)

    async def stop(self) -> None:
        """Stop listening."""
        if self._server:
            self._server.close()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if not _trusted(writer.get_extra_info("socket")):
                log.warning("拒绝了其他用户对遥测套接字的访问")
                return
            while True:
                (size,) = _LENGTH.unpack(await reader.readexactly(4))
                if size > MAX_REQUEST:
                    return
                raw = await reader.readexactly(size)
                loop = asyncio.get_running_loop()
                header, columns = await loop.run_in_executor(self._pool, self._answer, raw)
                writer.write(_LENGTH.pack(len(header)) + header)
                for column in columns:
                    writer.write(np.ascontiguousarray(column).data.cast("B"))
                    await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    def _answer(self, raw: bytes) -> tuple[bytes, list[NDArray[Any]]]:
        try:
            result = self._do(_request.decode(raw))
        except TooManyRows as error:
            return msgspec.msgpack.encode(Answer(error=str(error))), []
        except msgspec.MsgspecError as error:
            return msgspec.msgpack.encode(Answer(error=f"遥测请求不合规：{error}")), []
        except Exception as error:
            log.exception("遥测查询失败")
            return msgspec.msgpack.encode(Answer(error=f"遥测查询失败：{error}")), []
        if not isinstance(result, dict) or not all(isinstance(column, np.ndarray) for column in result.values()):
            return msgspec.msgpack.encode(Answer(value=result)), []
        columns = [(name, column.dtype.str, len(column)) for name, column in result.items()]
        return msgspec.msgpack.encode(Answer(columns=columns)), list(result.values())

    def _do(self, request: Request) -> Any:
        match request:
            case Series(signals, start_ms, end_ms, bucket_ms):
                return self._store.series(signals, start_ms, end_ms, bucket_ms)
            case Latest(signals):
                return self._store.latest(signals)
            case Since(seq, limit, signals):
                rows = self._store.since(seq, limit, signals=signals)
                return {name: getattr(rows, name) for name in rows.__dataclass_fields__}
            case Count(signals, start_ms, end_ms):
                return self._store.count(signals, start_ms, end_ms)
            case Health():
                return {**self._store.health(), **(self._health() if self._health else {})}
            case Backup(target):
                return self._store.backup(target)


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
                        raise TelemetryError("遥测服务没有响应，请确认接入进程（bian run）正在运行") from error
        if answer.error:
            raise TelemetryError(answer.error)
        return answer, table

    def _exchange(self, raw: bytes) -> tuple[Answer, Table]:
        if self._socket is None:
            self._socket = sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM)
            self._socket.settimeout(self._timeout)
            self._socket.connect(self._path)
        self._socket.sendall(_LENGTH.pack(len(raw)) + raw)
        (size,) = _LENGTH.unpack(self._read(4))
        answer = _answer.decode(self._read(size))
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


def _trusted(peer: Any) -> bool:
    """Whether the peer runs as our user or as root."""
    raw = peer.getsockopt(sockets.SOL_SOCKET, sockets.SO_PEERCRED, _PEER.size)
    _pid, uid, _gid = _PEER.unpack(raw)
    return uid in (0, os.getuid())
