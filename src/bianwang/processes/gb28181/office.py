"""Carries what recorders tell into the database, on a thread: presence and refusals in bulk, alarms one by one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import DatabaseError, close_old_connections

from bianwang.modules.sensing import services
from bianwang.modules.sensing.models import Recorder
from bianwang.modules.sensing.services import Channel, RecorderChange, RefusalCount
from bianwang.modules.sensing.signalling import RecorderConfig
from bianwang.platform.clock import now_ms
from bianwang.platform.ledger.context import acting
from bianwang.processes.gb28181.parts import NoCatalog
from bianwang.protocols.manscdp import FAULT, Alarm

log = logging.getLogger(__name__)

MOST_ALARMS = 1_000
"""Alarms that wait to be written; beyond, new ones are refused and counted."""
MOST_KEYS = 10_000
"""Strangers whose refusals are counted between two flushes."""

T = TypeVar("T")


class DatabaseOffice:
    """What the server tells, written by `flush`, which may be repeated after a failure and then loses nothing."""

    def __init__(self) -> None:
        self._present: list[RecorderChange] = []
        self._refused: dict[tuple[str, str], RefusalCount] = {}
        self._alarms: list[tuple[RecorderConfig, Alarm]] = []
        self._writing = asyncio.Lock()
        self.news = asyncio.Event()
        """Set when there is something that should not wait."""

    def present(self, change: RecorderChange) -> None:
        self._present.append(change)

    def refused(self, key: str, reason: str, example: str) -> None:
        known = self._refused.get((key, reason))
        if known is None and len(self._refused) >= MOST_KEYS:
            return
        if known is None:
            log.warning("拒收 %s 的国标信令（%s）：%s", key, reason, example)
        count = known.count + 1 if known else 1
        self._refused[key, reason] = RefusalCount(key, reason, count, now_ms(), example)

    def alarm(self, recorder: RecorderConfig, alarm: Alarm) -> None:
        if len(self._alarms) >= MOST_ALARMS:
            self.refused(recorder.code, "flood", f"报警太多，超过 {MOST_ALARMS} 条来不及处理，后面的没有接收")
            return
        self._alarms.append((recorder, alarm))
        self.news.set()

    async def catalog(self, recorder: RecorderConfig, channels: Sequence[Channel], *, is_complete: bool) -> str:
        try:
            return await on_thread(lambda: _take(recorder, channels, is_complete))
        except DatabaseError as error:
            log.error("录像机 %s 的目录没有写入数据库：%s", recorder.code, error)
            raise NoCatalog("数据库暂时不可用，目录没有更新，请稍后再试。") from error

    async def flush(self) -> None:
        """Write what is new. Raises DatabaseError and loses nothing."""
        async with self._writing:
            self.news.clear()
            await self._flush_alarms()
            if present := self._present[:]:
                await on_thread(lambda: services.record_recorders(present))
                del self._present[: len(present)]
            if refused := list(self._refused.values()):
                self._refused = {}
                await on_thread(lambda: services.record_refusals(refused))

    async def _flush_alarms(self) -> None:
        while self._alarms:
            recorder, alarm = self._alarms[0]
            await on_thread(lambda: _alarm(recorder, alarm))  # noqa: B023 - awaited before the next turn
            del self._alarms[0]


async def on_thread(work: Callable[[], T]) -> T:
    """Do it on a thread, as this process; a connection that broke is not used again."""

    def guarded() -> T:
        try:
            with acting(None, "本机", name="国标接入"):
                return work()
        except DatabaseError:
            close_old_connections()
            raise

    return await asyncio.to_thread(guarded)


def all_gone() -> None:
    """At the start nobody is registered: whoever was online when we ended must come back."""
    at = now_ms()
    rows = Recorder.objects.filter(presence=Recorder.Presence.ONLINE, last_seen_at__isnull=False)
    services.record_recorders(
        RecorderChange(row.pk, Recorder.Presence.OFFLINE, at, round(row.last_seen_at.timestamp() * 1000), row.address)
        for row in rows
        if row.last_seen_at
    )


def _take(recorder: RecorderConfig, channels: Sequence[Channel], is_complete: bool) -> str:
    row = Recorder.objects.select_related("owner").get(pk=recorder.id)
    taken = services.take_catalog(row, channels, is_complete=is_complete)
    told = f"共 {len(channels)} 个通道，新登记 {taken.new} 个"
    if taken.gone:
        told += f"，目录中已没有 {taken.gone} 个"
    return f"{told}。" if is_complete else f"{told}；录像机没有报完目录，请稍后再刷新。"


def _alarm(recorder: RecorderConfig, alarm: Alarm) -> None:
    row = Recorder.objects.get(pk=recorder.id)
    services.take_alarm(row, alarm.device, alarm.time_ms, is_fault=alarm.method == FAULT)
