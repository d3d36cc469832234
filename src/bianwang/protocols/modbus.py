"""Modbus: turn registers into numbers. Reading them from a device is elsewhere."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from math import isfinite
from typing import Final, Literal

import msgspec

from bianwang.protocols.crc16 import TABLE
from bianwang.protocols.errors import FrameError

Type = Literal["int16", "uint16", "int32", "uint32", "float32", "float64", "bit"]
Order = Literal["ABCD", "CDAB", "BADC", "DCBA"]

_FORMATS: Final = {"int16": "h", "uint16": "H", "int32": "i", "uint32": "I", "float32": "f", "float64": "d"}


class Tag(msgspec.Struct, frozen=True):
    """How one number lies in registers: number = raw * scale + offset, in the signal's unit.

    `order` names the bytes of a 32-bit value as they arrive, A being the most significant: ABCD big-endian,
    CDAB words swapped, BADC bytes swapped, DCBA little-endian; float64 likewise over four words. For 16-bit
    types BADC and DCBA swap the bytes. `bit` (0 = least significant) selects one bit of one register.
    """

    type: Type
    order: Order = "ABCD"
    scale: float = 1.0
    offset: float = 0.0
    bit: int = 0

    @property
    def registers(self) -> int:
        """Number of 16-bit registers that the number takes."""
        return 1 if self.type == "bit" else struct.calcsize(_FORMATS[self.type]) // 2


def decode(registers: Sequence[int], tag: Tag) -> float:
    """The number in `registers` (exactly `tag.registers` of them, 0 to 65535 each).

    FrameError("length") for another count, "field" for a register out of range, "nan" for a float that is no
    finite number.
    """
    if len(registers) != tag.registers:
        raise FrameError("length", f"{tag.type} 需要 {tag.registers} 个寄存器，现有 {len(registers)} 个")
    if any(not 0 <= register <= 0xFFFF for register in registers):
        raise FrameError("field", "寄存器的值应为 0～65535")
    if not 0 <= tag.bit <= 15:
        raise FrameError("field", f"位号应为 0～15，现为 {tag.bit}")
    words = list(registers)
    if tag.order in ("CDAB", "DCBA"):
        words.reverse()
    raw = struct.pack(f"{'<' if tag.order in ('BADC', 'DCBA') else '>'}{len(words)}H", *words)
    if tag.type == "bit":
        value = float(int.from_bytes(raw, "big") >> tag.bit & 1)
    else:
        value = float(struct.unpack(f">{_FORMATS[tag.type]}", raw)[0])
    result = value * tag.scale + tag.offset
    if not isfinite(result):
        raise FrameError("nan", f"寄存器 {' '.join(f'{r:04X}' for r in registers)} 不是有效的浮点数")
    return result


def crc(data: bytes) -> int:
    """CRC-16/Modbus (reflected 0x8005, start 0xFFFF); RTU frames carry it low byte first."""
    register = 0xFFFF
    for byte in data:
        register = (register >> 8) ^ TABLE[(register ^ byte) & 0xFF]
    return register
