"""From decoded payloads to durable, judged readings, in batches.

One event loop fills a batch; a storing thread makes it durable; a judging thread judges it. While one batch is
written the next one fills, so batches grow with the load and stay small (20 ms) without it.

Two doors, same rules:

- slow sources (HTTP, HJ 212, pollers, bridges): `await pipeline.submit(device, blocks, received_ms)` returns when
  the readings are durable;
- the MQTT endpoint: `add` for every message, then `when_durable(callback)` once a batch, and `hold(transport)`
  when `full`.

Only call these from the event loop's thread.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from bianwang.platform.clock import now_ms
from bianwang.processes.intake.batch import OpenBatch, pack_times
from bianwang.processes.intake.directory import Device, LiveDirectory, SignalRef
from bianwang.processes.intake.judge import Judge, NoJudge
from bianwang.processes.intake.presence import Presence
from bianwang.processes.intake.refusals import Refusals
from bianwang.protocols.payloads import Block, Column, Row
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.store import TelemetryStore

log = logging.getLogger(__name__)

SWITCH_S = 0.0005
"""How long a thread may keep the interpreter while others wait."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When a batch closes and how much may wait.

    `delay_s`: longest a reading waits for its batch to close; `rows`: close earlier at this size; `open_rows`: hold
    sources back beyond this; `open_waiters`: the same for messages without readings; `unjudged`: batches that may
    wait for the judge; `tick_s`: the judge's clock moves at least this often; `old_ms`: older readings are refused
    (the raw retention); `ahead_ms`: readings further ahead of our clock are refused; `fault_ms`: from here on they
    are stored but not judged, and the device has a clock fault; `retry_s`: pause between attempts to write.
    """

    delay_s: float = 0.02
    rows: int = 100_000
    open_rows: int = 200_000
    unjudged: int = 4
    tick_s: float = 0.1
    old_ms: int = 400 * 86_400_000
    ahead_ms: int = 86_400_000
    fault_ms: int = 300_000
    retry_s: float = 1.0


class Held(Protocol):
    """A source that can be asked to wait; asyncio's transports are."""

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


@dataclass(slots=True)
class Verdict:
    """What became of one message: readings taken and refused; `code` and `reason` (Chinese) of the first refusal.

    Codes: identity (not this gateway's child), signal (unknown name), old, ahead.
    """

    taken: int = 0
    refused: int = 0
    code: str = ""
    reason: str = ""

    def refuse(self, code: str, reason: str, count: int = 1) -> None:
        """Add a refusal."""
        if not self.code:
            self.code, self.reason = code, reason
        self.refused += count


