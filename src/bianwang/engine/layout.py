"""The state of an evaluator: NumPy records, sized and aligned for the cache.

One record for each signal and for each instance, in the order of the table; one window for each RATE instance.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bianwang.engine.semantics import HISTORY, Kind, Truth, Verdict
from bianwang.engine.table import Table

NEVER = np.iinfo(np.int64).max
LONG_AGO = np.iinfo(np.int64).min

SIGNAL = np.dtype(
    [
        ("last", np.int64),  # time of the newest sample
        ("decided", np.int64),  # time of the newest decision made without a sample
        ("due", np.int64),  # nothing of this signal's instances is due earlier
        ("value", np.float64),  # newest value, NaN if bad
        ("first", np.int32),  # its instances
        ("end", np.int32),
        ("first_window", np.int32),  # its windows
        ("end_window", np.int32),
        ("block", np.int32),
    ],
    align=True,
)

STATE = np.dtype(
    [
        ("low", np.float64),  # the comparison is true below low or above high; hysteresis moves them
        ("high", np.float64),
        ("reach", np.int64),  # how long after a sample the condition changes by itself; 0: never
        ("start", np.int64),  # silence and staleness do not count before it
        ("verdict_due", np.int64),  # when hold or quiet is over
        ("window", np.int32),  # its row of the windows, if RATE
        ("kind", np.uint8),
        ("m", np.uint8),
        ("condition", np.uint8),
        ("verdict", np.uint8),
        ("was_true", np.uint8),
        ("stale", np.uint8),
    ],
    align=True,
)
"""What a sample touches of one instance: one cache line, so the few parameters it needs are copied here."""

VOTES = np.dtype([("trues", np.uint64), ("unknowns", np.uint64)])
"""Condition at the last M samples of one instance, the newest in bit 0."""

WINDOW = np.dtype(
    [
        ("length", np.int64),
        ("step", np.int64),  # least distance of remembered samples
        ("remembered", np.int64),  # how many samples were ever remembered
        ("newest", np.int64),  # time of the newest of them
        ("base", np.int64),  # number of the one at the far end
        ("base_time", np.int64),  # its time, LONG_AGO if none
        ("base_value", np.float64),  # its value, NaN if none or unknown
        ("next_time", np.int64),  # time of the one after it, NEVER if none
    ],
    align=True,
)
"""The far end of one RATE window, again one cache line."""

SAMPLE = np.dtype([("time", np.int64), ("value", np.float64)])
"""A remembered sample; one row of HISTORY of them for each window, a ring."""


@dataclass(frozen=True, kw_only=True)
class State:
    """Everything an evaluator knows, and the definitions it belongs to."""

    start_ms: int
    params: NDArray[np.void]
    signals: NDArray[np.uint32]
    tracks: NDArray[np.void]  # SIGNAL
    states: NDArray[np.void]  # STATE
    votes: NDArray[np.void]  # VOTES
    windows: NDArray[np.void]  # WINDOW
    samples: NDArray[np.void]  # SAMPLE, HISTORY for each window


def fresh(table: Table, start_ms: int) -> State:
    """Nothing known; silence counts from ``start_ms``."""
    windows = _fresh_windows(table)
    return State(
        start_ms=start_ms,
        params=table.params,
        signals=table.signals,
        tracks=_fresh_tracks(table),
        states=_fresh_states(table, start_ms),
        votes=np.zeros(len(table), VOTES),
        windows=windows,
        samples=_zeros((len(windows), HISTORY), SAMPLE),
    )


def forgive_outage(state: State, restart_ms: int) -> None:
    """Silence and staleness count from ``restart_ms`` at the earliest; see Restart in semantics.py."""
    states = state.states
    current = states["stale"] == 0
    states["start"][current] = np.maximum(states["start"][current], restart_ms)
    unreported = (states["kind"] == Kind.SILENCE) & (states["verdict"] == Verdict.CLOSED)
    states["condition"][unreported] = Truth.FALSE
    states["verdict_due"][unreported] = NEVER


def remember_open(state: State, keys: Collection[int], interrupted: Collection[int]) -> None:
    """Open instances whose signal nothing is known of yet, as if their condition had been true till now."""
    heard = np.repeat(state.tracks["last"] != LONG_AGO, state.tracks["end"] - state.tracks["first"])
    for verdict, named in ((Verdict.OPEN, keys), (Verdict.INTERRUPTED, interrupted)):
        rows = np.isin(state.params["key"], list(named)) & ~heard
        state.states["verdict"][rows] = verdict
        state.states["was_true"][rows] = True
        state.states["low"][rows] = state.params["keep_low"][rows]
        state.states["high"][rows] = state.params["keep_high"][rows]
        state.states["condition"][rows & (state.states["kind"] == Kind.SILENCE)] = Truth.TRUE
        state.votes["trues"][rows] = ~np.uint64(0)


def _zeros(shape: int | tuple[int, ...], dtype: np.dtype[np.void]) -> NDArray[np.void]:
    """As np.zeros, but beginning at a cache line: a record of 64 bytes then lies in one."""
    size = int(np.prod(shape)) * dtype.itemsize
    raw = np.zeros(size + 64, np.uint8)
    begin = -raw.ctypes.data % 64
    return raw[begin : begin + size].view(dtype).reshape(shape)


def _fresh_states(table: Table, start_ms: int) -> NDArray[np.void]:
    params = table.params
    silence, rate = params["kind"] == Kind.SILENCE, params["kind"] == Kind.RATE
    states = _zeros(len(table), STATE)
    states["low"] = params["set_low"]
    states["high"] = params["set_high"]
    states["reach"] = np.where(silence, params["window"], params["stale"])
    states["start"] = start_ms
    states["verdict_due"] = NEVER
    states["window"] = np.where(rate, np.cumsum(rate) - 1, 0)
    states["kind"] = params["kind"]
    states["m"] = params["m"]
    states["condition"] = np.where(silence, Truth.FALSE, Truth.UNKNOWN)
    return states


def _fresh_windows(table: Table) -> NDArray[np.void]:
    lengths = table.params["window"][table.params["kind"] == Kind.RATE]
    windows = _zeros(len(lengths), WINDOW)
    windows["length"] = lengths
    windows["step"] = -(-lengths // (HISTORY - 1))
    windows["base"] = -1
    windows["base_time"] = LONG_AGO
    windows["base_value"] = np.nan
    windows["next_time"] = NEVER
    return windows


def _fresh_tracks(table: Table) -> NDArray[np.void]:
    tracks = _zeros(len(table.signals), SIGNAL)
    tracks["last"] = LONG_AGO
    tracks["decided"] = LONG_AGO
    tracks["value"] = np.nan
    tracks["first"] = table.first[:-1]
    tracks["end"] = table.first[1:]
    windows = np.r_[0, np.cumsum(table.params["kind"] == Kind.RATE)]
    tracks["first_window"] = windows[table.first[:-1]]
    tracks["end_window"] = windows[table.first[1:]]
    tracks["block"] = np.repeat(np.arange(len(table.block_owner)), np.diff(table.block_first))
    return tracks
