"""Signal id to position: open addressing, at most half full, -1 is free."""

# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np

from bianwang.engine.kernel.support import compiled

_GOLDEN = 0x9E3779B97F4A7C15


@compiled
def build_index(signals: Any, index: Any, shift: int) -> None:
    mask = index.shape[0] - 1
    for position in range(signals.shape[0]):
        slot = (np.uint64(signals[position]) * np.uint64(_GOLDEN)) >> np.uint64(shift)
        while index[slot] >= 0:
            slot = (slot + np.uint64(1)) & np.uint64(mask)
        index[slot] = position


@compiled
def locate(signal_ids: Any, signals: Any, index: Any, shift: int, positions: Any) -> None:
    """Position of each signal id, -1 if it is not in the table."""
    mask = np.uint64(index.shape[0] - 1)
    for i in range(signal_ids.shape[0]):
        signal = signal_ids[i]
        slot = (np.uint64(signal) * np.uint64(_GOLDEN)) >> np.uint64(shift)
        while index[slot] >= 0 and signals[index[slot]] != signal:
            slot = (slot + np.uint64(1)) & mask
        positions[i] = index[slot]
