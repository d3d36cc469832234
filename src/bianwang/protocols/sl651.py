"""SL 651-2014: between hydrological stations (rain gauges, water levels) and the centre, HEX/BCD frames.

A frame is `7E7E`, then upwards centre (1 byte), station (5, BCD), downwards station, centre; password (2),
function (1), direction and length (4 + 12 bits), `02` (or `16` with number of packets and number of this one, 12 + 12
bits, which the length counts), the body, an end mark, CRC-16/Modbus with its high byte first. Times carry no zone:
Asia/Shanghai.

Checked against published frames of functions 2F, 30 and 32 and two published replies, all byte for byte. Packets of one
message (SYN, ETB) are laid out as two independent open implementations write them. From memory of the standard, and not
seen in a published frame: that the twelve values of F4 to FC end with the time of observation, that the values of
function 31 begin with it, and that FF or AA throughout means "no value". ASCII frames (first byte 01): `sl651_ascii`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import ClassVar, Final

import msgspec

from bianwang.protocols.errors import FrameError
from bianwang.protocols.framing import StreamDecoder
from bianwang.protocols.message import GOOD, SHANGHAI, SUSPECT, Measurement, shanghai_ms
from bianwang.protocols.modbus import crc

STX, ETX, EOT, SYN, ETB, ESC = 0x02, 0x03, 0x04, 0x16, 0x17, 0x1B
HEARTBEAT, TEST, EVEN, TIMED, EXTRA, HOURLY, MANUAL = 0x2F, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35

FUNCTIONS: Final = {
    HEARTBEAT: "链路维持报",
    TEST: "测试报",
    EVEN: "均匀时段水文信息报",
    TIMED: "定时报",
    EXTRA: "加报报",
    HOURLY: "小时报",
    MANUAL: "人工置数报",
}

STATIONS: Final = {
    0x50: "降水",
    0x48: "河道",
    0x4B: "水库（湖泊）",
    0x5A: "闸坝",
    0x44: "泵站",
    0x54: "潮汐",
    0x4D: "墒情",
    0x47: "地下水",
    0x51: "水质",
    0x49: "取水口",
    0x4F: "排水口",
}

ELEMENTS: Final = {
    "02": "气温",
    "18": "湿度",
    "1A": "1小时时段降水量",
    "1B": "2小时时段降水量",
    "1C": "3小时时段降水量",
    "1D": "6小时时段降水量",
    "1E": "12小时时段降水量",
    "1F": "日降水量",
    "20": "当前降水量",
    "21": "1分钟时段降水量",
    "22": "5分钟时段降水量",
    "23": "10分钟时段降水量",
    "24": "30分钟时段降水量",
    "25": "暴雨量",
    "26": "降水量累计值",
    "27": "瞬时流量",
    "33": "风向",
    "34": "风力",
    "35": "风速",
    "38": "电源电压",
    "39": "瞬时水位",
    "3A": "坝下水位",
    "3B": "坝上水位",
    "45": "状态及报警",
    "F4": "5分钟时段降水量（小时报）",
    "F5": "5分钟间隔水位（小时报）",
}
"""Names of the elements that a district asks for; the others are read all the same."""

MAX_BODY: Final = 4095
MOST_PARTS: Final = 64
"""Packets of one message that are kept for it; pictures need more, and are not taken."""

_HEAD: Final = 13
_ENDS: Final = {ETX, EOT, 0x05, 0x06, 0x15, ETB, ESC}
_STEP_MS: Final = 300_000
_TIME, _STATION, _TEXT, _STEP = "F0", "F1", "F2", "04"
_ROWS: Final = {"F4": (1, 1)} | {f"F{digit}": (2, 2) for digit in "56789ABC"}
"""Elements that hold a row of binary numbers: bytes of one, decimals."""


class Frame(msgspec.Struct, frozen=True):
    """One packet. `station` is 10 digits; `part` is (packets, number of this one) where a message is split."""

    station: str
    function: int
    body: bytes
    centre: int = 1
    password: str = "0000"  # noqa: S105 - what a station that was never set sends
    down: bool = False
    end: int = ETX
    part: tuple[int, int] | None = None


class Element(msgspec.Struct, frozen=True):
    """One element of a report with its values in time order; None where the station has none."""

    code: str
    values: tuple[Decimal | None, ...]
    first_ms: int
    step_ms: int = 0


class Report(msgspec.Struct, frozen=True):
    """What a station says. `observed_ms` is None and `elements` empty in a heartbeat; `text` is typed in by hand."""

    serial: int
    sent_ms: int
    kind: int | None = None
    observed_ms: int | None = None
    elements: tuple[Element, ...] = ()
    text: str = ""


class Decoder(StreamDecoder[Frame]):
    """Packets out of a TCP stream. The last packet of a split message comes out as the whole message (`part` None)."""

    marker: ClassVar[bytes] = b"\x7e\x7e"
    head = _HEAD

    def __init__(self) -> None:
        super().__init__()
        self._message: tuple[str, int, int] | None = None
        self._parts: dict[int, bytes] = {}

    def size(self, head: bytes) -> int:
        if head[11] >> 4 not in (0, 8):
            raise FrameError("length", f"报文上下行标识应为 0 或 8，现为 {head[11] >> 4:X}")
        return _HEAD + 1 + ((head[11] & 0x0F) << 8 | head[12]) + 3

    def check(self, raw: bytes) -> None:
        if raw[_HEAD] not in (STX, SYN) or raw[-3] not in _ENDS:
            raise FrameError("tail", f"报文起始符 {raw[_HEAD]:02X} 或结束符 {raw[-3]:02X} 不是规约规定的字符")
        given, expected = int.from_bytes(raw[-2:], "big"), crc(raw[:-2])
        if given != expected:
            raise FrameError("crc", f"CRC 不符：帧内为 {given:04X}，应为 {expected:04X}")

    def parse(self, raw: bytes) -> Frame:
        frame = _open(raw)
        return frame if frame.part is None else self._join(frame, frame.part)

    def _join(self, frame: Frame, part: tuple[int, int]) -> Frame:
        """The frame itself while packets are missing, then the message. Another message drops an unfinished one."""
        total, number = part
        if not 1 <= number <= total:
            raise FrameError("field", f"多包报文的序号 {number} 不在 1～{total} 之间")
        if total > MOST_PARTS:
            raise FrameError("too_many", f"多包报文共 {total} 包，超过 {MOST_PARTS} 包，平台不接收")
        message = (frame.station, frame.function, total)
        if message != self._message:
            self._message, self._parts = message, {}
        self._parts[number] = frame.body
        if len(self._parts) < total:
            return frame
        body = b"".join(self._parts[index] for index in range(1, total + 1))
        self._message, self._parts = None, {}
        return msgspec.structs.replace(frame, body=body, part=None, end=ETX)


def encode(frame: Frame) -> bytes:
    """The packet as bytes. FrameError("length") beyond 4095 bytes, "field" if an address does not fit."""
    try:
        station, password = _fixed(frame.station, 5), _fixed(frame.password, 2)
        address = station + bytes([frame.centre]) if frame.down else bytes([frame.centre]) + station
        split = b"" if frame.part is None else (frame.part[0] << 12 | frame.part[1]).to_bytes(3, "big")
    except (ValueError, OverflowError):
        raise FrameError("field", "站地址应为 10 位、密码应为 4 位十六进制数字，包数和序号不超过 4095") from None
    body = split + frame.body
    if len(body) > MAX_BODY:
        raise FrameError("length", f"正文有 {len(body)} 字节，超过 {MAX_BODY}，应拆包")
    length = (0x8000 if frame.down else 0) | len(body)
    start = STX if frame.part is None else SYN
    raw = b"\x7e\x7e" + address + password + bytes([frame.function]) + length.to_bytes(2, "big")
    raw += bytes([start]) + body + bytes([frame.end])
    return raw + crc(raw).to_bytes(2, "big")


def split(frame: Frame, most: int) -> list[Frame]:
    """A message as packets of at most `most` bytes of body each."""
    bodies = [frame.body[at : at + most] for at in range(0, len(frame.body), most)]
    total = len(bodies)
    return [
        msgspec.structs.replace(frame, body=body, part=(total, number), end=ETX if number == total else ETB)
        for number, body in enumerate(bodies, 1)
    ]


def report(frame: Frame) -> Report:
    """What an upward message says.

    FrameError("field") for a body that does not follow the standard, "time" for a time that does not exist.
    """
    reader = _Reader(frame.body)
    serial, sent = int.from_bytes(reader.take(2), "big"), _moment(reader.take(6))
    kind, observed, step, text = None, None, 0, ""
    elements: list[Element] = []
    while reader.left:
        code, size, decimals = reader.identifier()
        if code == _STATION:
            reader.take(5)
            # Only a station's own report carries its kind; typed-in text follows the address at once.
            if reader.next != 0xF2:
                kind = reader.take(1)[0]
        elif code == _TIME:
            observed = _moment(reader.take(5) + b"\0")
        elif code == _TEXT:
            text = _words(reader.take(reader.left))
        elif code == _STEP and frame.function == EVEN:
            step = _step(reader.take(size))
        else:
            width = size if not step else max(size, reader.left - reader.left % size if size else 0)
            at = sent if observed is None else observed
            elements.append(_element(code, reader.take(width), size, decimals, at, step))
    return Report(serial, sent, kind, observed, tuple(elements), text)


def measurements(frame: Frame) -> list[Measurement]:
    """The numbers of a report, named by the identifier of their element: `26`, `39`, `F4`, `FF14`.

    Rain is in mm, levels in m, as the standard gives the element. FrameError as in `report`.
    """
    if frame.down or frame.part is not None or frame.function not in FUNCTIONS:
        return []
    quality = SUSPECT if frame.function == TEST else GOOD
    return [
        Measurement(element.code, float(value), element.first_ms + number * element.step_ms, quality)
        for element in report(frame).elements
        for number, value in enumerate(element.values)
        if value is not None
    ]


def missing(frame: Frame) -> list[str]:
    """Identifiers of elements that lack a value: the station had none, or it is no number."""
    return [element.code for element in report(frame).elements if None in element.values]


def meaning(frame: Frame) -> str:
    """What the packet is, in Chinese."""
    name = FUNCTIONS.get(frame.function, f"功能码 {frame.function:02X}")
    return f"{name}（下行）" if frame.down else name


def answer(frame: Frame, now_ms: int) -> bytes | None:
    """What the centre must send back at `now_ms`, None if the station waits for nothing.

    The reply ends with ESC (the station stays on line). Heartbeats are not answered, nor are packets before the last: a
    message that is not complete is not safe yet.
    """
    if frame.down or frame.part is not None or frame.function == HEARTBEAT:
        return None
    body = frame.body[:2] + _label(now_ms, 6)
    reply = Frame(frame.station, frame.function, body, frame.centre, frame.password, down=True, end=ESC)
    return encode(reply)


def body(serial: int, sent_ms: int, station: str, kind: int, observed_ms: int, elements: bytes) -> bytes:
    """The body of a report; `elements` come from `element`."""
    address = b"\xf1\xf1" + _fixed(station, 5) + bytes([kind])
    return serial.to_bytes(2, "big") + _label(sent_ms, 6) + address + b"\xf0\xf0" + _label(observed_ms, 5) + elements


def element(code: str, value: Decimal, size: int, decimals: int) -> bytes:
    """An element with a BCD number of `size` bytes. FrameError("field") if the number does not fit."""
    digits = f"{abs(value).scaleb(decimals):.0f}"
    sign = b"\xff" if value < 0 else b""
    room = size - len(sign)
    if len(digits) > 2 * room:
        raise FrameError("field", f"数值 {value} 放不进 {size} 字节")
    return bytes.fromhex(code) + bytes([size << 3 | decimals]) + sign + bytes.fromhex(digits.zfill(2 * room))


class _Reader:
    """Takes a body apart from the left."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    @property
    def next(self) -> int:
        return self._data[self._at] if self.left else -1

    def take(self, count: int) -> bytes:
        if self.left < count:
            raise FrameError("field", f"正文到第 {len(self._data)} 字节为止，还缺 {count - self.left} 字节")
        self._at += count
        return self._data[self._at - count : self._at]

    def identifier(self) -> tuple[str, int, int]:
        """Code, bytes of the value, decimals."""
        lead = self.take(1)
        if lead[0] == 0xFF:
            lead += self.take(1)
        code, definition = lead.hex().upper(), self.take(1)[0]
        return code, definition >> 3, definition & 7


