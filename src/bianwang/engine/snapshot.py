"""Evaluator state as bytes, and its transfer to another table.

Layout: magic, version, CRC-32 of the rest; then NumPy arrays. Of the rings only the samples in use are written.
"""

from __future__ import annotations

import math
import struct
import zlib
from dataclasses import dataclass
from io import SEEK_CUR, BytesIO
from typing import Any, NamedTuple

import numpy as np
from numpy.lib import format as numpy_format
from numpy.typing import NDArray

from bianwang.engine import rings
from bianwang.engine.layout import INSTANCE, MEMORY, NODE, SAMPLE, SIGNAL, SUMS, VOTED, VOTES, WINDOW
from bianwang.engine.machine import Machine
from bianwang.engine.program import TEMPORAL, WINDOWS, Op
from bianwang.engine.waiting import Readings, Waiting

_MAGIC = b"BWENGINE"
_VERSION = 2
_HEAD = struct.Struct("<8sHI")
_START = struct.Struct("<q")
_OTHER_VERSION = "引擎快照不是本版本写出的，请从存储的读数重新判定。"
_INT64, _UINT32 = np.dtype(np.int64), np.dtype(np.uint32)
_FLOAT64, _UINT8 = np.dtype(np.float64), np.dtype(np.uint8)
_RINGS = 4


class SnapshotError(ValueError):
    """Bytes that are no snapshot of this version, or damaged."""


class _Part(NamedTuple):
    """What is written of one machine."""

    ids: NDArray[np.uint32]
    signals: NDArray[np.void]
    instances: NDArray[np.void]
    nodes: NDArray[np.void]
    windows: NDArray[np.void]
    sums: NDArray[np.void]
    votes: NDArray[np.void]
    memories: NDArray[np.void]
    leaves: NDArray[np.int32]
    samples: list[NDArray[np.void]]


_DTYPES = (_UINT32, SIGNAL, INSTANCE, NODE, WINDOW, SUMS, VOTES, MEMORY, np.dtype(np.int32))


@dataclass(frozen=True)
class Saved:
    """A snapshot that was read."""

    start_ms: int
    direct: _Part
    waiting: _Part
    pending: Readings
    owners: NDArray[np.int64]
    clocks: NDArray[np.int64]

    def fingerprints(self) -> dict[int, int]:
        """Fingerprint of every instance, by its key: which definition the state is of."""
        parts = (self.direct.instances, self.waiting.instances)
        return {key: mark for part in parts for key, mark in part[["key", "fingerprint"]].tolist()}

    def carry_over(self, direct: Machine, waiting: Waiting) -> None:
        """Bring the state of every signal and unchanged instance into fresh machines."""
        _carry_over(self.direct, direct)
        _carry_over(self.waiting, waiting.machine)
        old, new = _matches(self.owners, waiting.machine.plan.owners)
        waiting.clocks[new] = self.clocks[old]
        wanted = np.isin(self.pending.signal, waiting.machine.plan.signals)
        waiting.pending = waiting.pending.followed_by(self.pending.take(wanted))


def dump(start_ms: int, direct: Machine, waiting: Waiting) -> bytes:
    """The state as bytes."""
    body = BytesIO()
    body.write(_START.pack(start_ms))
    pending = waiting.pending
    arrays = [*_arrays(direct), *_arrays(waiting.machine)]
    arrays += [pending.signal, pending.time, pending.value, pending.quality]
    arrays += [waiting.machine.plan.owners, waiting.clocks]
    for array in arrays:
        np.save(body, array, allow_pickle=False)
    content = body.getvalue()
    return _HEAD.pack(_MAGIC, _VERSION, zlib.crc32(content)) + content


def load(data: bytes) -> Saved:
    """Inverse of dump. Raises SnapshotError."""
    if len(data) < _HEAD.size:
        raise SnapshotError("引擎快照不完整，请改用上一份快照。")
    magic, version, checksum = _HEAD.unpack_from(data)
    if magic != _MAGIC or version != _VERSION:
        raise SnapshotError(_OTHER_VERSION)
    if zlib.crc32(memoryview(data)[_HEAD.size :]) != checksum:
        raise SnapshotError("引擎快照已损坏（校验和不符），请改用上一份快照。")
    (start_ms,) = _START.unpack_from(data, _HEAD.size)
    body = _Body(data, _HEAD.size + _START.size)
    direct, waiting = _read_part(body), _read_part(body)
    columns: list[Any] = [body.array(dtype) for dtype in (_UINT32, _INT64, _FLOAT64, _UINT8, _INT64, _INT64)]
    return Saved(start_ms, direct, waiting, Readings(*columns[:4]), columns[4], columns[5])


def _arrays(machine: Machine) -> list[NDArray[np.generic]]:
    state = machine.state
    arrays: list[NDArray[np.generic]] = [machine.plan.signals, state.signals, state.instances, state.nodes]
    arrays += [state.windows, state.sums, state.votes, state.memories, state.leaves]
    return arrays + list(rings.read(state))


