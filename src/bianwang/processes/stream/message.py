"""One message of the stream: what the intake took in for the owners of one slot, and how far their time has passed.

Owners are spread over `SLOTS` slots, and slots over the buckets of whoever judges, so the number of buckets may change
while messages are under way. Messages of one slot are numbered in the order in which they must be judged.

Layout, little endian: head, then the columns one after the other, the widest first.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bianwang.engine.waiting import Readings, no_readings
from bianwang.processes.intake.watermark import Clocks

SLOTS = 1024

_HEAD = struct.Struct("<4sHxxqqII")
_MAGIC = b"BWS1"
_READING, _CLOCK = 8 + 8 + 4 + 1, 8 + 8


class MessageError(ValueError):
    """Bytes that are no message of this version."""


@dataclass(frozen=True)
class Message:
    """`number` orders the messages of a slot, with gaps. `started_ms`: 0, or the intake began to listen then, and what
    was silent before was silent because nobody listened."""

    slot: int
    number: int
    readings: Readings = field(default_factory=no_readings)
    clocks: Clocks = field(default_factory=Clocks.none)
    started_ms: int = 0


def encode(message: Message) -> bytes:
    """The message as bytes."""
    readings, clocks = message.readings, message.clocks
    head = _HEAD.pack(
        _MAGIC, message.slot, message.number, message.started_ms, len(readings.time), len(clocks.owners)
    )  # fmt: skip
    columns = (readings.time, readings.value, clocks.owners, clocks.at, readings.signal, readings.quality)
    return head + b"".join(np.ascontiguousarray(column).tobytes() for column in columns)


def decode(data: bytes | memoryview) -> Message:
    """Inverse of encode; the columns are views of `data`. Raises MessageError."""
    if len(data) < _HEAD.size:
        raise MessageError("读数消息不完整。")
    magic, slot, number, started_ms, rows, owners = _HEAD.unpack_from(data)
    if magic != _MAGIC or len(data) != _HEAD.size + rows * _READING + owners * _CLOCK:
        raise MessageError("读数消息不是本版本写出的，或者不完整。")
    time, value, owner, at, signal, quality = _columns(data, rows, owners)
    return Message(slot, number, Readings(signal, time, value, quality), Clocks(owner, at), started_ms)


def _columns(data: bytes | memoryview, rows: int, owners: int) -> Iterator[NDArray[Any]]:
    place = _HEAD.size
    for dtype, size in (("<i8", rows), ("<f8", rows), ("<i8", owners), ("<i8", owners), ("<u4", rows), ("u1", rows)):
        column = np.frombuffer(data, dtype, size, place)
        place += column.nbytes
        yield column


def split(readings: Readings, owner: NDArray[np.int64], clocks: Clocks) -> dict[int, tuple[Readings, Clocks]]:
    """Readings and clocks by slot; `owner`: whose each reading is. The order within a slot stays."""
    slot_of_reading, slot_of_owner = owner % SLOTS, clocks.owners % SLOTS
    rows, marks = _groups(slot_of_reading), _groups(slot_of_owner)
    nobody = np.zeros(0, np.intp)
    return {
        slot: (
            readings.take(rows.get(slot, nobody)),
            Clocks(clocks.owners[marks.get(slot, nobody)], clocks.at[marks.get(slot, nobody)]),
        )
        for slot in sorted(rows.keys() | marks.keys())
    }


def _groups(slot: NDArray[np.int64]) -> dict[int, NDArray[np.intp]]:
    """Rows of each slot, in order."""
    order = np.argsort(slot, kind="stable")
    slots, first = np.unique(slot[order], return_index=True)
    return dict(zip(slots.tolist(), np.split(order, first[1:]), strict=True)) if len(slots) else {}