def _element(code: str, data: bytes, size: int, decimals: int, at: int, step: int) -> Element:
    if code in _ROWS:
        width, places = _ROWS[code]
        if len(data) % width or not data:
            raise FrameError("field", f"要素 {code} 有 {len(data)} 字节，不是整组数据")
        cut = [data[i : i + width] for i in range(0, len(data), width)]
        values = tuple(_binary(part, places) for part in cut)
        return Element(code, values, at - (len(values) - 1) * _STEP_MS, _STEP_MS)
    if not size:
        raise FrameError("field", f"要素 {code} 的数据定义没有长度")
    if code == "45":
        return Element(code, (Decimal(int.from_bytes(data, "big")),), at)
    cut = [data[i : i + size] for i in range(0, len(data), size)]
    return Element(code, tuple(_bcd(part, decimals) for part in cut), at, step)


def _binary(data: bytes, places: int) -> Decimal | None:
    return None if not data.strip(b"\xff") else Decimal(int.from_bytes(data, "big")).scaleb(-places)


def _bcd(data: bytes, decimals: int) -> Decimal | None:
    """A BCD number, negative with FF before it; None for "no value" and for what is no number."""
    negative = data[0] == 0xFF
    digits = data[negative:].hex()
    if not digits.isdecimal():
        return None
    number = Decimal(digits).scaleb(-decimals)
    return -number if negative else number


