"""The state of an evaluator: NumPy records, sized and aligned for the cache.

All positions are into the arrays of one table; rings of remembered samples lie in one pool that the evaluator
enlarges when the kernel asks for it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

NEVER = 2**62
LONG_AGO = -(2**62)

SIGNAL = np.dtype(
    [
        ("last", np.int64),  # time of the newest sample
        ("decided", np.int64),  # newest instant at which its instances were judged without a sample
        ("due", np.int64),  # nothing of this signal's instances is due earlier
        ("inner_due", np.int64),  # the same, without what its leaves themselves have due
        ("value", np.float64),  # newest value, NaN if bad
        ("reach", np.int64),  # the shortest time for which a leaf believes a sample; NEVER
        ("first", np.int32),  # the leaves that look at it: nodes of all its instances, one after the other
        ("end", np.int32),
        ("block", np.int32),
        ("is_lone", np.int32),  # whether all its instances look at no other signal
    ],
    align=True,
)

NODE = np.dtype(
    [
        ("op", np.uint8),
        ("truth", np.uint8),  # value of a truth node; of a comparison's last defined value in ``was``
        ("was", np.uint8),  # comparison: hysteresis memory; rise, previous, count: the input before
        ("flags", np.uint8),
        ("left", np.int32),  # child; of a leaf its signal
        ("right", np.int32),  # child; of a leaf its window
        ("instance", np.int32),
        ("low", np.float64),  # number: what is possible; comparison: true below low or above high
        ("high", np.float64),
        ("other_low", np.float64),  # comparison: the limits when hysteresis turns; previous: the input before
        ("other_high", np.float64),
        ("a", np.int64),  # leaf: how long a sample is believed (stale: length), 0 for ever; calendar: begin
        ("b", np.int64),  # comparison: its votes; temporal and count: its memory; calendar: end
    ],
    align=True,
)
"""One node of one instance, one cache line."""

INVERTED, VOTED, TICKED, EXPIRED, SOLE = 1, 2, 4, 8, 16
"""Flags of a node: the comparison is negated; judged by votes; a number was evaluated now; believed no more; the only
leaf of its instance."""

INSTANCE = np.dtype(
    [
        ("key", np.int64),
        ("fingerprint", np.uint64),  # equal for equal definitions
        ("begins", np.int64),  # nothing is judged before it
        ("start", np.int64),  # silence does not count before it
        ("due", np.int64),  # nothing of its inner nodes and its verdict is due earlier
        ("verdict_due", np.int64),
        ("hold", np.int64),
        ("quiet", np.int64),
        ("limit", np.float64),  # of the node shown
        ("limit_high", np.float64),
        ("first", np.int32),  # its inner nodes
        ("end", np.int32),
        ("first_leaf", np.int32),  # into ``leaves``
        ("end_leaf", np.int32),
        ("root", np.int32),  # the node that is the formula
        ("shown", np.int32),  # node whose value and margin are told, -1
        ("first_signal", np.int32),  # into ``members``
        ("end_signal", np.int32),
        ("comparison", np.int8),  # of the node shown; -1: outside
        ("truth", np.uint8),
        ("verdict", np.uint8),
        ("is_event", np.uint8),
        ("is_traced", np.uint8),
        ("spare", np.uint8),
    ],
    align=True,
)

SAMPLE = np.dtype([("time", np.int64), ("value", np.float64)], align=True)
"""A remembered sample, in the pool."""

RING = [("start", np.int32), ("mask", np.int32), ("head", np.int32), ("count", np.int32)]
"""A ring in the pool; mask -1: no room yet."""

WINDOW = np.dtype(
    [
        ("length", np.int64),
        ("base_time", np.int64),  # newest sample at or before the far end
        ("base_value", np.float64),
        ("next_time", np.int64),  # the sample after it, NEVER
        ("newest", np.int64),  # newest remembered sample
        *RING,  # those after the base
        ("step", np.int32),  # least distance of remembered samples
        ("kind", np.uint8),
        ("spare", np.uint8, 3),
    ],
    align=True,
)
"""One window; one cache line. A smoothed number keeps its last sample in base_time and base_value."""

SUMS = np.dtype(
    [
        ("total", np.float64),  # mean: integral over the closed segments after the base; smoothed: m
        ("error", np.float64),  # its compensation (Neumaier); smoothed: v
        ("newest_value", np.float64),
        ("bad", np.int64),  # unknown samples, base included
        *RING,  # max, min: the samples that may still become the result
    ],
    align=True,
)
"""What windows other than DELTA need besides; same rows as WINDOW."""

VOTES = np.dtype([("trues", np.uint64), ("unknowns", np.uint64), ("n", np.int64), ("m", np.int64)], align=True)
"""Condition at the last m samples, the newest in bit 0."""

TRACK = [
    ("until", np.int64),  # undelayed: true so long after the input; count: last instant of a possible rise
    *RING,  # delayed: future changes of the output; count: rises
    ("input", np.uint8),
    ("left", np.uint8),  # since: its left side; count: a rise has been possible since the last run
    ("out", np.uint8),
    ("is_open", np.uint8),
    ("spare", np.int32),
]
MEMORY = np.dtype([("low", np.int64), ("high", np.int64), ("surely", TRACK), ("maybe", TRACK)], align=True)
"""A temporal node, judged twice: what holds surely, and what may hold."""

CHANGE = np.dtype(
    [
        ("key", np.int64),
        ("time", np.int64),
        ("value", np.float64),
        ("margin", np.float64),
        ("kind", np.uint8),
    ],
    align=True,
)
"""One verdict change as the kernel writes it."""

# Positions in ``State.alloc``.
USED, LARGEST, FREE = 0, 1, 2
CLASSES = 24
"""Rings have 2^class entries; ``alloc[FREE + class]`` heads a list of free ones."""


class State(NamedTuple):
    """Everything an evaluator knows. The kernel takes it as one tuple of arrays."""

    nodes: NDArray[np.void]
    instances: NDArray[np.void]
    signals: NDArray[np.void]
    windows: NDArray[np.void]
    sums: NDArray[np.void]
    votes: NDArray[np.void]
    memories: NDArray[np.void]
    leaves: NDArray[np.int32]
    members: NDArray[np.int32]
    samples: NDArray[np.void]
    alloc: NDArray[np.int64]
    block_due: NDArray[np.int64]
    rest_days: NDArray[np.uint8]
    first_day: NDArray[np.int64]


def aligned(shape: int, dtype: np.dtype[np.void]) -> NDArray[np.void]:
    """As np.zeros, but beginning at a cache line: a record of 64 bytes then lies in one."""
    size = shape * dtype.itemsize
    raw = np.zeros(size + 64, np.uint8)
    begin = -raw.ctypes.data % 64
    return raw[begin : begin + size].view(dtype)
