"""Answers the other processes of the platform on a local socket: a stream to play, a catalog to refresh.

One request a connection, a line of JSON; a line of JSON comes back, and behind it the program stream, if one was asked
for. The connection's end is the stream's end, whoever ends it.
"""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from bianwang.processes.gb28181.calls import CallError
from bianwang.processes.gb28181.parts import NoCatalog
from bianwang.processes.gb28181.server import Server

MOST_WAITING = 8 << 20
"""Bytes that a slow reader leaves; beyond, packets are dropped, for live pictures must not grow old."""


class Control:
    """The socket; its file is readable by our own account only."""

    def __init__(self, server: Server, path: Path) -> None:
        self._server, self._path = server, path
        self._listening: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen; a left-over socket file is replaced."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path.unlink(missing_ok=True)
        mask = os.umask(0o177)
        try:
            self._listening = await asyncio.start_unix_server(self._serve, str(self._path))
        finally:
            os.umask(mask)

    async def stop(self) -> None:
        """Close the socket and every connection."""
        if self._listening:
            self._listening.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            request = json.loads(await reader.readline())
            if "play" in request:
                recorder, channel = request["play"]
                await self._play(int(recorder), str(channel), reader, writer)
            else:
                _say(writer, done=await self._server.refresh(int(request["catalog"])))
        except (CallError, NoCatalog) as error:
            _say(writer, error=str(error))
        except (ValueError, TypeError, KeyError):
            _say(writer, error="请求看不懂")
        except OSError:
            pass
        finally:
            writer.close()

    async def _play(
        self, recorder: int, channel: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        early: list[bytes] | None = []

        def sink(data: bytes) -> None:
            if early is not None:
                early.append(data)
            elif writer.transport.get_write_buffer_size() < MOST_WAITING:
                writer.write(data)

        call = await self._server.play(recorder, channel, sink)
        gone = asyncio.create_task(reader.read())
        over = asyncio.create_task(call.over.wait())
        try:
            _say(writer)
            writer.write(b"".join(early or []))
            early = None
            await asyncio.wait({gone, over}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            over.cancel()
            with suppress(asyncio.CancelledError):
                await self._server.hang_up(call)


def _say(writer: asyncio.StreamWriter, **told: Any) -> None:
    writer.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")
