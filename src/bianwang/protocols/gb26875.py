"""GB/T 26875.3-2011: between fire-alarm transmission devices and the monitoring centre.

A packet is `@@`, serial number (2 bytes), version (2), time (6), source (6), destination (6), length of the
application data (2), command (1), application data (at most 1024), checksum (1), `##`. Numbers are
little-endian, the checksum is the sum of everything between `@@` and itself, modulo 256. Times are
Asia/Shanghai, seconds first.
"""

from __future__ import annotations

import struct
from functools import reduce
from operator import xor
from typing import Any, ClassVar, Final

import msgspec

from bianwang.protocols import gb26875_objects as contents
from bianwang.protocols.errors import FrameError
from bianwang.protocols.framing import StreamDecoder
from bianwang.protocols.gb26875_objects import Dialect
from bianwang.protocols.message import Measurement, Refusal

CONTROL: Final = 1
SEND: Final = 2
CONFIRM: Final = 3
REQUEST: Final = 4
REPLY: Final = 5
DENY: Final = 6

_COMMANDS: Final = {
    CONTROL: "控制命令",
    SEND: "发送数据",
    CONFIRM: "确认",
    REQUEST: "请求",
    REPLY: "应答",
    DENY: "否认",
}

SYNC_CLOCK: Final = 90
CHECK_DUTY: Final = 91
"""Data types of the two control commands that the centre sends."""

MAX_DATA: Final = 1024

STANDARD: Final = Dialect()


class Frame(msgspec.Struct, frozen=True):
    """One packet. `time` is the raw 6-byte time label, `data` the raw application data."""

    serial: int
    source: int
    target: int
    command: int
    data: bytes = b""
    time: bytes = bytes(6)
    version: tuple[int, int] = (1, 0)
    dialect: Dialect = STANDARD

    @property
    def kind(self) -> int | None:
        """Data type (first byte of the application data); None for empty data, as in heartbeats."""
        return self.data[0] if self.data else None

    @property
    def time_ms(self) -> int | None:
        """Time label in milliseconds since 1970 UTC; None if it is no time."""
        return self.dialect.read_time(self.time)


class Decoder(StreamDecoder[Frame]):
    """Packets out of a TCP stream."""

    marker: ClassVar[bytes] = b"@@"

    def __init__(self, dialect: Dialect = STANDARD) -> None:
        super().__init__()
        self._dialect = dialect
        self.head = 15 + 2 * dialect.id_bytes

    def size(self, head: bytes) -> int:
        length = int.from_bytes(head[-3:-1], "little")
        if length > MAX_DATA:
            raise FrameError("length", f"应用数据单元长 {length} 字节，超过 {MAX_DATA}")
        return self.head + length + 3

    def check(self, raw: bytes) -> None:
        if raw[-2:] != b"##":
            raise FrameError("tail", f"结束符应为 23 23，现为 {raw[-2:].hex(' ').upper()}")
        expected = _checksum(raw[2:-3], self._dialect)
        if raw[-3] != expected:
            raise FrameError("checksum", f"校验和不符：帧内为 {raw[-3]:02X}，应为 {expected:02X}")

    def parse(self, raw: bytes) -> Frame:
        frame = _open(raw, self._dialect)
        if not (CONTROL <= frame.command <= DENY or frame.command >= 128):
            raise FrameError("command", f"命令字节 {frame.command} 是预留值，无法识别")
        objects(frame)
        return frame


def encode(frame: Frame) -> bytes:
    """The packet as bytes.

    FrameError("length") beyond 1024 bytes of data, "field" for a number that does not fit its field.
    """
    if len(frame.data) > MAX_DATA:
        raise FrameError("length", f"应用数据单元长 {len(frame.data)} 字节，超过 {MAX_DATA}")
    width = frame.dialect.id_bytes
    try:
        body = b"".join(
            (
                struct.pack("<HBB", frame.serial, *frame.version),
                frame.time,
                frame.source.to_bytes(width, "little"),
                frame.target.to_bytes(width, "little"),
                struct.pack("<HB", len(frame.data), frame.command),
                frame.data,
            )
        )
    except (struct.error, OverflowError):
        raise FrameError("field", "流水号、版本、命令或地址超出字段的范围") from None
    return b"@@" + body + bytes([_checksum(body, frame.dialect)]) + b"##"


