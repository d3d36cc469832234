"""The GB/T 28181 process: follows the register of recorders, speaks with them, writes down what they tell."""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import suppress

from django.db import DatabaseError

from bianwang.modules.sensing import queries, signalling
from bianwang.platform.config import Config, config
from bianwang.processes.gb28181.control import Control
from bianwang.processes.gb28181.office import DatabaseOffice, all_gone, on_thread
from bianwang.processes.gb28181.server import Server

log = logging.getLogger(__name__)

TURN_S = 1.0


class Gb28181:
    """Everything that runs in the process."""

    def __init__(self, options: Config, identity: signalling.Identity) -> None:
        self.office = DatabaseOffice()
        self.server = Server(
            identity,
            self.office,
            host=options.mqtt_host,
            address=options.gb28181_address,
            media_ports=options.gb28181_media_ports,
        )
        self._port = options.gb28181_port
        self._control = Control(self.server, options.gb28181_socket())
        self._revision = -1

    async def start(self) -> None:
        """Open the ports. Raises OSError when one is taken."""
        await on_thread(all_gone)
        await self.turn()
        await self.server.start(self._port)
        await self._control.start()

    async def turn(self) -> None:
        """Follow changes of the register and write what recorders told. Raises DatabaseError."""
        revision = (await on_thread(queries.revisions)).get("sensing", 0)
        if revision != self._revision:
            self.server.follow(await on_thread(signalling.recorders))
            self._revision = revision
        await self.office.flush()

    async def stop(self) -> None:
        """Close everything, write what is left."""
        await self._control.stop()
        await self.server.stop()
        await self.office.flush()


def run() -> None:
    """Run until SIGTERM or SIGINT. Raises OSError when a port is taken."""
    asyncio.run(_serve(Gb28181(config(), signalling.identity())))


async def _serve(process: Gb28181) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    await process.start()
    log.info("国标接入已就绪：端口 %d", process.server.port)
    while not stopping.is_set():
        try:
            await process.turn()
        except DatabaseError as error:
            log.error("数据库暂时不可用，稍后重试：%s", error)
        waits = [asyncio.create_task(stopping.wait()), asyncio.create_task(process.office.news.wait())]
        await asyncio.wait(waits, timeout=TURN_S, return_when=asyncio.FIRST_COMPLETED)
        for task in waits:
            task.cancel()
    with suppress(DatabaseError):
        await process.stop()
