"""The intake process: devices in, readings durable, rules judged, alarms raised."""

from __future__ import annotations

import asyncio
import logging
import resource
import signal
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import uvloop
from clickhouse_connect.driver.exceptions import Error as StoreError
from django.db import DatabaseError, close_old_connections

from bianwang.engine.evaluator import warm_up
from bianwang.modules.alarms import queries as alarms
from bianwang.platform.clock import now, now_ms
from bianwang.platform.config import Config, config
from bianwang.processes.intake import register
from bianwang.processes.intake.alarm_writer import AlarmWriter
from bianwang.processes.intake.directory import LiveDirectory
from bianwang.processes.intake.endpoint import MqttEndpoint
from bianwang.processes.intake.judging import Applied, EngineJudge
from bianwang.processes.intake.late import LatePass
from bianwang.processes.intake.pipeline import Limits, Pipeline
from bianwang.processes.intake.register import Register, all_owners
from bianwang.processes.intake.reporter import Reporter
from bianwang.processes.intake.sources import Sources
from bianwang.processes.stream.ends import publisher
from bianwang.processes.stream.forwarding import Forwarder, judging_trouble
from bianwang.telemetry.lease import RENEW_S, InUse
from bianwang.telemetry.schema import Retention
from bianwang.telemetry.server import TelemetryServer
from bianwang.telemetry.store import TelemetryStore
from bianwang.telemetry.wire import Record

log = logging.getLogger(__name__)

RELOAD_S, REPORT_S, LATE_S, SWEEP_S, CHECKPOINT_S, DROP_S = 0.5, 2.0, 5.0, 10.0, 60.0, 3_600.0

P = ParamSpec("P")
T = TypeVar("T")


