"""Evaluator state as bytes, and its transfer to another table.

Layout: magic, version, CRC-32 of the rest; then the start time and seven NumPy arrays. Of the remembered
samples only those in use are written.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from bianwang.engine import kernel
from bianwang.engine.semantics import HISTORY, Kind
from bianwang.engine.table import PARAMS

_MAGIC = b"BWENGINE"
_VERSION = 1
_HEAD = struct.Struct("<8sHIq")


class SnapshotError(ValueError):
    """Bytes that are no snapshot of this version, or damaged."""


@dataclass(frozen=True, kw_only=True)
class State:
    """Everything an evaluator knows; arrays as in kernel.py."""

    start_ms: int
    params: NDArray[np.void]
    signals: NDArray[np.uint32]
    states: NDArray[np.void]
    votes: NDArray[np.void]
    tracks: NDArray[np.void]
    windows: NDArray[np.void]
    samples: NDArray[np.void]

    def dump(self) -> bytes:
        body = BytesIO()
        used = self.samples[_slots_in_use(self.windows)]
        for array in (self.params, self.signals, self.states, self.votes, self.tracks, self.windows, used):
            np.save(body, array, allow_pickle=False)
        content = body.getvalue()
        return _HEAD.pack(_MAGIC, _VERSION, zlib.crc32(content), self.start_ms) + content

    @staticmethod
    def load(data: bytes) -> State:
        """Inverse of dump. Raises SnapshotError."""
        if len(data) < _HEAD.size:
            raise SnapshotError("引擎快照不完整，请改用上一份快照。")
        magic, version, checksum, start_ms = _HEAD.unpack_from(data)
        if magic != _MAGIC or version != _VERSION:
            raise SnapshotError(_OTHER_VERSION)
        content = data[_HEAD.size :]
        if zlib.crc32(content) != checksum:
            raise SnapshotError("引擎快照已损坏（校验和不符），请改用上一份快照。")
        body = BytesIO(content)
        arrays = [np.load(body, allow_pickle=False) for _ in _DTYPES]
        if [array.dtype for array in arrays] != _DTYPES:
            raise SnapshotError(_OTHER_VERSION)
        params, signals, states, votes, tracks, windows, used = arrays
        samples = np.zeros((len(windows), HISTORY), kernel.SAMPLE)
        samples[_slots_in_use(windows)] = used
        return State(
            start_ms=start_ms,
            params=params,
            signals=signals,
            states=states,
            votes=votes,
            tracks=tracks,
            windows=windows,
            samples=samples,
        )

    def carry_over(self, fresh: State) -> None:
        """Copy the state of every signal and unchanged instance into the arrays of a fresh evaluator."""
        old, new = _matches(self.signals, fresh.signals)
        for field in ("last", "decided", "value"):
            fresh.tracks[field][new] = self.tracks[field][old]
        old, new = _matches(self.params["key"], fresh.params["key"])
        same = _bytes(self.params[old]) == _bytes(fresh.params[new])
        old, new = old[same], new[same]
        old_rows, new_rows = self.states["window"][old], fresh.states["window"][new]
        fresh.states[new] = self.states[old]
        fresh.states["window"][new] = new_rows
        fresh.votes[new] = self.votes[old]
        rate = fresh.params["kind"][new] == Kind.RATE
        fresh.windows[new_rows[rate]] = self.windows[old_rows[rate]]
        fresh.samples[new_rows[rate]] = self.samples[old_rows[rate]]


_OTHER_VERSION = "引擎快照不是本版本写出的，请从存储的读数重新判定。"
_DTYPES = [
    PARAMS,
    np.dtype(np.uint32),
    kernel.STATE,
    kernel.VOTES,
    kernel.SIGNAL,
    kernel.WINDOW,
    kernel.SAMPLE,
]


def _slots_in_use(windows: NDArray[np.void]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and slot of every remembered sample, oldest first."""
    remembered = windows["remembered"]
    counts = np.minimum(remembered, HISTORY)
    ends = np.cumsum(counts)
    nth = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    slots = (np.repeat(remembered - counts, counts) + nth) % HISTORY
    return np.repeat(np.arange(len(windows)), counts), slots


def _matches(old: NDArray[np.integer], new: NDArray[np.integer]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Positions of equal entries in two arrays of unique numbers."""
    _, in_old, in_new = np.intersect1d(old, new, assume_unique=True, return_indices=True)
    return in_old, in_new


def _bytes(params: NDArray[np.void]) -> NDArray[np.void]:
    return params.view(f"V{PARAMS.itemsize}")
