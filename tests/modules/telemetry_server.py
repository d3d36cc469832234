"""A real store behind the real socket, in a thread, for tests of what the web process asks of it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bianwang.modules.sensing import outbox, telemetry
from bianwang.platform.clock import now_ms
from bianwang.platform.config import config
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.server import TelemetryServer
from bianwang.telemetry.store import TelemetryStore
from bianwang.telemetry.wire import Record


@contextmanager
def serving(folder: Path) -> Iterator[TelemetryStore]:
    """The store that `sensing.telemetry.client()` reaches while inside."""
    store = TelemetryStore(folder)
    loop = asyncio.new_event_loop()

    async def record(given: Record) -> None:
        columns = Columns.of(given.signals, given.times, given.values, given.qualities, now_ms())
        await asyncio.to_thread(store.insert, columns, now_ms())

    server = TelemetryServer(store, config().telemetry_socket(), record=record)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.start(), loop).result()
    try:
        yield store
    finally:
        telemetry.client().close()
        outbox.client().close()
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        store.close()