class Intake:
    """Everything that runs in the process, in the order it starts."""

    def __init__(self, options: Config) -> None:
        self.options = options
        self.register: Register = register.read()
        retention = Retention(raw_days=options.raw_days, minute_days=options.minute_days)
        self.store = TelemetryStore(options.telemetry_place(), retention)
        self.writer = AlarmWriter(self.store)
        # Before the judge: what it finds on recovery may be more than fits into the queue.
        self.writer.start()
        self.judge = self._forwarder() if options.stream else self._judge()
        self.late = LatePass(self.store, self.writer)
        self.judge.note_late = self.late.note
        self.directory = LiveDirectory(self.register.directory)
        limits = Limits(old_ms=options.raw_days * 86_400_000)
        self.pipeline = Pipeline(self.store, self.directory, self.judge, limits=limits)
        self.endpoint = MqttEndpoint(self.pipeline)
        self.sources = Sources(self.pipeline, options)
        self.reporter = Reporter(self.pipeline.presence, self.pipeline.refusals)
        self.reporter.resume(register.presence())
        self.server = TelemetryServer(self.store, options.telemetry_socket(), self.health, self.record)
        self._started_at = now()
        self._judging = ""
        """What is wrong with who judges elsewhere (Chinese), "" while all is well."""
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def _snapshots(self) -> Path:
        return self.options.path("snapshots", "engine").parent

    def _judge(self) -> EngineJudge:
        applied = Applied(alarms.judged_seq(), *alarms.open_levels())
        return EngineJudge.recover(self.store, self.writer, self.register.rules, self._snapshots, now_ms(), applied)

    def _forwarder(self) -> Forwarder:
        rules = self.register.rules
        where, index = publisher(self.options.stream), all_owners(self.register)
        return Forwarder.recover(self.store, where, index, rules, self._snapshots, now_ms(), alarms.judged_seq())

    def health(self) -> dict[str, object]:
        """What the health page shows of this process."""
        state = self.pipeline.health()
        state["error"] = state["error"] or self.writer.error
        state["alarms_waiting"] = self.writer.waiting
        state["devices_online"] = len(self.pipeline.presence.connections)
        state["judged_seq"] = self.judge.seq
        state["judging"] = self._judging
        return state

    async def record(self, given: Record) -> None:
        """Take readings from another process of the platform."""
        await self.pipeline.record(given.signals, given.times, given.values, given.qualities)

    async def start(self) -> None:
        """Open every door. Raises OSError when a port is taken, InUse when the telemetry is."""
        await asyncio.to_thread(self.store.keep)
        self.pipeline.start()
        await self.server.start()
        port = await self.endpoint.start(self.options.mqtt_host, self.options.mqtt_port)
        log.info("设备接入：MQTT %s:%d", self.options.mqtt_host, port)
        if self.options.mqtts_port:
            await self.endpoint.start(self.options.mqtt_host, self.options.mqtts_port, _tls(self.options))
        await self.sources.start(self.register)
        for every, work in (
            (RELOAD_S, self._reload),
            (REPORT_S, self._report),
            (SWEEP_S, self._sweep),
            (LATE_S, lambda: asyncio.to_thread(self.late.run, self.register.rules)),
            (RENEW_S, lambda: asyncio.to_thread(self.store.keep)),
            (CHECKPOINT_S, lambda: asyncio.to_thread(self.store.checkpoint)),
            (DROP_S, lambda: asyncio.to_thread(self.store.drop_old)),
        ):
            self._tasks.append(asyncio.create_task(self._repeat(every, work)))

    async def stop(self) -> None:
        """Close the doors, finish what was taken, keep the rest for the next start."""
        self._stopping.set()
        await self.sources.stop()
        await self.endpoint.stop()
        await self.pipeline.stop()
        self.judge.save()
        await asyncio.to_thread(self.writer.stop)
        await asyncio.gather(*self._tasks)
        try:
            await _in_database(self.reporter.flush, last=True)
        except DatabaseError as error:
            log.error("设备状态和拒收计数没有写入业务数据库：%s", error)
        await self.server.stop()
        self.store.close()

    async def _reload(self) -> None:
        if not await _in_database(register.changed, self.register):
            return
        before, self.register = self.register, await _in_database(register.read)
        self.directory.swap(self.register.directory)
        if isinstance(self.judge, Forwarder):
            index = await _in_database(all_owners, self.register)
            self.judge.change_rules(self.register.rules, index)
        elif not self.register.judges_as(before):
            self.judge.change_rules(self.register.rules)
        await self.sources.reload(self.register)

    async def _report(self) -> None:
        await _in_database(self.reporter.flush)
        if isinstance(self.judge, Forwarder):
            self._judging = judging_trouble(await _in_database(alarms.judge_alive_at), self._started_at, now())

    async def _sweep(self) -> None:
        self.pipeline.presence.sweep(self.directory.current)

    async def _repeat(self, every: float, work: Callable[[], Awaitable[object]]) -> None:
        """Do periodic work until the process stops; a failure is told and the next round tries again."""
        while not await self._stops_within(every):
            try:
                await work()
            except (DatabaseError, OSError, InUse, StoreError) as error:
                log.error("周期任务失败，稍后重试：%s", error)
            except Exception:
                log.exception("周期任务出错")

    async def _stops_within(self, seconds: float) -> bool:
        try:
            return await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return False


async def _in_database(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do it on a thread; a connection that broke is not used again."""

    def guarded() -> T:
        try:
            return work(*args, **kwargs)
        except DatabaseError:
            close_old_connections()
            raise

    return await asyncio.to_thread(guarded)


def _tls(options: Config) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if options.tls_certificate is None or options.tls_key is None:
        raise OSError("开启 BIAN_MQTTS_PORT 需要同时设置 BIAN_TLS_CERTIFICATE 和 BIAN_TLS_KEY。")
    context.load_cert_chain(options.tls_certificate, options.tls_key)
    return context


def run() -> None:
    """Run until SIGTERM or SIGINT. Raises OSError when a port is taken; see TelemetryStore for what it raises."""
    warm_up()
    _allow_connections()
    # Made before the event loop runs: it reads the business database.
    uvloop.run(_serve(Intake(config())))


def _allow_connections() -> None:
    """Every device is an open file, and the usual limit is 1024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def _serve(intake: Intake) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    try:
        await intake.start()
    except BaseException:
        await intake.stop()
        raise
    log.info(
        "设备接入与研判已就绪：%d 台设备，%d 条规则实例",
        len(intake.register.configs),
        len(intake.register.rules.instances),
    )
    await stopping.wait()
    await intake.stop()
