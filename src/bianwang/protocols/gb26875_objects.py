"""Information objects of GB/T 26875.3-2011, clause 8: what the application data of a packet say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from bianwang.protocols.errors import FrameError
from bianwang.protocols.message import GOOD, SHANGHAI, SUSPECT, Measurement, shanghai_ms

SYSTEM_BITS: Final = (
    "normal",  # 0 means under test
    "fire",
    "fault",
    "disabled",
    "supervisory",
    "started",
    "feedback",
    "delayed",
    "main_power_fault",
    "backup_power_fault",
    "bus_fault",
    "manual",
    "config_changed",
    "reset",
)
PART_BITS: Final = (*SYSTEM_BITS[:8], "power_fault")
TRANSMITTER_BITS: Final = (
    "normal",
    "fire",
    "fault",
    "main_power_fault",
    "backup_power_fault",
    "link_fault",  # to the centre
    "line_fault",  # to the fire-alarm system
)
OPERATION_BITS: Final = ("reset", "silence", "manual_alarm", "clear", "self_test", "confirm", "test")
TRANSMITTER_OPERATION_BITS: Final = (*OPERATION_BITS[:5], "duty_reply", "test")


@dataclass(frozen=True)
class Analog:
    """An analog quantity: value = raw / divisor in `unit`, plausible from `low` to `high`."""

    name: str
    unit: str
    divisor: int
    low: float
    high: float


ANALOGS: Final = {
    1: Analog("count", "件", 1, 0, 32000),
    2: Analog("height", "m", 100, 0, 320),
    3: Analog("temperature", "℃", 10, -273, 3200),
    4: Analog("pressure", "MPa", 10, 0, 3200),
    5: Analog("pressure_kpa", "kPa", 10, 0, 3200),
    6: Analog("gas", "%LEL", 10, 0, 100),
    7: Analog("duration", "s", 1, 0, 32000),
    8: Analog("voltage", "V", 10, 0, 3200),
    9: Analog("current", "A", 10, 0, 3200),
    10: Analog("flow", "L/s", 10, 0, 3200),
    11: Analog("air_flow", "m³/min", 10, 0, 3200),
    12: Analog("wind_speed", "m/s", 1, 0, 20),
}


class Dialect(msgspec.Struct, frozen=True):
    """How a maker departs from the standard."""

    bcd_time: bool = False
    xor_checksum: bool = False
    id_bytes: int = 6

    def read_time(self, label: bytes) -> int | None:
        """Milliseconds since 1970 UTC of a 6-byte label (second first, year last); None if it is no time."""
        parts = [_from_bcd(byte) for byte in label] if self.bcd_time else list(label)
        second, minute, hour, day, month, year = parts
        try:
            return shanghai_ms(2000 + year, month, day, hour, minute, second) if year < 100 else None
        except FrameError:
            return None

    def write_time(self, time_ms: int) -> bytes:
        """The 6-byte label of a time in milliseconds since 1970 UTC (2000 to 2099)."""
        at = datetime.fromtimestamp(time_ms // 1000, SHANGHAI)
        parts = (at.second, at.minute, at.hour, at.day, at.month, at.year - 2000)
        return bytes(int(str(part), 16) if self.bcd_time else part for part in parts)


def _from_bcd(byte: int) -> int:
    high, low = divmod(byte, 16)
    return high * 10 + low if high < 10 and low < 10 else 255


class _Reader:
    """Bytes of the application data, taken from the front."""

    def __init__(self, data: bytes, dialect: Dialect) -> None:
        self.data = data
        self.at = 2
        self.dialect = dialect

    def take(self, count: int) -> bytes:
        piece = self.data[self.at : self.at + count]
        if len(piece) < count:
            kind, number = self.data[0], self.data[1]
            raise FrameError("length", f"类型 {kind} 的 {number} 个信息对象放不进 {len(self.data)} 字节的应用数据单元")
        self.at += count
        return piece

    def byte(self) -> int:
        return self.take(1)[0]

    def word(self, *, signed: bool = False) -> int:
        return int.from_bytes(self.take(2), "little", signed=signed)

    def text(self, count: int) -> str:
        raw = self.take(count).split(b"\0", 1)[0]
        return raw.decode("gb18030", "replace").strip()

    def time(self) -> int | None:
        return self.dialect.read_time(self.take(6))

    def system(self) -> dict[str, Any]:
        return {"system_type": self.byte(), "system_address": self.byte()}

    def part(self) -> dict[str, Any]:
        return {**self.system(), "part_type": self.byte(), **self.part_address()}

    def part_address(self) -> dict[str, Any]:
        return {"zone": self.word(), "position": self.word()}


def _system_status(r: _Reader) -> dict[str, Any]:
    return {**r.system(), "status": r.word(), "time_ms": r.time()}


def _part_status(r: _Reader) -> dict[str, Any]:
    return {**r.part(), "status": r.word(), "text": r.text(31), "time_ms": r.time()}


def _analog(r: _Reader) -> dict[str, Any]:
    return {**r.part(), "analog": r.byte(), "raw": r.word(signed=True), "time_ms": r.time()}


def _operation(r: _Reader) -> dict[str, Any]:
    return {**r.system(), "operation": r.byte(), "operator": r.byte(), "time_ms": r.time()}


def _version(r: _Reader) -> dict[str, Any]:
    return {"software": f"{r.byte()}.{r.byte()}"}


def _time(r: _Reader) -> dict[str, Any]:
    return {"time_ms": r.time()}


def _reserved(r: _Reader) -> dict[str, Any]:
    return {"value": r.byte()}


def _record_query(r: _Reader) -> dict[str, Any]:
    return {"records": r.byte(), "time_ms": r.time()}


def _part_query(r: _Reader) -> dict[str, Any]:
    return {**r.system(), **r.part_address()}


KINDS: Final[dict[int, tuple[str, int, Callable[[_Reader], dict[str, Any]]]]] = {
    1: ("建筑消防设施系统状态", 102, _system_status),
    2: ("建筑消防设施部件运行状态", 22, _part_status),
    3: ("建筑消防设施部件模拟量值", 63, _analog),
    4: ("建筑消防设施操作信息", 102, _operation),
    5: ("建筑消防设施软件版本", 1, lambda r: {**r.system(), **_version(r)}),
    6: ("建筑消防设施系统配置情况", 3, lambda r: {**r.system(), "text": r.text(r.byte())}),
    7: ("建筑消防设施部件配置情况", 26, lambda r: {**r.part(), "text": r.text(31)}),
    8: ("建筑消防设施系统时间", 1, lambda r: {**r.system(), **_time(r)}),
    21: ("用户信息传输装置运行状态", 1, lambda r: {"status": r.byte(), "time_ms": r.time()}),
    24: (
        "用户信息传输装置操作信息",
        127,
        lambda r: {"operation": r.byte(), "operator": r.byte(), "time_ms": r.time()},
    ),
    25: ("用户信息传输装置软件版本", 1, _version),
    26: ("用户信息传输装置配置情况", 1, lambda r: {"text": r.text(r.byte())}),
    28: ("用户信息传输装置系统时间", 1, _time),
    61: ("读建筑消防设施系统状态", 102, _Reader.system),
    62: ("读建筑消防设施部件运行状态", 22, _part_query),
    63: ("读建筑消防设施部件模拟量值", 63, _part_query),
    64: ("读建筑消防设施操作信息", 1, lambda r: {**r.system(), **_record_query(r)}),
    65: ("读建筑消防设施软件版本", 1, _Reader.system),
    66: ("读建筑消防设施系统配置情况", 3, _Reader.system),
    67: ("读建筑消防设施部件配置情况", 26, _part_query),
    68: ("读建筑消防设施系统时间", 1, _Reader.system),
    81: ("读用户信息传输装置运行状态", 1, _reserved),
    84: ("读用户信息传输装置操作信息", 1, _record_query),
    85: ("读用户信息传输装置软件版本", 1, _reserved),
    86: ("读用户信息传输装置配置情况", 1, _reserved),
    88: ("读用户信息传输装置系统时间", 1, _reserved),
    89: ("初始化用户信息传输装置", 1, _reserved),
    90: ("同步用户信息传输装置时钟", 1, _time),
    91: ("查岗命令", 1, _reserved),
}
"""Data types: meaning, most objects in one packet, reader of one object."""


def read(data: bytes, dialect: Dialect) -> list[dict[str, Any]]:
    """The objects in the application data, each with its "kind"; see gb26875.objects."""
    if not data:
        return []
    kind = data[0]
    if kind > 127:
        return []
    if kind not in KINDS:
        raise FrameError("field", f"类型标志 {kind} 是预留值，无法识别")
    if len(data) < 2:
        raise FrameError("length", "应用数据单元只有 1 字节，缺少信息对象数目")
    name, most, reader = KINDS[kind]
    count = data[1]
    if count > most:
        raise FrameError("field", f"“{name}”每帧最多 {most} 个信息对象，现有 {count} 个")
    source = _Reader(data, dialect)
    found = [{"kind": kind, **reader(source)} for _ in range(count)]
    if rest := len(data) - source.at:
        raise FrameError("length", f"“{name}”的 {count} 个信息对象之后多出 {rest} 字节")
    return found


def measure(items: list[dict[str, Any]]) -> list[Measurement]:
    """Status bits, operations and analog values among the objects; see gb26875.measurements."""
    result: list[Measurement] = []
    for item in items:
        kind = item["kind"]
        if kind == 1:
            result += _bits(f"system.{_system(item)}", item["status"], SYSTEM_BITS, item)
        elif kind == 2:
            result += _bits(f"part.{_system(item)}.{_part(item)}", item["status"], PART_BITS, item)
        elif kind == 3 and item["analog"]:
            result.append(_analog_value(item))
        elif kind == 4:
            result += _events(f"operation.{_system(item)}", OPERATION_BITS, item)
        elif kind == 21:
            result += _bits("transmitter", item["status"], TRANSMITTER_BITS, item)
        elif kind == 24:
            result += _events("transmitter.operation", TRANSMITTER_OPERATION_BITS, item)
    return result


def _system(item: dict[str, Any]) -> str:
    return f"{item['system_type']}-{item['system_address']}"


def _part(item: dict[str, Any]) -> str:
    return f"{item['zone']}-{item['position']}"


def _bits(prefix: str, status: int, names: tuple[str, ...], item: dict[str, Any]) -> list[Measurement]:
    return [
        Measurement(f"{prefix}.{name}", float(status >> bit & 1), item["time_ms"]) for bit, name in enumerate(names)
    ]


def _events(prefix: str, names: tuple[str, ...], item: dict[str, Any]) -> list[Measurement]:
    return [m for m in _bits(prefix, item["operation"], names, item) if m.value]


def _analog_value(item: dict[str, Any]) -> Measurement:
    prefix = f"analog.{_system(item)}.{_part(item)}"
    analog = ANALOGS.get(item["analog"])
    if analog is None:
        return Measurement(f"{prefix}.type{item['analog']}", float(item["raw"]), item["time_ms"], SUSPECT)
    value = item["raw"] / analog.divisor
    quality = GOOD if analog.low <= value <= analog.high else SUSPECT
    return Measurement(f"{prefix}.{analog.name}", value, item["time_ms"], quality)
