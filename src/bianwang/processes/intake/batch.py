"""The batch that is being filled: readings appended as runs, without an object per reading."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import lru_cache
from struct import Struct

import numpy as np

from bianwang.processes.intake.directory import SignalRef
from bianwang.telemetry.columns import Columns


class OpenBatch:
    """Runs of readings of one signal, one arrival and (mostly) one quality.

    Written by the event loop only, read once by the storing thread after it was closed.
    """

    __slots__ = (
        "graded",
        "lengths",
        "qualities",
        "received",
        "scaled",
        "signals",
        "times",
        "values",
        "waiters",
    )

    def __init__(self) -> None:
        self.times = array("q")
        self.values = array("d")
        self.signals = array("I")
        self.lengths = array("I")
        self.received = array("q")
        self.qualities = array("B")
        self.scaled: list[tuple[int, int, SignalRef]] = []
        self.graded: list[tuple[int, list[int]]] = []
        self.waiters: list[Callable[[], None]] = []

    def __len__(self) -> int:
        return len(self.times)

    def one(self, ref: SignalRef, value: float, time_ms: int, quality: int, received_ms: int) -> None:
        """Append one reading."""
        if ref.scale != 1.0 or ref.offset:
            value = value * ref.scale + ref.offset
        self.times.append(time_ms)
        self.values.append(value)
        self.signals.append(ref.id)
        self.lengths.append(1)
        self.received.append(received_ms)
        self.qualities.append(quality)

    def run(
        self,
        ref: SignalRef,
        values: list[float],
        times: bytes,
        quality: int | list[int],
        received_ms: int,
    ) -> None:
        """Append one signal's readings; `times` as `pack_times` made them."""
        start, size = len(self.times), len(values)
        if ref.scale != 1.0 or ref.offset:
            self.scaled.append((start, size, ref))
        if isinstance(quality, list):
            self.graded.append((start, quality))
            quality = 0
        self.times.frombytes(times)
        self.values.frombytes(_floats(size).pack(*values))
        self.signals.append(ref.id)
        self.lengths.append(size)
        self.received.append(received_ms)
        self.qualities.append(quality)

    def columns(self) -> Columns:
        """The readings as columns, scaled to the signals' units."""
        lengths = np.frombuffer(self.lengths, np.uint32) if self.lengths else np.empty(0, np.uint32)
        value = np.array(self.values, np.float64)
        for start, size, ref in self.scaled:
            value[start : start + size] *= ref.scale
            value[start : start + size] += ref.offset
        quality = np.repeat(np.array(self.qualities, np.uint8), lengths)
        for start, grades in self.graded:
            quality[start : start + len(grades)] = grades
        return Columns(
            signal=np.repeat(np.array(self.signals, np.uint32), lengths),
            time=np.array(self.times, np.int64),
            value=value,
            quality=quality,
            received=np.repeat(np.array(self.received, np.int64), lengths),
            seq=np.zeros(len(value), np.uint64),
            judged=np.ones(len(value), np.bool_),
        )


def pack_times(times_ms: list[int]) -> bytes:
    """Times for `OpenBatch.run`: columns of one payload share theirs, so they are packed once."""
    return _integers(len(times_ms)).pack(*times_ms)


# Packing a list this way takes half the time of array.extend.
@lru_cache(256)
def _floats(size: int) -> Struct:
    return Struct(f"{size}d")


@lru_cache(256)
def _integers(size: int) -> Struct:
    return Struct(f"{size}q")
