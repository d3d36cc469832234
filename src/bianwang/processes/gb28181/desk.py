"""MESSAGE and NOTIFY: keepalives, alarms, and catalogs that are asked for and come in parts."""

from __future__ import annotations

import asyncio
import itertools
import logging
from dataclasses import dataclass

from bianwang.modules.sensing.services import Channel
from bianwang.platform.clock import now_ms
from bianwang.processes.gb28181.outgoing import Outgoing
from bianwang.processes.gb28181.parts import NoCatalog, Office, Registration, Times
from bianwang.processes.gb28181.transactions import Transactions, Unanswered
from bianwang.protocols import gb_code, manscdp
from bianwang.protocols.manscdp import CONTENT_TYPE, EDITIONS, Catalog, Document
from bianwang.protocols.sip import Request

log = logging.getLogger(__name__)

TRIES = 3
"""How often a catalog is asked for when parts of it do not come."""


@dataclass
class _Asked:
    catalog: Catalog
    news: asyncio.Event


class Desk:
    """Reads what registered recorders send and asks them for their channels."""

    def __init__(self, outgoing: Outgoing, transactions: Transactions, office: Office, times: Times) -> None:
        self._outgoing, self._transactions = outgoing, transactions
        self._office, self._times = office, times
        self._numbers = itertools.count(1)
        self._asked: dict[tuple[str, int], _Asked] = {}
        self._asking: dict[str, asyncio.Task[str]] = {}

    def take(self, request: Request, registration: Registration) -> Document | None:
        """Take a document; what must be answered with one of our own is returned. FrameError for what is none."""
        document = manscdp.parse(request.body)
        kind = document.kind, document.command
        if kind == ("Notify", "Alarm"):
            self._office.alarm(registration.recorder, manscdp.read_alarm(document))
            # What was subscribed to is answered by the status alone.
            if request.method == "MESSAGE":
                return Document("Response", "Alarm", document.sn, document.device, {"Result": "OK"})
        if kind == ("Response", "Catalog"):
            asked = self._asked.get((registration.recorder.code, document.sn))
            if asked is not None:
                asked.catalog.add(manscdp.read_catalog(document))
                asked.news.set()
        elif kind == ("Notify", "Catalog"):
            self.refresh(registration)
        return None

    def refresh(self, registration: Registration) -> asyncio.Task[str]:
        """Ask a recorder for its channels, once at a time; the result says what came of it. Raises NoCatalog."""
        code = registration.recorder.code
        task = self._asking.get(code)
        if task is None or task.done():
            task = self._asking[code] = asyncio.create_task(self._catalog(registration))
            task.add_done_callback(_told)
        return task

    async def send(self, registration: Registration, document: Document) -> bool:
        """Send a document to a recorder; whether it was taken."""
        recorder, peer = registration.recorder, registration.peer
        request = self._outgoing.request(
            "MESSAGE",
            self._outgoing.dialog(recorder.code, peer),
            peer,
            body=manscdp.encode(document, EDITIONS[recorder.edition]),
            headers=(("Content-Type", CONTENT_TYPE),),
        )
        try:
            return (await self._transactions.ask(request, peer, self._times.answer)).status == 200
        except Unanswered:
            return False

    async def stop(self) -> None:
        """Ask no more."""
        for task in self._asking.values():
            task.cancel()
        await asyncio.gather(*self._asking.values(), return_exceptions=True)

    async def _catalog(self, registration: Registration) -> str:
        best: Catalog | None = None
        for _ in range(TRIES):
            catalog = await self._try(registration)
            if best is None or len(catalog.items) >= len(best.items):
                best = catalog
            if catalog.is_complete:
                break
        if best is None or best.total is None:
            raise NoCatalog("录像机没有应答目录查询，请检查它的国标设置和网络。")
        channels = [Channel(item.code, item.name) for item in best.items if gb_code.is_camera(item.code)]
        registration.catalog_ms = now_ms()
        return await self._office.catalog(registration.recorder, channels, is_complete=best.is_complete)

    async def _try(self, registration: Registration) -> Catalog:
        code, sn = registration.recorder.code, next(self._numbers)
        asked = self._asked[code, sn] = _Asked(Catalog(sn), asyncio.Event())
        try:
            if await self.send(registration, Document("Query", "Catalog", sn, code)):
                while not asked.catalog.is_complete:
                    async with asyncio.timeout(self._times.part):
                        await asked.news.wait()
                    asked.news.clear()
        except TimeoutError:
            log.warning("录像机 %s 的目录还缺 %d 项", code, asked.catalog.missing)
        finally:
            del self._asked[code, sn]
        return asked.catalog


def _told(task: asyncio.Task[str]) -> None:
    """Whoever asked hears of a failure; where nobody did, it is logged."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.warning("目录没有更新：%s", error)