class Pipeline:
    """Takes readings, makes them durable, has them judged. `start` it inside a running event loop."""

    def __init__(
        self,
        store: TelemetryStore,
        directory: LiveDirectory,
        judge: Judge | None = None,
        *,
        refusals: Refusals | None = None,
        presence: Presence | None = None,
        limits: Limits | None = None,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        self.store = store
        self.directory = directory
        self.judge = judge or NoJudge()
        self.refusals = refusals or Refusals(clock)
        self.presence = presence or Presence(clock)
        self.limits = limits or Limits()
        self.clock = clock
        self.error = ""
        """Why nothing can be stored at the moment (Chinese), "" while all is well."""
        self.unjudged = 0
        """Batches that are durable and wait for the judge."""
        self.number = 0
        """Number of the open batch; changes whenever a batch is closed."""
        self._open = OpenBatch()
        self._times: list[int] = []
        self._packed = b""
        self._span = 0, 0
        self._closed_ms = 0
        self._storing = False
        self._due = False
        self._held: list[Held] = []
        self._stopping = threading.Event()
        self._store_thread = ThreadPoolExecutor(1, "store")
        self._judge_thread = ThreadPoolExecutor(1, "judge")
        self._timer: asyncio.TimerHandle | None = None
        self._tick: asyncio.Task[None] | None = None

    # -- sources

    async def submit(self, device: Device, blocks: Iterable[Block], received_ms: int) -> Verdict:
        """Take the readings of `device` (or of its children, where a block names one); return when durable.

        Refused readings are counted and told in the verdict; they are never an exception. Waits while the intake
        is full, so a source that awaits its submissions is held back by itself.
        """
        await self._room()
        verdict = self.add(device, blocks, received_ms)
        await self._durably()
        return verdict

    async def record(
        self, signals: Sequence[int], times: Sequence[int], values: Sequence[float], qualities: Sequence[int]
    ) -> None:
        """Take readings that the platform itself made, in the signals' units; return when durable.

        Raises ValueError (Chinese) for columns that do not fit together or a time that cannot be stored; nothing is
        taken then.
        """
        if not len(signals) == len(times) == len(values) == len(qualities):
            raise ValueError("读数各列的长度不一致，不能入库")
        rows = list(zip(signals, times, values, qualities, strict=True))
        received_ms, limits = self.clock(), self.limits
        for signal, time, _, quality in rows:
            if not received_ms - limits.old_ms <= time <= received_ms + limits.fault_ms:
                raise ValueError(f"信号 {signal} 的读数时间 {time} 早于保存期或晚于现在，不能入库")
            if not 0 <= signal < 2**32 or not 0 <= quality <= 2:
                raise ValueError(f"信号 {signal}、质量码 {quality} 超出范围，不能入库")
        await self._room()
        for signal, time, value, quality in rows:
            self._open.one(SignalRef(signal), value, time, quality, received_ms)
        await self._durably()

    def add(self, device: Device, blocks: Iterable[Block], received_ms: int) -> Verdict:
        """Put readings into the open batch; they are not durable before `when_durable` says so."""
        verdict = Verdict()
        for block in blocks:
            source = device
            if block.device is not None:
                child = self.directory.current.child(device, block.device)
                if child is None:
                    verdict.refuse("identity", f"“{block.device}”不是本网关登记的子设备", len(block.values))
                    continue
                source = child
                self.presence.heard[child.id] = received_ms
            if type(block) is Row:
                self._add_row(source, block, received_ms, verdict)
            else:
                self._add_column(source, block, received_ms, verdict)  # type: ignore[arg-type]
        self.presence.heard[device.id] = received_ms
        if verdict.refused:
            self.refusals.add(device.key, verdict.code, verdict.reason, verdict.refused)
        if len(self._open) >= self.limits.rows:
            self._due = True
            self._close()
        else:
            self._arm()
        return verdict

    @property
    def full(self) -> bool:
        """Whether sources must wait: too many readings or acknowledgements are on their way."""
        return len(self._open) >= self.limits.open_rows or len(self._open.waiters) >= self.limits.open_rows

    def hold(self, source: Held) -> None:
        """Pause a source until there is room again."""
        source.pause_reading()
        self._held.append(source)

    def when_durable(self, callback: Callable[[], None]) -> None:
        """Call back on the event loop once all that was added so far is durable. Callbacks keep their order."""
        self._open.waiters.append(callback)
        self._arm()

    # -- life

    def start(self) -> None:
        """Begin to move the judge's clock."""
        # The storing thread needs the interpreter only for moments; waiting 5 ms for each costs a fifth of the rate.
        sys.setswitchinterval(SWITCH_S)
        self._tick = asyncio.get_running_loop().create_task(self._ticking())

    async def stop(self) -> None:
        """Store and judge what was taken, then stop. Whatever cannot be stored now was never acknowledged."""
        if self._tick:
            self._tick.cancel()
        while (len(self._open) or self._open.waiters or self._storing or self.unjudged) and not self.error:
            self._due = True
            self._close()
            await asyncio.sleep(0.01)
        self._stopping.set()
        self._store_thread.shutdown()
        self._judge_thread.shutdown()

    def health(self) -> dict[str, object]:
        """Backlog and trouble, for the health page."""
        return {
            "error": self.error,
            "open_readings": len(self._open),
            "unjudged_batches": self.unjudged,
            "held_sources": len(self._held),
            "refused": self.refusals.total,
        }

    # -- inside

    async def _room(self) -> None:
        """Wait while the intake is full."""
        while self.full:
            room = _Waiter(asyncio.get_running_loop().create_future())
            self._held.append(room)
            await room.future

    async def _durably(self) -> None:
        """Wait until all that was added so far is durable."""
        durable = _Waiter(asyncio.get_running_loop().create_future())
        self.when_durable(durable.resume_reading)
        await durable.future

    def _add_row(self, device: Device, row: Row, received_ms: int, verdict: Verdict) -> None:
        time = row.time_ms
        if time is None:
            time = received_ms
        elif not self._timely(device, time, time, received_ms, len(row.values), verdict):
            return
        signals, batch, quality = device.signals, self._open, row.quality
        for name, value in zip(row.names, row.values, strict=True):
            ref = signals.get(name)
            if ref is None:
                verdict.refuse("signal", f"设备没有登记名为“{name}”的信号")
            else:
                batch.one(ref, value, time, quality, received_ms)
                verdict.taken += 1

    def _add_column(self, device: Device, column: Column, received_ms: int, verdict: Verdict) -> None:
        times, values, quality = column.times_ms, column.values, column.quality
        ref = device.signals.get(column.name)
        if ref is None:
            verdict.refuse("signal", f"设备没有登记名为“{column.name}”的信号", len(values))
            return
        if not times:
            return
        if times is not self._times:
            self._times, self._packed = times, pack_times(times)
            self._span = min(times), max(times)
        if not self._timely(device, *self._span, received_ms, 0, verdict):
            rows = zip(times, values, quality if isinstance(quality, list) else [quality] * len(times), strict=True)
            for time, value, grade in rows:
                if self._timely(device, time, time, received_ms, 1, verdict):
                    self._open.one(ref, value, time, grade, received_ms)
                    verdict.taken += 1
            return
        self._open.run(ref, values, self._packed, quality, received_ms)
        verdict.taken += len(values)

    def _timely(self, device: Device, low: int, high: int, received_ms: int, count: int, verdict: Verdict) -> bool:
        """Whether all times from `low` to `high` can be stored; refuses `count` readings if not."""
        ahead = high - received_ms
        limits = self.limits
        if ahead > limits.ahead_ms:
            if count:
                verdict.refuse("ahead", f"时间比平台快 {ahead // 1000} 秒，请给设备校时", count)
            self.presence.clock(device.id, ahead)
            return False
        if ahead > limits.fault_ms:
            self.presence.clock(device.id, ahead)
        elif device.id in self.presence.clock_faults:
            self.presence.clock(device.id, 0)
        if received_ms - low > limits.old_ms:
            if count:
                days = limits.old_ms // 86_400_000
                verdict.refuse("old", f"时间早于保存期（{days} 天），请检查设备时钟", count)
            return False
        return True

    def _arm(self) -> None:
        """See to it that the open batch closes soon."""
        if self._timer is None and not self._due:
            self._timer = asyncio.get_running_loop().call_later(self.limits.delay_s, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        self._due = True
        self._close()

    def _close(self) -> None:
        """Hand the open batch to the storing thread, if it is due and the thread is free."""
        if self._storing or not self._due or self.unjudged >= self.limits.unjudged or self._stopping.is_set():
            return
        batch, self._open = self._open, OpenBatch()
        self.number += 1
        self._storing, self._due = True, False
        self._closed_ms = max(self._closed_ms, self.clock())
        if self._timer:
            self._timer.cancel()
            self._timer = None
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._store_thread, self._make_durable, batch, self._closed_ms)
        future.add_done_callback(lambda done: self._durable(batch, done))
        held, self._held = self._held, []
        for source in held:
            source.resume_reading()

    def _make_durable(self, batch: OpenBatch, closed_ms: int) -> tuple[Columns, int] | None:
        """On the storing thread: screen, write, and try again for as long as it takes."""
        columns = self.store.screen(batch.columns(), self.directory.current.lateness, closed_ms + self.limits.fault_ms)
        self.judge.admit(columns, closed_ms)
        while True:
            try:
                self.judge.publish(columns, closed_ms)
                self.store.write(columns)
            except Exception as error:
                if not self.error:
                    log.error("遥测数据存不下来，已暂停接收，每秒重试：%s", error)
                self.error = f"遥测数据存不下来，设备数据暂停确认：{error}"
                if self._stopping.wait(self.limits.retry_s):
                    return None
            else:
                if self.error:
                    log.warning("遥测数据恢复写入")
                    self.error = ""
                return columns, closed_ms

    def _durable(self, batch: OpenBatch, done: asyncio.Future[tuple[Columns, int] | None]) -> None:
        """Back on the event loop: acknowledge, then judge."""
        self._storing = False
        if done.cancelled():
            return
        result = done.result()
        if result is None:
            return
        for callback in batch.waiters:
            callback()
        self.unjudged += 1
        loop = asyncio.get_running_loop()
        loop.run_in_executor(self._judge_thread, self.judge.push, *result).add_done_callback(self._judged)
        self._close()

    def _judged(self, done: asyncio.Future[None]) -> None:
        self.unjudged -= 1
        if not done.cancelled() and (error := done.exception()):
            log.error("判定出错", exc_info=error)
        self._close()

    async def _ticking(self) -> None:
        while True:
            await asyncio.sleep(self.limits.tick_s)
            if self.clock() - self._closed_ms >= self.limits.tick_s * 1000 and not self.unjudged:
                self._due = True
                self._close()


class _Waiter:
    """A coroutine that waits, in the shape of a source."""

    def __init__(self, future: asyncio.Future[None]) -> None:
        self.future = future

    def pause_reading(self) -> None:
        """It waits already."""

    def resume_reading(self) -> None:
        """Go on."""
        if not self.future.done():
            self.future.set_result(None)