def objects(frame: Frame) -> list[dict[str, Any]]:
    """The information objects of a packet as JSON-able fields; [] for none and for types above 127.

    FrameError("length") if their sizes do not add up, "field" for too many.
    """
    return contents.read(frame.data, frame.dialect)


def meaning(frame: Frame) -> str:
    """What the packet is, in Chinese: "发送数据：建筑消防设施部件运行状态", "确认", "心跳"."""
    if frame.kind is None:
        return "心跳" if frame.command == SEND else _COMMANDS.get(frame.command, "用户自定义命令")
    kind = contents.KINDS[frame.kind][0] if frame.kind in contents.KINDS else "用户自定义数据"
    return f"{_COMMANDS.get(frame.command, '用户自定义命令')}：{kind}"


def measurements(frame: Frame) -> list[Measurement]:
    """Status bits (0/1) and analog values of an upload or a reply; names are described in docs/protocols.md.

    `system.<type>-<address>.fire`, `part.<type>-<address>.<zone>-<position>.fire`,
    `analog.<type>-<address>.<zone>-<position>.temperature`, `transmitter.main_power_fault`,
    `operation.<type>-<address>.reset`, `transmitter.operation.duty_reply`.
    """
    if frame.command not in (SEND, REPLY):
        return []
    return contents.measure(objects(frame))


def confirm(frame: Frame, now_ms: int) -> bytes:
    """The confirmation of a packet, sent at `now_ms` (UTC)."""
    return encode(_reply(frame, CONFIRM, now_ms))


def deny(frame: Frame, now_ms: int) -> bytes:
    """The denial of a packet, sent at `now_ms` (UTC)."""
    return encode(_reply(frame, DENY, now_ms))


def answer(frame: Frame, now_ms: int) -> bytes | None:
    """What the centre must send back: confirmation of an upload (a heartbeat is an empty one), else None."""
    return confirm(frame, now_ms) if frame.command == SEND else None


def deny_refused(refusal: Refusal, now_ms: int, dialect: Dialect = STANDARD) -> bytes | None:
    """The denial of a packet that the decoder refused; None if not enough of it is left to address one."""
    raw = refusal.raw
    if not raw.startswith(b"@@") or len(raw) < 15 + 2 * dialect.id_bytes:
        return None
    frame = _open(raw, dialect)
    return deny(frame, now_ms) if frame.command in (CONTROL, SEND, REQUEST) else None


def sync_clock(serial: int, source: int, target: int, now_ms: int, dialect: Dialect = STANDARD) -> bytes:
    """The command that sets the device's clock to `now_ms` (UTC)."""
    label = dialect.write_time(now_ms)
    data = bytes([SYNC_CLOCK, 1]) + label
    return encode(Frame(serial, source, target, CONTROL, data, label, (1, 1), dialect))


def check_duty(
    serial: int, source: int, target: int, now_ms: int, minutes: int = 10, dialect: Dialect = STANDARD
) -> bytes:
    """The command 查岗: whoever is on duty must press the reply key within `minutes`."""
    data = bytes([CHECK_DUTY, 1, minutes])
    return encode(Frame(serial, source, target, CONTROL, data, dialect.write_time(now_ms), (1, 1), dialect))


def request(serial: int, source: int, target: int, now_ms: int, data: bytes, dialect: Dialect = STANDARD) -> bytes:
    """A query (types 61-68, 81-88); `data` is the whole application data, e.g. bytes([81, 1, 0])."""
    return encode(Frame(serial, source, target, REQUEST, data, dialect.write_time(now_ms), (1, 1), dialect))


def _open(raw: bytes, dialect: Dialect) -> Frame:
    width = dialect.id_bytes
    head = 15 + 2 * width
    serial, major, minor = struct.unpack_from("<HBB", raw, 2)
    return Frame(
        serial=serial,
        source=int.from_bytes(raw[12 : 12 + width], "little"),
        target=int.from_bytes(raw[12 + width : 12 + 2 * width], "little"),
        command=raw[head - 1],
        data=raw[head:-3],
        time=raw[6:12],
        version=(major, minor),
        dialect=dialect,
    )


def _reply(frame: Frame, command: int, now_ms: int) -> Frame:
    label = frame.dialect.write_time(now_ms)
    return Frame(frame.serial, frame.target, frame.source, command, b"", label, frame.version, frame.dialect)


def _checksum(body: bytes, dialect: Dialect) -> int:
    return reduce(xor, body, 0) if dialect.xor_checksum else sum(body) & 0xFF