def _step(data: bytes) -> int:
    digits = data.hex()
    if len(digits) != 6 or not digits.isdecimal() or not int(digits):
        raise FrameError("field", "时间步长码应为日、时、分各 1 字节，且不为零")
    days, hours, minutes = (int(digits[at : at + 2]) for at in (0, 2, 4))
    return ((days * 24 + hours) * 60 + minutes) * 60_000


def _moment(data: bytes) -> int:
    digits = data.hex()
    if not digits.isdecimal():
        raise FrameError("time", f"时间“{digits.upper()}”不是 BCD 数字，请检查设备时钟")
    year, month, day, hour, minute, second = (int(digits[at : at + 2]) for at in range(0, 12, 2))
    return shanghai_ms(2000 + year, month, day, hour, minute, second)


def _label(time_ms: int, size: int) -> bytes:
    at = datetime.fromtimestamp(time_ms // 1000, UTC).astimezone(SHANGHAI)
    return bytes.fromhex(f"{at:%y%m%d%H%M%S}"[: 2 * size])


def _fixed(digits: str, size: int) -> bytes:
    data = bytes.fromhex(digits)
    if len(data) != size:
        raise ValueError(digits)
    return data


def _words(data: bytes) -> str:
    try:
        return data.decode("ascii")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _open(raw: bytes) -> Frame:
    down = raw[11] >> 4 == 8
    station, centre = (raw[2:7], raw[7]) if down else (raw[3:8], raw[2])
    body, part = raw[_HEAD + 1 : -3], None
    if raw[_HEAD] == SYN:
        if len(body) < 3:
            raise FrameError("field", "多包报文缺少包总数和序号")
        numbers, body = int.from_bytes(body[:3], "big"), body[3:]
        part = (numbers >> 12, numbers & 0xFFF)
    return Frame(
        station=station.hex().upper(),
        function=raw[10],
        body=body,
        centre=centre,
        password=raw[8:10].hex().upper(),
        down=down,
        end=raw[-3],
        part=part,
    )
