"""Polls Modbus TCP devices, each at its period, with one request for registers that lie together."""

from __future__ import annotations

import asyncio
import logging
from typing import cast

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException

from bianwang.modules.sensing import settings
from bianwang.modules.sensing.queries import DeviceConfig
from bianwang.modules.sensing.settings import Tag
from bianwang.platform.clock import now_ms
from bianwang.processes.intake.pipeline import Pipeline
from bianwang.processes.intake.register import Register
from bianwang.processes.intake.sources.spans import REGISTERS, Span, spans
from bianwang.protocols import modbus
from bianwang.protocols.errors import FrameError
from bianwang.protocols.payloads import Row

log = logging.getLogger(__name__)
# What a device does not answer is counted here.
logging.getLogger("pymodbus").setLevel(logging.CRITICAL)

TIMEOUT_S = 3.0
PERIOD_S = 60
"""Of devices that promise none."""


class Line:
    """The connection to one address, shared by the units behind it: gateways to serial lines allow few."""

    def __init__(self, host: str, port: int) -> None:
        self._lock = asyncio.Lock()
        self._client = AsyncModbusTcpClient(host, port=port, timeout=TIMEOUT_S, retries=1, reconnect_delay=0)

    async def read(self, unit: int, span: Span) -> list[int] | str:
        """The words or bits of a span, or why the device refuses them. Raises ConnectionError without an answer."""
        client = self._client
        read = {
            "holding": client.read_holding_registers,
            "input": client.read_input_registers,
            "coil": client.read_coils,
            "discrete": client.read_discrete_inputs,
        }[span.table]
        async with self._lock:
            try:
                if not client.connected and not await client.connect():
                    raise ConnectionError("连接不上")
                answer = await read(span.start, count=span.count, device_id=unit)
            except (ModbusException, OSError, TimeoutError) as error:
                client.close()
                raise ConnectionError(str(error)) from error
        if answer.isError():
            return f"异常码 {answer.exception_code}"
        words = [int(word) for word in (answer.registers if span.table in REGISTERS else answer.bits)]
        return words if len(words) >= span.count else f"应答只有 {len(words)} 个值，应有 {span.count} 个"

    def close(self) -> None:
        """Hang up."""
        self._client.close()


class ModbusSource:
    """One polling task a device."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self._lines: dict[tuple[str, int], Line] = {}
        self._online: set[int] = set()
        self._tasks: dict[int, tuple[DeviceConfig, asyncio.Task[None]]] = {}

    async def start(self, register: Register) -> None:
        """Begin to poll."""
        await self.reload(register)

    async def reload(self, register: Register) -> None:
        """Start and stop tasks so that they match the register; a device that did not change is not disturbed."""
        wanted = {config.id: config for config in register.of_protocol("modbus")}
        gone = [device for device, (config, _) in self._tasks.items() if wanted.get(device) != config]
        tasks = [self._tasks.pop(device)[1] for device in gone]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        used = {_address(config) for config in wanted.values()}
        for address in self._lines.keys() - used:
            self._lines.pop(address).close()
        for address in used - self._lines.keys():
            self._lines[address] = Line(*address)
        for device, config in wanted.items():
            if device not in self._tasks:
                self._tasks[device] = (config, asyncio.create_task(self._poll(config)))

    async def stop(self) -> None:
        """Stop polling."""
        tasks = [task for _, task in self._tasks.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for line in self._lines.values():
            line.close()

    async def _poll(self, config: DeviceConfig) -> None:
        line = self._lines[_address(config)]
        loop = asyncio.get_running_loop()
        due = loop.time()
        me = asyncio.current_task()
        try:
            while True:
                await self._once(line, config)
                if me is not None and me.cancelling():
                    # pymodbus turned our cancellation into an error of its own.
                    return
                due = max(due + (config.period_s or PERIOD_S), loop.time())
                await asyncio.sleep(due - loop.time())
        finally:
            self._offline(config, "停止轮询")

    def _offline(self, config: DeviceConfig, detail: str) -> None:
        if config.id in self._online:
            self._online.discard(config.id)
            self.pipeline.presence.disconnected(config.id, detail)

    async def _once(self, line: Line, config: DeviceConfig) -> None:
        """Poll once."""
        row = Row(None, [], [], now_ms())
        trouble = ""
        try:
            for span in spans(_settings(config).tags):
                await self._take(line, config, span, row)
        except ConnectionError as error:
            trouble = f"轮询没有应答：{error}"
        except Exception as error:
            log.exception("轮询设备 %s 出错", config.key)
            trouble = f"轮询出错：{error}"
        if trouble:
            self.pipeline.refusals.add(config.key, "poll", trouble)
            self._offline(config, "轮询没有应答")
            return
        if config.id not in self._online:
            self._online.add(config.id)
            self.pipeline.presence.connected(config.id)
        device = self.pipeline.directory.current.devices.get(config.id)
        if device is not None and row.names:
            await self.pipeline.submit(device, [row], now_ms())

    async def _take(self, line: Line, config: DeviceConfig, span: Span, row: Row) -> None:
        """Add the values of a span; where the device refuses it, those of each tag by itself."""
        words = await line.read(_settings(config).unit, span)
        if isinstance(words, str):
            alone = spans(list(span.tags), gap=0) if span.gaps else []
            if not alone:
                where = f"{span.table} {span.start}～{span.start + span.count - 1}"
                self.pipeline.refusals.add(config.key, "exception", f"设备拒绝读取 {where}：{words}")
            for part in alone:
                await self._take(line, config, part, row)
            return
        for tag in span.tags:
            try:
                value = _value(span, tag, words)
            except FrameError as error:
                self.pipeline.refusals.add(config.key, error.code, f"{tag.name}：{error}")
                continue
            row.names.append(tag.name)
            row.values.append(value)


def _value(span: Span, tag: Tag, words: list[int]) -> float:
    at = tag.address - span.start
    if span.table not in REGISTERS:
        return float(words[at])
    shape = modbus.Tag(tag.type, tag.order, bit=tag.bit)
    return modbus.decode(words[at : at + shape.registers], shape)


def _settings(config: DeviceConfig) -> settings.Modbus:
    return cast(settings.Modbus, config.settings)


def _address(config: DeviceConfig) -> tuple[str, int]:
    return _settings(config).host, _settings(config).port
