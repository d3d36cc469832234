"""The signalling server: one port, and who does what with what arrives there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from bianwang.modules.sensing.signalling import Identity, RecorderConfig
from bianwang.platform.clock import now_ms
from bianwang.processes.gb28181.calls import Call, CallError, Calls
from bianwang.processes.gb28181.desk import Desk
from bianwang.processes.gb28181.outgoing import Outgoing
from bianwang.processes.gb28181.parts import NoCatalog, Office, Registration, Times
from bianwang.processes.gb28181.receivers import Sink
from bianwang.processes.gb28181.registrar import Registrar
from bianwang.processes.gb28181.subscriptions import Subscriptions
from bianwang.processes.gb28181.transactions import Transactions
from bianwang.processes.gb28181.transport import Peer, Transport
from bianwang.protocols import sip
from bianwang.protocols.errors import FrameError
from bianwang.protocols.sip import Request, Response

log = logging.getLogger(__name__)

_TAKEN = ("REGISTER", "MESSAGE", "NOTIFY", "BYE", "OPTIONS")
CATALOG_MS = 600_000
"""How often the catalog is asked for, of a recorder that registers more often than that."""
_NOT_THERE = "录像机不在线，请等它注册后再试。"


class Server:
    """Speaks GB/T 28181 with recorders; what they tell goes to the office. `address`: "" to find it out by itself."""

    def __init__(
        self,
        identity: Identity,
        office: Office,
        *,
        host: str,
        address: str = "",
        media_ports: str = "30000-30199",
        times: Times | None = None,
    ) -> None:
        self._host, self._office, self._times = host, office, times or Times()
        self._transport = Transport(self._receive, self._refused)
        self._transactions = Transactions(self._transport)
        outgoing = Outgoing(identity, self._transport, address)
        self.registrar = Registrar(identity, office, self._times)
        self.registrar.on_arrival = self._arrived
        self._desk = Desk(outgoing, self._transactions, office, self._times)
        self._subscriptions = Subscriptions(outgoing, self._transactions, self._times, self.registrar.is_here)
        self._calls = Calls(outgoing, self._transactions, self._transport, self._times, host, media_ports)
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._transport.port

    async def start(self, port: int) -> None:
        """Listen. Raises OSError when the port is taken."""
        await self._transport.start(self._host, port)
        self._begin(self._sweep())

    async def stop(self) -> None:
        """End streams, answer no more."""
        await self._desk.stop()
        await self._subscriptions.stop()
        await self._calls.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._transport.stop()

    def follow(self, recorders: list[RecorderConfig]) -> None:
        """Take the register as it is now."""
        self.registrar.follow(recorders)

    async def refresh(self, recorder: int) -> str:
        """Have a recorder tell its channels; what came of it. Raises NoCatalog."""
        registration = self.registrar.by_id(recorder)
        if registration is None:
            raise NoCatalog(_NOT_THERE)
        return await asyncio.shield(self._desk.refresh(registration))

    async def play(self, recorder: int, channel: str, sink: Sink) -> Call:
        """Start the live stream of a channel. Raises CallError."""
        registration = self.registrar.by_id(recorder)
        if registration is None:
            raise CallError(_NOT_THERE)
        return await self._calls.play(registration, channel, sink)

    async def hang_up(self, call: Call) -> None:
        """End a stream."""
        await self._calls.hang_up(call)

    def _receive(self, message: Request | Response, peer: Peer) -> None:
        try:
            if isinstance(message, Response):
                if not self._transactions.response(message) and self.registrar.is_present(peer.host):
                    self._calls.late(message, peer)
            elif message.method != "ACK" and not self._transactions.repeats(message, peer):
                self._request(sip.arrived(message, peer.host, peer.port), peer)
        except FrameError as error:
            self._refused(peer, error)

    def _request(self, request: Request, peer: Peer) -> None:
        try:
            response = self._answer(request, peer)
        except FrameError as error:
            self._refused(peer, error)
            response = sip.answer(request, 400)
        if response is not None:
            self._transactions.answer(request, response, peer)

    def _answer(self, request: Request, peer: Peer) -> Response | None:
        if request.method == "REGISTER":
            return self.registrar.register(request, peer)
        if request.method == "BYE":
            return self._calls.bye(request, peer)
        registration = self.registrar.heard(request, peer)
        if registration is None:
            # A recorder that thinks it is registered (we may have started anew) learns that it is not.
            return sip.answer(request, 403)
        if request.method not in _TAKEN:
            return sip.answer(request, 405, [("Allow", ", ".join(_TAKEN))])
        if request.method != "OPTIONS":
            reply = self._desk.take(request, registration)
            if reply is not None:
                self._begin(self._desk.send(registration, reply))
        return sip.answer(request, 200)

    def _arrived(self, registration: Registration) -> None:
        self._subscriptions.begin(registration)
        if now_ms() - registration.catalog_ms > CATALOG_MS:
            self._begin(self._first_catalog(registration))

    async def _first_catalog(self, registration: Registration) -> None:
        try:
            log.info("录像机 %s：%s", registration.recorder.code, await self._desk.refresh(registration))
        except NoCatalog:
            return  # the desk has told

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(self._times.sweep)
            self.registrar.sweep()
            await self._calls.sweep()

    def _refused(self, peer: Peer, error: FrameError) -> None:
        self._office.refused(peer.host, error.code, str(error))

    def _begin(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
