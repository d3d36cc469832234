"""Modbus: register decoding in every word order, and the CRC of RTU frames."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, strategies as st

from bianwang.protocols import modbus
from bianwang.protocols.errors import FrameError
from bianwang.protocols.modbus import Tag


def test_the_crc_matches_the_published_vectors() -> None:
    assert modbus.crc(b"123456789") == 0x4B37
    assert modbus.crc(bytes.fromhex("010300000001")).to_bytes(2, "little").hex() == "840a"
    sensor = bytes.fromhex(
        "a55a00003b53484d4b313930363030313334c8003c000a0102006401f4021a5d1966b6"
        "0219021a0216021802180213021e021c021d021d7e0355aa"
    )
    assert modbus.crc(sensor[:-4]).to_bytes(2, "big") == sensor[-4:-2]


@pytest.mark.parametrize(
    ("order", "registers"),
    [
        ("ABCD", [0x4148, 0xF5C3]),
        ("CDAB", [0xF5C3, 0x4148]),
        ("BADC", [0x4841, 0xC3F5]),
        ("DCBA", [0xC3F5, 0x4841]),
    ],
)
def test_a_float_is_read_in_every_word_order(order: modbus.Order, registers: list[int]) -> None:
    assert modbus.decode(registers, Tag("float32", order)) == pytest.approx(12.56, abs=1e-6)


@pytest.mark.parametrize(
    ("tag", "registers", "value"),
    [
        (Tag("int16"), [0xFFFF], -1),
        (Tag("uint16"), [0xFFFF], 65535),
        (Tag("uint16", "BADC"), [0x0100], 1),
        (Tag("int32"), [0xFFFF, 0xFFFE], -2),
        (Tag("uint32"), [0x0001, 0x0000], 65536),
        (Tag("uint32", "CDAB"), [0x0000, 0x0001], 65536),
        (Tag("float64"), [0x3FF8, 0, 0, 0], 1.5),
        (Tag("float64", "DCBA"), [0, 0, 0, 0xF83F], 1.5),
        (Tag("bit", bit=0), [0x0001], 1),
        (Tag("bit", bit=15), [0x8000], 1),
        (Tag("bit", bit=3), [0xFFF7], 0),
        (Tag("int16", scale=0.1, offset=-40), [650], 25),
    ],
)
def test_each_type_is_read_with_scale_and_offset(tag: Tag, registers: list[int], value: float) -> None:
    assert modbus.decode(registers, tag) == pytest.approx(value)


@pytest.mark.parametrize(
    ("tag", "registers", "code"),
    [
        (Tag("int32"), [1], "length"),
        (Tag("int16"), [], "length"),
        (Tag("int16"), [65536], "field"),
        (Tag("int16"), [-1], "field"),
        (Tag("bit", bit=16), [1], "field"),
        (Tag("float32"), [0x7FC0, 0], "nan"),
        (Tag("float32"), [0x7F80, 0], "nan"),
        (Tag("float64", scale=1e308), [0x7FEF, 0xFFFF, 0xFFFF, 0xFFFF], "nan"),
    ],
)
def test_registers_that_are_no_number_are_refused(tag: Tag, registers: list[int], code: str) -> None:
    with pytest.raises(FrameError) as refused:
        modbus.decode(registers, tag)
    assert refused.value.code == code


@given(st.integers(-(2**31), 2**31 - 1), st.sampled_from(["ABCD", "CDAB", "BADC", "DCBA"]))
def test_word_orders_name_the_bytes_as_they_arrive(value: int, order: modbus.Order) -> None:
    by_letter = dict(zip("ABCD", struct.pack(">i", value), strict=True))
    registers = list(struct.unpack(">2H", bytes(by_letter[letter] for letter in order)))
    assert modbus.decode(registers, Tag("int32", order)) == value
