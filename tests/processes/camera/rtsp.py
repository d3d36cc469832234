"""An RTSP server that can be cut and comes back."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

from aio_rtsp_toolkit import server

from tests.instance import free_port


class Quiet:
    """A logger that says nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *given, **named: None


class RtspServer:
    """Serves the videos of a folder on one port, again and again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()

    def address(self, name: str) -> str:
        """Where a video of the folder is, endlessly repeated."""
        return f"rtsp://user:secret@127.0.0.1:{self._port}/{name}?play_count=0"

    def start(self) -> None:
        """Listen."""
        server.logger = Quiet()
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda loop, context: None)
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._server = server.RtspServer(str(self._folder), "127.0.0.1", self._port)
        self._server.logger = Quiet()
        asyncio.run_coroutine_threadsafe(self._server.start(), self._loop).result()

    def cut(self) -> None:
        """Stop listening and break all connections off."""

        async def end() -> None:
            await self._server.close()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
