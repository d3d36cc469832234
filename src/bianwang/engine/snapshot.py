"""Evaluator state as bytes, and its transfer to another table.

Layout: magic, version, CRC-32 of the rest; then the start time and seven NumPy arrays. Of the remembered
samples only those in use are written.
"""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from bianwang.engine.layout import SAMPLE, SIGNAL, STATE, VOTES, WINDOW, State
from bianwang.engine.semantics import HISTORY, Kind
from bianwang.engine.table import PARAMS, Table

_MAGIC = b"BWENGINE"
_VERSION = 1
_HEAD = struct.Struct("<8sHI")
_START = struct.Struct("<q")
_DTYPES = [PARAMS, np.dtype(np.uint32), SIGNAL, STATE, VOTES, WINDOW, SAMPLE]
_OTHER_VERSION = "引擎快照不是本版本写出的，请从存储的读数重新判定。"


class SnapshotError(ValueError):
    """Bytes that are no snapshot of this version, or damaged."""


def dump(state: State) -> bytes:
    """The state as bytes."""
    body = BytesIO()
    body.write(_START.pack(state.start_ms))
    used = state.samples[_slots_in_use(state.windows)]
    for array in (state.params, state.signals, state.tracks, state.states, state.votes, state.windows, used):
        np.save(body, array, allow_pickle=False)
    content = body.getvalue()
    return _HEAD.pack(_MAGIC, _VERSION, zlib.crc32(content)) + content


def load(data: bytes) -> State:
    """Inverse of dump. Raises SnapshotError."""
    if len(data) < _HEAD.size:
        raise SnapshotError("引擎快照不完整，请改用上一份快照。")
    magic, version, checksum = _HEAD.unpack_from(data)
    if magic != _MAGIC or version != _VERSION:
        raise SnapshotError(_OTHER_VERSION)
    body = BytesIO(data[_HEAD.size :])
    if zlib.crc32(body.getbuffer()) != checksum:
        raise SnapshotError("引擎快照已损坏（校验和不符），请改用上一份快照。")
    (start_ms,) = _START.unpack(body.read(_START.size))
    arrays = [np.load(body, allow_pickle=False) for _ in _DTYPES]
    if [array.dtype for array in arrays] != _DTYPES:
        raise SnapshotError(_OTHER_VERSION)
    params, signals, tracks, states, votes, windows, used = arrays
    samples = np.zeros((len(windows), HISTORY), SAMPLE)
    samples[_slots_in_use(windows)] = used
    return State(
        start_ms=start_ms,
        params=params,
        signals=signals,
        tracks=tracks,
        states=states,
        votes=votes,
        windows=windows,
        samples=samples,
    )


def carry_over(saved: State, fresh: State) -> None:
    """Copy the state of every signal and unchanged instance of ``saved`` into ``fresh``."""
    old, new = _matches(saved.signals, fresh.signals)
    for field in ("last", "decided", "value"):
        fresh.tracks[field][new] = saved.tracks[field][old]
    old, new = _matches(saved.params["key"], fresh.params["key"])
    same = _bytes(saved.params[old]) == _bytes(fresh.params[new])
    old, new = old[same], new[same]
    old_rows, new_rows = saved.states["window"][old], fresh.states["window"][new]
    fresh.states[new] = saved.states[old]
    fresh.states["window"][new] = new_rows
    fresh.votes[new] = saved.votes[old]
    rate = fresh.params["kind"][new] == Kind.RATE
    fresh.windows[new_rows[rate]] = saved.windows[old_rows[rate]]
    fresh.samples[new_rows[rate]] = saved.samples[old_rows[rate]]


def changed_keys(old: Table, new: Table) -> tuple[set[int], set[int]]:
    """Keys whose instance is new or differs in ``new``, and keys that ``new`` has no more."""
    in_old, in_new = _matches(old.params["key"], new.params["key"])
    same = _bytes(old.params[in_old]) == _bytes(new.params[in_new])
    kept = set(new.params["key"][in_new[same]].tolist())
    return set(new.params["key"].tolist()) - kept, set(old.params["key"].tolist()) - set(new.params["key"].tolist())


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
