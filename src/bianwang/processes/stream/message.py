"""One message of the stream: what the intake took in for the owners of one slot, and how far their time has passed.

Owners are spread over `SLOTS` slots, and slots over the buckets of whoever judges, so the number of buckets may change
while messages are under way. Messages of one slot are numbered in the order in which they must be judged.

Layout, little endian: head, then the columns one after the other. A reading takes 16 bytes: its time is written as ms
since the earliest of the message, in 8 bytes if they lie more than 49 days apart; qualities only if one is not good.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bianwang.engine.waiting import Readings, no_readings
from bianwang.processes.intake.watermark import Clocks

SLOTS = 1024

_HEAD = struct.Struct("<4sH??qqqII")
_MAGIC = b"BWS1"
_LONGEST_MS = 2**32 - 1


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
    first_ms = int(readings.time.min()) if len(readings.time) else 0
    since = readings.time - first_ms
    is_wide, is_graded = bool(since.max(initial=0) > _LONGEST_MS), bool(readings.quality.any())
    head = _HEAD.pack(
        _MAGIC, message.slot, is_wide, is_graded,
        message.number, message.started_ms, first_ms, len(readings.time), len(clocks.owners),
    )  # fmt: skip
    columns: list[NDArray[Any]] = [
        readings.value,
        clocks.owners,
        clocks.at,
        since if is_wide else since.astype(np.uint32),
        readings.signal,
    ]
    columns += [readings.quality] if is_graded else []
    return head + b"".join(np.ascontiguousarray(column).tobytes() for column in columns)


def decode(data: bytes | memoryview) -> Message:
    """Inverse of encode; columns may be views of `data`. Raises MessageError."""
    if len(data) < _HEAD.size:
        raise MessageError("读数消息不完整。")
    magic, slot, is_wide, is_graded, number, started_ms, first_ms, rows, owners = _HEAD.unpack_from(data)
    shape = [("<f8", rows), ("<i8", owners), ("<i8", owners), ("<i8" if is_wide else "<u4", rows), ("<u4", rows)]
    shape += [("u1", rows)] if is_graded else []
    if magic != _MAGIC or len(data) != _HEAD.size + sum(np.dtype(dtype).itemsize * size for dtype, size in shape):
        raise MessageError("读数消息不是本版本写出的，或者不完整。")
    value, owner, at, since, signal, *graded = _columns(data, shape)
    quality = graded[0] if graded else np.zeros(rows, np.uint8)
    readings = Readings(signal, since + np.int64(first_ms), value, quality)
    return Message(slot, number, readings, Clocks(owner, at), started_ms)


def _columns(data: bytes | memoryview, shape: Sequence[tuple[str, int]]) -> Iterator[NDArray[Any]]:
    place = _HEAD.size
    for dtype, size in shape:
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
