"""Rings: first in, first out, in the pool; they grow by fours and leave their old room to others."""

# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import Any

from bianwang.engine.kernel.support import FREE, LARGEST, MOST_SAMPLES, USED, compiled, inlined


@compiled
def _grow(s: Any, ring: Any) -> None:
    """Four times the room. ``has_room`` has made sure that the pool suffices."""
    size = ring.mask + 1
    new_size = max(4, 4 * size)
    level = 2
    while (1 << level) < new_size:
        level += 1
    start = s.alloc[FREE + level]
    if start >= 0:
        s.alloc[FREE + level] = s.samples[start].time
    else:
        start = s.alloc[USED]
        s.alloc[USED] += new_size
    for i in range(ring.count):
        old = ring.start + ((ring.head + i) & ring.mask)
        s.samples[start + i].time = s.samples[old].time
        s.samples[start + i].value = s.samples[old].value
    if size:
        s.samples[ring.start].time = s.alloc[FREE + level - 2]
        s.alloc[FREE + level - 2] = ring.start
    ring.start = start
    ring.mask = new_size - 1
    ring.head = 0
    s.alloc[LARGEST] = max(s.alloc[LARGEST], new_size)


@inlined
def slot_of(ring: Any, nth: int) -> int:
    return ring.start + ((ring.head + nth) & ring.mask)


@inlined
def append(s: Any, ring: Any, time: int, value: float) -> None:
    if ring.count > ring.mask:
        if ring.count >= 2 * MOST_SAMPLES:
            ring.head = (ring.head + 1) & ring.mask
            ring.count -= 1
        else:
            _grow(s, ring)
    slot = slot_of(ring, ring.count)
    s.samples[slot].time = time
    s.samples[slot].value = value
    ring.count += 1


@inlined
def drop_oldest(ring: Any) -> None:
    ring.head = (ring.head + 1) & ring.mask
    ring.count -= 1
