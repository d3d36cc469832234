"""HJ 212: data transmission of online pollutant monitors (editions 2005, 2017, 2025).

A packet is `##`, the length of the data segment in 4 decimal digits, the segment, its CRC in 4 hex digits,
CR LF. The segment is `QN=;ST=;CN=;PW=;MN=;Flag=;[PNUM=;PNO=;]CP=&&...&&`. Times carry no zone:
Asia/Shanghai.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from math import isfinite
from typing import ClassVar, Final

import msgspec

from bianwang.protocols.crc16 import TABLE
from bianwang.protocols.errors import FrameError
from bianwang.protocols.framing import StreamDecoder
from bianwang.protocols.message import BAD, GOOD, SUSPECT, Measurement, shanghai_ms

EDITIONS: Final = {0: 2005, 1: 2017, 2: 2025}
"""Edition of the standard by the version bits of Flag."""

QN_RTN: Final = {
    "ready": 1,
    "refused": 2,
    "pw": 3,
    "mn": 4,
    "st": 5,
    "flag": 6,
    "qn": 7,
    "cn": 8,
    "crc": 9,
    "unknown": 100,
}
"""Return codes of a request (QnRtn)."""

QUALITY: Final = {
    "N": GOOD,  # normal
    "M": SUSPECT,  # maintenance
    "S": SUSPECT,  # entered by hand or set
    "C": SUSPECT,  # calibration
    "T": SUSPECT,  # above range: the true value is even higher, so it must still be able to raise an alarm
    "F": BAD,  # source out of operation
    "D": BAD,  # instrument fault
    "B": BAD,  # communication fault
    "P": BAD,  # power fault (2005)
}
"""Quality by the data flag of a value; a letter that is not here is SUSPECT."""

PERIODS: Final = {"2051": ".minute", "2061": ".hour", "2031": ".day"}
"""What is appended to names by command, so that averages over different periods stay different signals."""

_NOT_VALUES: Final = {"Flag", "EFlag", "SampleTime"}
_ACKNOWLEDGEMENTS: Final = {"9011", "9012", "9013", "9014"}
_NOTICES: Final = {"1013", "9015"}


class Frame(msgspec.Struct, frozen=True):
    """One packet. `cp` is the text between CP=&& and &&; a field that the packet lacks is "" or None."""

    cn: str
    mn: str = ""
    cp: str = ""
    qn: str = ""
    st: str = ""
    pw: str = ""
    flag: int = 0
    pnum: int | None = None
    pno: int | None = None

    @property
    def edition(self) -> int:
        """Year of the standard that Flag names; 0 if it is none we know."""
        return EDITIONS.get(self.flag >> 2, 0)

    @property
    def wants_answer(self) -> bool:
        """The sender waits for an acknowledgement and will repeat the packet without it."""
        return bool(self.flag & 1)


def crc(segment: bytes) -> int:
    """CRC of HJ 212-2017 appendix A. Not CRC-16/Modbus: the high byte is moved down before the xor."""
    register = 0xFFFF
    for byte in segment:
        register = (register >> 8) ^ byte
        register = (register >> 8) ^ TABLE[register & 0xFF]
    return register


class Decoder(StreamDecoder[Frame]):
    """Packets out of a TCP stream, with or without CR LF between them."""

    marker: ClassVar[bytes] = b"##"
    head = 6

    def size(self, head: bytes) -> int:
        digits = head[2:6]
        if not digits.isdigit():
            raise FrameError("length", f"“##”之后应为 4 位数据段长度，现为“{_printable(digits)}”")
        return 6 + int(digits) + 4

    def check(self, raw: bytes) -> None:
        # A stream of nothing but packet heads must not cost a CRC of 10 kB for each of them.
        if len(list(islice(re.finditer(rb"##\d{4}", raw[6:]), 3))) == 3:
            raise FrameError("length", "数据段长度覆盖了后面的帧，长度有误")
        given = raw[-4:]
        expected = crc(raw[6:-4])
        if not re.fullmatch(rb"[0-9A-Fa-f]{4}", given):
            reason = f"CRC 应为 4 位十六进制，现为“{_printable(given)}”，可能是数据段长度不对"
            raise FrameError("crc", reason)
        if int(given, 16) != expected:
            raise FrameError("crc", f"CRC 不符：帧内为 {given.decode()}，应为 {expected:04X}")

    def parse(self, raw: bytes) -> Frame:
        return parse(raw[6:-4])


def parse(segment: bytes) -> Frame:
    """Read a data segment. FrameError("field") names the field that is missing or wrong."""
    text = _text(segment)
    head, found, tail = text.partition("CP=&&")
    cp, closed, _ = tail.rpartition("&&")
    if not (found and closed):
        raise FrameError("field", "缺少数据区“CP=&&…&&”")
    fields: dict[str, str] = {}
    for part in head.split(";"):
        name, _, value = part.partition("=")
        fields[name.strip()] = value.strip()
    cn = fields.get("CN", "")
    if not re.fullmatch(r"[0-9]{4}", cn):
        raise FrameError("field", f"命令编码 CN 应为 4 位数字，现为“{cn[:20]}”")
    flag = _count(fields, "Flag") or 0
    if flag > 255:
        raise FrameError("field", f"Flag 应为 0～255，现为 {flag}")
    return Frame(
        cn=cn,
        mn=fields.get("MN", ""),
        cp=cp.strip(),
        qn=fields.get("QN", ""),
        st=fields.get("ST", ""),
        pw=fields.get("PW", ""),
        flag=flag,
        pnum=_count(fields, "PNUM"),
        pno=_count(fields, "PNO"),
    )


def encode(frame: Frame) -> bytes:
    """The packet as bytes, fields in the order of the standard. FrameError("length") beyond 9999 bytes."""
    parts = [f"{name}={value};" for name, value in _head(frame) if value != ""]
    segment = f"{''.join(parts)}CP=&&{frame.cp}&&".encode()
    if len(segment) > 9999:
        raise FrameError("length", f"数据段有 {len(segment)} 字节，超过 9999，应拆包")
    return b"##%04d%s%04X\r\n" % (len(segment), segment, crc(segment))


def groups(frame: Frame) -> list[dict[str, str]]:
    """The data area as groups: `;` separates groups, `,` the items of one.

    `//...//` quotes text, as in log entries. FrameError("field") if there is text but no single item.
    """
    result: list[dict[str, str]] = []
    for part in _split(frame.cp, ";"):
        items: dict[str, str] = {}
        for item in _split(part, ","):
            name, found, value = item.partition("=")
            if found:
                items[name.strip()] = value.strip()
        if items:
            result.append(items)
    if frame.cp and not result:
        raise FrameError("field", "数据区里没有“名称=值”，内容可能已加密")
    return result


def measurements(frame: Frame) -> list[Measurement]:
    """The numbers in the data area, named by factor and kind: `w01018-Rtd`, `a34004-Avg.hour`, `SB1-RS`.

    Time is the group's SampleTime, else the DataTime before it, else None. Values keep the unit that
    appendix B of the standard gives the factor. FrameError("time") for a time that does not exist, "field" as
    in `groups`.
    """
    return [item for item in _items(frame) if isinstance(item, Measurement)]


def unreadable(frame: Frame) -> list[str]:
    """Names in the data area that have a value which is not a finite number, e.g. `w01018-Rtd=--`."""
    return [item for item in _items(frame) if isinstance(item, str)]


def answer(frame: Frame, refusal: int | None = None) -> bytes | None:
    """What the platform must send back, None if the sender waits for nothing.

    Data (commands 2xxx, 3xxx) are acknowledged by 9014, notices (time calibration 1013, heartbeat 9015) by
    9013; other commands are not for a platform and get 9011 with QnRtn 8. With `refusal` (a code of QN_RTN)
    the answer is 9011 with that QnRtn: a 9014 would tell the device that its data are safe.
    """
    if not frame.wants_answer or frame.cn in _ACKNOWLEDGEMENTS:
        return None
    old = frame.edition == 2005  # carries the QN it answers in the data area
    items = [f"QN={frame.qn}"] if old else []
    if refusal is None and frame.cn not in _NOTICES and frame.cn[0] not in "23":
        refusal = QN_RTN["cn"]
    if refusal is not None:
        cn = "9011"
        items.append(f"QnRtn={refusal}")
    elif frame.cn in _NOTICES:
        cn = "9013"
    else:
        cn = "9014"
        items += [f"CN={frame.cn}"] if old else []
    qn = "" if old else frame.qn
    return encode(Frame(cn, frame.mn, ";".join(items), qn, "91", frame.pw, frame.flag & ~3))


def _head(frame: Frame) -> Iterator[tuple[str, str | int]]:
    yield "QN", frame.qn
    yield "ST", frame.st
    yield "CN", frame.cn
    yield "PW", frame.pw
    yield "MN", frame.mn
    yield "Flag", frame.flag
    if frame.pnum is not None:
        yield "PNUM", frame.pnum
    if frame.pno is not None:
        yield "PNO", frame.pno


def _items(frame: Frame) -> Iterator[Measurement | str]:
    period = PERIODS.get(frame.cn, "")
    data_time: int | None = None
    for group in groups(frame):
        if "DataTime" in group:
            data_time = _time(group["DataTime"])
        for name, value in group.items():
            factor, hyphen, kind = name.rpartition("-")
            if not hyphen or kind in _NOT_VALUES:
                continue
            number = _number(value)
            if number is None:
                yield name + period
                continue
            sample_time = group.get(f"{factor}-SampleTime")
            flag = group.get(f"{factor}-Flag", "N").upper()
            time = _time(sample_time) if sample_time else data_time
            yield Measurement(name + period, number, time, QUALITY.get(flag, SUSPECT))


def _number(text: str) -> float | None:
    if not text.isascii() or "_" in text:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def _time(text: str) -> int:
    """Milliseconds of yyyyMMdd[HH[mm[ss[SSS]]]], also with separators as some loggers write it."""
    digits = re.sub(r"[-/:T. ]", "", text)
    if not re.fullmatch(r"[0-9]{8}([0-9]{2}){0,3}|[0-9]{17}", digits):
        raise FrameError("time", f"时间“{text[:40]}”应为 yyyyMMddHHmmss，例如 20260801085857")
    digits = digits.ljust(17, "0")
    parts = (digits[:4], digits[4:6], digits[6:8], digits[8:10], digits[10:12], digits[12:14], digits[14:])
    return shanghai_ms(*(int(part) for part in parts))


def _split(text: str, separator: str) -> list[str]:
    """Split outside of //quoted text//; blank parts are left out."""
    if "//" not in text:
        return [part for part in text.split(separator) if part.strip()]
    return re.findall(rf"(?://.*?//|[^{separator}])+", text, flags=re.DOTALL)


def _count(fields: dict[str, str], name: str) -> int | None:
    text = fields.get(name, "")
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise FrameError("field", f"{name} 应为整数，现为“{text[:20]}”")
    return int(text)


def _text(segment: bytes) -> str:
    """Segments are ASCII; log texts in them are UTF-8 or GB 18030 in practice."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return segment.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FrameError("utf8", "数据段既不是 ASCII，也不是 UTF-8 或 GB 18030 文本")


def _printable(raw: bytes) -> str:
    return raw.decode("ascii", "replace").encode("unicode_escape").decode()
