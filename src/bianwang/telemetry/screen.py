"""Which readings of a batch are certainly new: one compiled pass, no look-up for streams in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numba
import numpy as np
from numpy.typing import NDArray

NEVER: Final = np.iinfo(np.int64).min
"""Newest time of a signal that never reported."""


_njit: Any = numba.njit


def _compiled(signature: str) -> Callable[[Callable[..., Any]], Any]:
    return lambda function: _njit(signature, nogil=True, cache=True)(function)


@_compiled("int64(uint32[::1], int64[::1], int64[::1], int64[::1], int64, boolean[::1], boolean[::1])")
def screen(
    signal: Any, time: Any, newest: Any, lateness: Any, ahead: int, judged: Any, suspect: Any
) -> int:  # pragma: no cover - compiled
    """Mark readings that may already be stored, and those that are not to be judged as they arrive.

    `newest` by signal id is moved on; times beyond `ahead` never move it, so that a wrong clock cannot make all
    later readings suspects. `lateness` by signal id (0 beyond its end). Fills `suspect`, clears `judged`; returns the
    number of suspects.
    """
    count = 0
    for i in range(len(time)):
        at = signal[i]
        now = time[i]
        if now > ahead:
            suspect[i] = True
            judged[i] = False
            count += 1
        elif now > newest[at]:
            newest[at] = now
        else:
            suspect[i] = True
            count += 1
            late = lateness[at] if at < len(lateness) else 0
            if now < newest[at] - late:
                judged[i] = False
    return count


@_compiled(
    "void(uint32[::1], int64[::1], float64[::1], uint8[::1], int64[::1], int64,"
    "int64[::1], float64[::1], uint8[::1], int64[::1], boolean[::1])"
)
def latest(
    signal: Any,
    time: Any,
    value: Any,
    quality: Any,
    received: Any,
    ahead: int,
    latest_time: Any,
    latest_value: Any,
    latest_quality: Any,
    latest_received: Any,
    changed: Any,
) -> None:  # pragma: no cover - compiled
    """Bring the latest values up to date; readings more than `ahead` ms ahead of their arrival do not count."""
    for i in range(len(time)):
        at = signal[i]
        if time[i] > latest_time[at] and time[i] - received[i] <= ahead:
            latest_time[at] = time[i]
            latest_value[at] = value[i]
            latest_quality[at] = quality[i]
            latest_received[at] = received[i]
            changed[at] = True


def first_of_batch(
    signal: NDArray[np.uint32], time: NDArray[np.int64], suspect: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which readings are not repeats of an earlier one of the same batch; only suspects can be."""
    keep = np.ones(len(time), np.bool_)
    rows = np.flatnonzero(np.isin(signal, np.unique(signal[suspect])))
    order = rows[np.lexsort((rows, time[rows], signal[rows]))]
    same = (signal[order][1:] == signal[order][:-1]) & (time[order][1:] == time[order][:-1])
    keep[order[1:][same]] = False
    return keep


def pack(known: NDArray[np.uint32], signal: NDArray[np.uint32], time: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number for each (signal, time); `known` the sorted signals, times in 0 .. 2**43 ms (278 years)."""
    return np.searchsorted(known, signal).astype(np.int64) << 43 | time
