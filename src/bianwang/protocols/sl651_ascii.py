"""SL 651-2014 in ASCII: a frame begins with SOH (01), and every number in it is written in characters. Reading only.

The layout is that of `sl651` with each byte as two hexadecimal characters: SOH, upwards centre (2) and station (10),
downwards station and centre; password (4), function (2), direction and length (4: 0 or 8, then three digits that count
the characters of the text), STX, the text, an end mark, CRC-16/Modbus (4 characters, high byte first) of all before it.
The text is serial (4) and time (12), then words between blanks: an identifier and its value, `ST` with station and
kind, `TT` with the time of observation.

No frame of this kind has been published that we could find: all of this is from memory of the standard and stays to be
verified (待核实) with a real station. So it can be read (`bian decode sl651-ascii`), and no port takes it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import ClassVar, Final

import msgspec

from bianwang.protocols.errors import FrameError
from bianwang.protocols.framing import StreamDecoder
from bianwang.protocols.message import GOOD, SHANGHAI, SUSPECT, Measurement, shanghai_ms
from bianwang.protocols.modbus import crc
from bianwang.protocols.sl651 import ETX, FUNCTIONS, STX, TEST

SOH: Final = b"\x01"
MAX_TEXT: Final = 0xFFF

ELEMENTS: Final = {
    "P1": "1小时时段降水量",
    "P3": "3小时时段降水量",
    "P6": "6小时时段降水量",
    "P12": "12小时时段降水量",
    "PD": "日降水量",
    "PJ": "当前降水量",
    "PN05": "5分钟时段降水量",
    "PT": "降水量累计值",
    "VT": "电源电压",
    "Z": "瞬时水位",
    "ZT": "状态及报警",
}
"""Names of identifiers as we remember them; the others are read all the same."""

_HEAD: Final = 1 + 12 + 4 + 2 + 4 + 1
_TAIL: Final = 5
_ENDS: Final = {ETX, 0x04, 0x05, 0x06, 0x15, 0x17, 0x1B}
_HEX: Final = re.compile(rb"[0-9A-F]*")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?")
_IDENTIFIER: Final = re.compile(r"[A-Z][A-Z0-9]*")


class Frame(msgspec.Struct, frozen=True):
    """One frame. `station` is 10 digits, `text` what stands between the marks."""

    station: str
    function: int
    text: str
    centre: int = 1
    password: str = "0000"  # noqa: S105 - what a station that was never set sends
    down: bool = False
    end: int = ETX


class Report(msgspec.Struct, frozen=True):
    """What a station says: identifiers with their words as written; `observed_ms` is None in a heartbeat."""

    serial: int
    sent_ms: int
    kind: str = ""
    observed_ms: int | None = None
    values: tuple[tuple[str, str], ...] = ()


class Decoder(StreamDecoder[Frame]):
    """Frames out of a stream."""

    marker: ClassVar[bytes] = SOH
    head = _HEAD

    def size(self, head: bytes) -> int:
        if not _HEX.fullmatch(head[1:-1]) or head[-1] != STX or head[19:20] not in (b"0", b"8"):
            raise FrameError("head", "ASCII 报文头应为十六进制字符，上下行标识为 0 或 8，后接起始符 02")
        return _HEAD + int(head[20:23], 16) + _TAIL

    def check(self, raw: bytes) -> None:
        if raw[-_TAIL] not in _ENDS:
            raise FrameError("tail", f"报文结束符 {raw[-_TAIL]:02X} 不是规约规定的字符")
        given, expected = raw[-4:], b"%04X" % crc(raw[:-4])
        if given != expected:
            words = given.decode("ascii", "replace")
            raise FrameError("crc", f"CRC 不符：帧内为 {words}，应为 {expected.decode()}")

    def parse(self, raw: bytes) -> Frame:
        head, text = raw[1:_HEAD].decode("ascii"), raw[_HEAD:-_TAIL]
        if not text.isascii():
            raise FrameError("field", "ASCII 报文的正文里有不是 ASCII 的字符")
        down = head[18] == "8"
        station, centre = (head[:10], head[10:12]) if down else (head[2:12], head[:2])
        return Frame(
            station=station,
            function=int(head[16:18], 16),
            text=text.decode("ascii"),
            centre=int(centre, 16),
            password=head[12:16],
            down=down,
            end=raw[-_TAIL],
        )


def encode(frame: Frame) -> bytes:
    """The frame as bytes. FrameError("length") beyond 4095 characters, "field" for what does not fit."""
    if len(frame.text) > MAX_TEXT:
        raise FrameError("length", f"正文有 {len(frame.text)} 个字符，超过 {MAX_TEXT}")
    address = f"{frame.station}{frame.centre:02X}" if frame.down else f"{frame.centre:02X}{frame.station}"
    head = f"{address}{frame.password}{frame.function:02X}{'8' if frame.down else '0'}{len(frame.text):03X}"
    if len(head) != _HEAD - 2 or not _HEX.fullmatch(head.encode()) or not frame.text.isascii():
        raise FrameError("field", "站地址应为 10 位、密码应为 4 位十六进制数字，正文只能是 ASCII 字符")
    raw = SOH + head.encode() + bytes([STX]) + frame.text.encode() + bytes([frame.end])
    return raw + b"%04X" % crc(raw)


def report(frame: Frame) -> Report:
    """What an upward frame says. FrameError("field") for a text that is none, "time" for a time that does not exist."""
    serial, sent, words = frame.text[:4], frame.text[4:16], frame.text[16:].split()
    if not re.fullmatch(r"[0-9A-F]{4}", serial) or not re.fullmatch(r"\d{12}", sent):
        raise FrameError("field", "正文应以 4 位流水号和 12 位发报时间开始")
    kind, observed, values, at = "", None, [], 0
    while at < len(words):
        name = words[at]
        if not _IDENTIFIER.fullmatch(name) or at + 1 >= len(words):
            raise FrameError("field", f"正文在“{name[:20]}”处不是要素标识符和它的值")
        if name == "ST":
            kind = words[at + 2] if at + 2 < len(words) and words[at + 2] != "TT" else ""
            at += 3 if kind else 2
            continue
        if name == "TT":
            observed = _moment(words[at + 1] + "00")
        else:
            values.append((name, words[at + 1]))
        at += 2
    return Report(int(serial, 16), _moment(sent), kind, observed, tuple(values))


def measurements(frame: Frame) -> list[Measurement]:
    """The numbers of a report by their identifiers; what is no number is left out. FrameError as in `report`."""
    if frame.down or frame.function not in FUNCTIONS:
        return []
    found = report(frame)
    at = found.sent_ms if found.observed_ms is None else found.observed_ms
    quality = SUSPECT if frame.function == TEST else GOOD
    numbers = ((name, word) for name, word in found.values if _NUMBER.fullmatch(word))
    return [Measurement(name, float(Decimal(word)), at, quality) for name, word in numbers]


def text(serial: int, sent_ms: int, station: str, kind: str, observed_ms: int, values: dict[str, str]) -> str:
    """The text of a report."""
    words = [
        f"ST {station} {kind}",
        f"TT {_label(observed_ms)[:10]}",
        *(f"{name} {word}" for name, word in values.items()),
    ]
    return f"{serial:04X}{_label(sent_ms)} {' '.join(words)} "


def _moment(digits: str) -> int:
    if not re.fullmatch(r"\d{12}", digits):
        raise FrameError("time", f"时间“{digits[:20]}”应为数字：年月日时分（秒）各两位")
    year, month, day, hour, minute, second = (int(digits[at : at + 2]) for at in range(0, 12, 2))
    return shanghai_ms(2000 + year, month, day, hour, minute, second)


def _label(time_ms: int) -> str:
    return f"{datetime.fromtimestamp(time_ms // 1000, UTC).astimezone(SHANGHAI):%y%m%d%H%M%S}"
