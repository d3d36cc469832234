"""Polls Modbus TCP devices, each at its period, with one request for registers that lie together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException

from bianwang.modules.sensing.queries import DeviceConfig
from bianwang.modules.sensing.settings import Tag
from bianwang.platform.clock import now_ms
from bianwang.processes.intake.pipeline import Pipeline
from bianwang.processes.intake.register import Register
from bianwang.protocols import modbus
from bianwang.protocols.errors import FrameError
from bianwang.protocols.payloads import Row

TIMEOUT_S = 3.0
LONGEST = 120
"""Registers of one request; the protocol allows 125."""
GAP = 8
"""Registers between two tags that are rather read along than asked for apart."""


@dataclass(frozen=True)
class Span:
    """Tags of one table that are read with one request."""

    table: str
    start: int
    count: int
    tags: tuple[Tag, ...]


def spans(tags: list[Tag]) -> Iterator[Span]:
    """Group tags into as few requests as the protocol allows."""
    for table in ("holding", "input", "coil", "discrete"):
        group: list[Tag] = []
        for tag in sorted((tag for tag in tags if tag.table == table), key=lambda tag: tag.address):
            if group and (tag.address - _end(group) > GAP or tag.address + _width(tag) - group[0].address > LONGEST):
                yield _span(table, group)
                group = []
            group.append(tag)
        if group:
            yield _span(table, group)


def _span(table: str, group: list[Tag]) -> Span:
    return Span(table, group[0].address, _end(group) - group[0].address, tuple(group))


def _end(group: list[Tag]) -> int:
    return max(tag.address + _width(tag) for tag in group)


def _width(tag: Tag) -> int:
    return modbus.Tag(tag.type).registers if tag.table in ("holding", "input") else 1


class ModbusSource:
    """One polling task a device."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self._tasks: dict[int, tuple[DeviceConfig, asyncio.Task[None]]] = {}

    async def start(self, register: Register) -> None:
        """Begin to poll."""
        await self.reload(register)

    async def reload(self, register: Register) -> None:
        """Start and stop tasks so that they match the register."""
        wanted = {config.id: config for config in register.of_protocol("modbus")}
        for device, (config, task) in list(self._tasks.items()):
            if wanted.get(device) != config:
                task.cancel()
                del self._tasks[device]
        for device, config in wanted.items():
            if device not in self._tasks:
                self._tasks[device] = (config, asyncio.create_task(self._poll(config)))

    async def stop(self) -> None:
        """Stop polling."""
        for _, task in self._tasks.values():
            task.cancel()

    async def _poll(self, config: DeviceConfig) -> None:
        settings = config.settings
        client = AsyncModbusTcpClient(settings.host, port=settings.port, timeout=TIMEOUT_S, retries=1)  # type: ignore[attr-defined]
        online = False
        loop = asyncio.get_running_loop()
        due = loop.time()
        try:
            while True:
                online = await self._once(client, config, online)
                due = max(due + max(config.period_s, 1), loop.time())
                await asyncio.sleep(due - loop.time())
        finally:
            client.close()
            if online:
                self.pipeline.presence.disconnected(config.id, "停止轮询")

    async def _once(self, client: AsyncModbusTcpClient, config: DeviceConfig, online: bool) -> bool:
        """Poll once; whether the device answered."""
        try:
            if not client.connected and not await client.connect():
                raise ConnectionError("连接不上")
            row = Row(None, [], [], now_ms())
            for span in spans(config.settings.tags):  # type: ignore[attr-defined]
                await self._read(client, config, span, row)
        except (ModbusException, ConnectionError, TimeoutError) as error:
            self.pipeline.refusals.add(config.key, "poll", f"轮询没有应答：{error}")
            if online:
                self.pipeline.presence.disconnected(config.id, "轮询没有应答")
            return False
        if not online:
            self.pipeline.presence.connected(config.id)
        device = self.pipeline.directory.current.devices.get(config.id)
        if device is not None and row.names:
            await self.pipeline.submit(device, [row], now_ms())
        return True

    async def _read(self, client: AsyncModbusTcpClient, config: DeviceConfig, span: Span, row: Row) -> None:
        read = {
            "holding": client.read_holding_registers,
            "input": client.read_input_registers,
            "coil": client.read_coils,
            "discrete": client.read_discrete_inputs,
        }[span.table]
        unit: int = config.settings.unit  # type: ignore[attr-defined]
        answer = await read(span.start, count=span.count, device_id=unit)
        if answer.isError():
            self.pipeline.refusals.add(config.key, "exception", f"设备拒绝读取 {span.table} {span.start}：{answer}")
            return
        words = answer.registers if span.table in ("holding", "input") else [int(bit) for bit in answer.bits]
        for tag in span.tags:
            at = tag.address - span.start
            try:
                shape = modbus.Tag(tag.type, tag.order, bit=tag.bit)
                value = (
                    modbus.decode(words[at : at + shape.registers], shape)
                    if span.table in ("holding", "input")
                    else float(words[at])
                )
            except FrameError as error:
                self.pipeline.refusals.add(config.key, error.code, f"{tag.name}：{error}")
                continue
            row.names.append(tag.name)
            row.values.append(value)
