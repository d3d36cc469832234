"""Answering other processes from the telemetry store, over a local socket."""

from __future__ import annotations

import asyncio
import logging
import os
import socket as sockets
import struct
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from bianwang.telemetry.engine import NotHere
from bianwang.telemetry.store import TelemetryStore, TooManyRows
from bianwang.telemetry.wire import (
    LENGTH,
    MAX_REQUEST,
    Answer,
    Backup,
    Count,
    Health,
    Latest,
    Record,
    Request,
    Series,
    Since,
    decode_request,
)

log = logging.getLogger(__name__)

_PEER: Final = struct.Struct("3i")


class Refusal(Exception):
    """Readings that were not taken; the message is one Chinese sentence."""


class TelemetryServer:
    """Serves a store on a unix socket, inside the event loop of the process that owns the store.

    `record` takes readings on the event loop and returns when they are durable; it raises ValueError (Chinese).
    """

    def __init__(
        self,
        store: TelemetryStore,
        path: Path | str,
        health: Any = None,
        record: Callable[[Record], Awaitable[None]] | None = None,
    ) -> None:
        self._store = store
        self._path = Path(path)
        self._health = health
        self._record = record
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
                (size,) = LENGTH.unpack(await reader.readexactly(4))
                if size > MAX_REQUEST:
                    return
                raw = await reader.readexactly(size)
                header, columns = await self._answer(raw)
                writer.write(LENGTH.pack(len(header)) + header)
                for column in columns:
                    writer.write(np.ascontiguousarray(column).data.cast("B"))
                    await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _answer(self, raw: bytes) -> tuple[bytes, list[NDArray[Any]]]:
        loop = asyncio.get_running_loop()
        try:
            request = decode_request(raw)
            result = None
            if isinstance(request, Record):
                # Waits as long as the disk refuses; on a query thread it would keep the others from theirs.
                await self._take(request)
            else:
                result = await loop.run_in_executor(self._pool, self._do, request)
        except (TooManyRows, Refusal, NotHere) as error:
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

    async def _take(self, request: Record) -> None:
        if self._record is None:
            raise Refusal("本进程不接收读数，请确认接入进程（bian run）正在运行")
        try:
            await self._record(request)
        except ValueError as error:
            raise Refusal(str(error)) from error

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


def _trusted(peer: Any) -> bool:
    """Whether the peer runs as our user or as root."""
    raw = peer.getsockopt(sockets.SOL_SOCKET, sockets.SO_PEERCRED, _PEER.size)
    _pid, uid, _gid = _PEER.unpack(raw)
    return uid in (0, os.getuid())