def _read_part(body: _Body) -> _Part:
    arrays: list[Any] = [body.array(dtype) for dtype in _DTYPES]
    samples: Any = [body.array(SAMPLE) for _ in range(_RINGS)]
    return _Part._make([*arrays, samples])


class _Body:
    """Arrays one after the other, read as views of the bytes."""

    def __init__(self, data: bytes, place: int) -> None:
        self._data, self._stream = data, BytesIO(data)
        self._stream.seek(place)

    def array(self, dtype: np.dtype[Any]) -> NDArray[Any]:
        """The next one; raises SnapshotError if it is of another kind."""
        numpy_format.read_magic(self._stream)
        shape, _, found = numpy_format.read_array_header_1_0(self._stream)
        if found != dtype:
            raise SnapshotError(_OTHER_VERSION)
        array = np.frombuffer(self._data, dtype, math.prod(shape), self._stream.tell())
        self._stream.seek(array.nbytes, SEEK_CUR)
        return array


def _carry_over(saved: _Part, machine: Machine) -> None:
    state = machine.state
    old, new = _matches(saved.ids, machine.plan.signals)
    heard = saved.signals["last"][old] >= state.signals["last"][new]
    for name in ("last", "decided", "value"):
        state.signals[name][new[heard]] = saved.signals[name][old[heard]]
    old, new = _matches(saved.instances["key"], state.instances["key"])
    same = saved.instances["fingerprint"][old] == state.instances["fingerprint"][new]
    old, new = old[same], new[same]
    for name in ("begins", "start", "due", "verdict_due", "truth", "verdict"):
        state.instances[name][new] = saved.instances[name][old]
    old_nodes = _nodes_of(saved.instances, saved.leaves, old)
    new_nodes = _nodes_of(state.instances, state.leaves, new)
    for name in ("truth", "was", "flags", "low", "high", "other_low", "other_high"):
        state.nodes[name][new_nodes] = saved.nodes[name][old_nodes]
    _carry_side_rows(saved, machine, old_nodes, new_nodes)
    machine.schedule()


def _carry_side_rows(
    saved: _Part, machine: Machine, old_nodes: NDArray[np.int64], new_nodes: NDArray[np.int64]
) -> None:
    """Windows, votes and memories of nodes, and their rings."""
    state, ops = machine.state, saved.nodes["op"][old_nodes]
    windowed = np.isin(ops, list(WINDOWS))
    remembering = np.isin(ops, [*TEMPORAL, Op.COUNT])
    voted = saved.nodes["flags"][old_nodes] & VOTED != 0
    from_windows, to_windows = saved.nodes["right"][old_nodes[windowed]], state.nodes["right"][new_nodes[windowed]]
    from_votes, to_votes = saved.nodes["b"][old_nodes[voted]], state.nodes["b"][new_nodes[voted]]
    from_memories, to_memories = saved.nodes["b"][old_nodes[remembering]], state.nodes["b"][new_nodes[remembering]]
    state.windows[to_windows] = saved.windows[from_windows]
    state.sums[to_windows] = saved.sums[from_windows]
    state.votes[to_votes] = saved.votes[from_votes]
    state.memories[to_memories] = saved.memories[from_memories]
    counts, samples = [], []
    sources = (from_windows, from_windows, from_memories, from_memories)
    owners = (saved.windows, saved.sums, saved.memories["surely"], saved.memories["maybe"])
    for rows, owner, found in zip(sources, owners, saved.samples, strict=True):
        all_counts = owner["count"].astype(np.int64)
        first = np.cumsum(all_counts) - all_counts
        counts.append(all_counts[rows])
        samples.append(found[np.repeat(first[rows], all_counts[rows]) + rings.nth(all_counts[rows])])
    places = [to_windows, to_windows, to_memories, to_memories]
    machine.state = rings.write(state, places, counts, samples)


def _nodes_of(instances: NDArray[np.void], leaves: NDArray[np.int32], rows: NDArray[np.intp]) -> NDArray[np.int64]:
    """All nodes of these instances, each instance's in the order of its program."""
    inner = _spans(instances["first"][rows], instances["end"][rows])
    return np.concatenate([leaves[_spans(instances["first_leaf"][rows], instances["end_leaf"][rows])], inner])


def _spans(first: NDArray[np.int32], end: NDArray[np.int32]) -> NDArray[np.int64]:
    counts = (end - first).astype(np.int64)
    return np.repeat(first.astype(np.int64), counts) + rings.nth(counts)


def _matches(old: NDArray[np.generic], new: NDArray[np.generic]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Positions of equal entries in two arrays of unique numbers."""
    if np.array_equal(old, new):
        return (everything := np.arange(len(old))), everything
    _, in_old, in_new = np.intersect1d(old, new, assume_unique=True, return_indices=True)
    return in_old, in_new
