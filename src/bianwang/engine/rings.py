"""Rings of remembered samples outside the kernel: written out without their spare room, and laid into fresh pools."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bianwang.engine.layout import FREE, LARGEST, SAMPLE, USED, State, aligned


def ring_fields(state: State) -> Iterator[NDArray[np.void]]:
    """The records that own rings, in a fixed order."""
    yield state.windows
    yield state.sums
    yield state.memories["surely"]
    yield state.memories["maybe"]


def read(state: State) -> list[NDArray[np.void]]:
    """The samples of all rings of each kind of owner, oldest first, one ring after the other."""
    return [
        state.samples[_slots(owners["start"], owners["mask"], owners["head"], owners["count"])]
        for owners in ring_fields(state)
    ]


def write(
    state: State, rows: list[NDArray[np.intp]], counts: list[NDArray[np.int64]], samples: list[NDArray[np.void]]
) -> State:
    """The state with these samples in the rings of these owners, whose own room is new."""
    used, largest = int(state.alloc[USED]), int(state.alloc[LARGEST])
    places = []
    for count in counts:
        sizes = np.where(count > 0, 1 << np.maximum(2, np.ceil(np.log2(np.maximum(count, 1))).astype(np.int64)), 0)
        ends = used + np.cumsum(sizes)
        places.append((ends - sizes, sizes))
        used = int(ends[-1]) if len(ends) else used
        largest = max(largest, int(sizes.max(initial=0)))
    pool = aligned(used + len(state.samples), SAMPLE)
    pool[: len(state.samples)] = state.samples
    for owners, row, count, (start, size), found in zip(ring_fields(state), rows, counts, places, samples, strict=True):
        owners["start"][row], owners["mask"][row] = np.where(size > 0, start, 0), size - 1
        owners["head"][row], owners["count"][row] = 0, count
        pool[np.repeat(start, count) + nth(count)] = found
    state.alloc[USED], state.alloc[LARGEST] = used, largest
    state.alloc[FREE:] = -1
    return state._replace(samples=pool)


def _slots(
    start: NDArray[np.int32], mask: NDArray[np.int32], head: NDArray[np.int32], count: NDArray[np.int32]
) -> NDArray[np.int64]:
    sizes = count.astype(np.int64)
    return np.repeat(start.astype(np.int64), sizes) + (
        (np.repeat(head.astype(np.int64), sizes) + nth(sizes)) & np.repeat(mask.astype(np.int64), sizes)
    )


def nth(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, … for each of so many, one after the other."""
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
