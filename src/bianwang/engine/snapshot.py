"""Evaluator state as bytes, and its transfer to another table.

Layout: magic, version, CRC-32 of the rest; then the start time and five NumPy arrays. Of the remembered
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
from bianwang.engine.table import PARAMS, Table

_MAGIC = b"BWENGINE"
_VERSION = 1
_HEAD = struct.Struct("<8sHIq")


class SnapshotError(ValueError):
    """Bytes that are no snapshot of this version, or damaged."""


@dataclass(frozen=True)
class State:
    """Everything an evaluator knows; arrays as in kernel.py."""

    start_ms: int
    params: NDArray[np.void]
    states: NDArray[np.void]
    tracks: NDArray[np.void]
    signals: NDArray[np.uint32]
    memory: NDArray[np.void]


def dump(state: State) -> bytes:
    rate = state.states[state.params["kind"] == Kind.RATE]
    rows, slots = _slots_in_use(rate)
    body = BytesIO()
    for array in (state.params, state.states, state.tracks, state.signals, state.memory[rows, slots]):
        np.save(body, array, allow_pickle=False)
    content = body.getvalue()
    return _HEAD.pack(_MAGIC, _VERSION, zlib.crc32(content), state.start_ms) + content


def load(data: bytes) -> State:
    """Inverse of dump. Raises SnapshotError."""
    if len(data) < _HEAD.size:
        raise SnapshotError("引擎快照不完整，请改用上一份快照。")
    magic, version, checksum, start_ms = _HEAD.unpack_from(data)
    if magic != _MAGIC or version != _VERSION:
        raise SnapshotError("引擎快照不是本版本写出的，请从存储的读数重新判定。")
    content = data[_HEAD.size :]
    if zlib.crc32(content) != checksum:
        raise SnapshotError("引擎快照已损坏（校验和不符），请改用上一份快照。")
    body = BytesIO(content)
    params, states, tracks, signals, used = (np.load(body, allow_pickle=False) for _ in range(5))
    if (params.dtype, states.dtype, tracks.dtype) != (PARAMS, kernel.STATE, kernel.SIGNAL):
        raise SnapshotError("引擎快照不是本版本写出的，请从存储的读数重新判定。")
    rate = states[params["kind"] == Kind.RATE]
    memory = np.zeros((len(rate), HISTORY), kernel.MEMORY)
    memory[_slots_in_use(rate)] = used
    return State(start_ms, params, states, tracks, signals, memory)


def carry_over(
    saved: State, table: Table, states: NDArray[np.void], tracks: NDArray[np.void], memory: NDArray[np.void]
) -> None:
    """Copy the state of every signal and unchanged instance of ``saved`` into fresh arrays of ``table``."""
    old, new = _matches(saved.signals, table.signals)
    for field in ("last", "decided", "value"):
        tracks[field][new] = saved.tracks[field][old]
    old, new = _matches(saved.params["key"], table.params["key"])
    same = _bytes(saved.params[old]) == _bytes(table.params[new])
    old, new = old[same], new[same]
    rows = states["row"][new].copy()
    states[new] = saved.states[old]
    states["row"][new] = rows
    rate = table.params["kind"][new] == Kind.RATE
    memory[rows[rate]] = saved.memory[saved.states["row"][old[rate]]]


def _slots_in_use(rate: NDArray[np.void]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and slot of every remembered sample of the given RATE states, oldest first."""
    remembered = rate["remembered"]
    counts = np.minimum(remembered, HISTORY)
    ends = np.cumsum(counts)
    nth = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    return np.repeat(np.arange(len(rate)), counts), (np.repeat(remembered - counts, counts) + nth) % HISTORY


def _matches(old: NDArray[np.integer], new: NDArray[np.integer]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Positions of equal entries in two arrays of unique numbers."""
    _, in_old, in_new = np.intersect1d(old, new, assume_unique=True, return_indices=True)
    return in_old, in_new


def _bytes(params: NDArray[np.void]) -> NDArray[np.void]:
    return params.view(f"V{PARAMS.itemsize}")
