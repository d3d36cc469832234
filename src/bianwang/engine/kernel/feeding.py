"""Readings and time in: the entrances of the kernel."""

# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np

from bianwang.engine.kernel.leaves import has_window, leaf_due, sample_leaf
from bianwang.engine.kernel.ring import slot_of
from bianwang.engine.kernel.running import has_room, note_due, run, settle_signal
from bianwang.engine.kernel.support import DUPLICATE, JUDGED, LATE, NEVER, NO_RULE, VOTED, compiled, inlined, prefetch
from bianwang.engine.kernel.windows import window_due

_FETCH = 32
"""Readings whose state is fetched together; what they touch fits the innermost cache."""


@compiled
def _fetch(s: Any, positions: Any, begin: int, end: int) -> None:
    """Bring what the readings begin:end touch into the cache, all at once instead of one after the other."""
    for i in range(begin, end):
        prefetch(s.signals, positions[i])
    for i in range(begin, end):
        if positions[i] >= 0:
            signal = s.signals[positions[i]]
            for k in range(signal.first, signal.end):
                prefetch(s.nodes, k)
    if not s.windows.shape[0]:
        return
    for i in range(begin, end):
        if positions[i] >= 0:
            signal = s.signals[positions[i]]
            for k in range(signal.first, signal.end):
                if has_window(s.nodes[k]):
                    prefetch(s.windows, s.nodes[k].right)
    for i in range(begin, end):
        if positions[i] >= 0:
            signal = s.signals[positions[i]]
            for k in range(signal.first, signal.end):
                if has_window(s.nodes[k]):
                    window = s.windows[s.nodes[k].right]
                    prefetch(s.samples, slot_of(window, window.count))
                    prefetch(s.samples, slot_of(window, 1))


@inlined
def _sample(s: Any, signal: Any, time: int, out: Any, count: Any) -> None:
    """The signal's newest sample, for all its leaves; all due earlier is settled."""
    due, before, changed = NEVER, -1, False
    for k in range(signal.first, signal.end):
        node = s.nodes[k]
        if changed and node.instance != before:
            _touch(s, s.instances[before], time, out, count)
            changed = False
        before = node.instance
        if sample_leaf(s, node, signal, time):
            changed = True
        if has_window(node) and not node.flags & VOTED:
            due = min(due, window_due(s.windows[node.right]))
    if changed:
        _touch(s, s.instances[before], time, out, count)
    if signal.reach != NEVER:
        due = min(due, time + signal.reach)
    signal.due = min(due, signal.inner_due)


@compiled
def _touch(s: Any, instance: Any, time: int, out: Any, count: Any) -> None:
    """A leaf changed: run the instance now, or, if it has several signals, once all their samples of now are in."""
    if instance.end_signal - instance.first_signal > 1:
        instance.due = min(instance.due, time)
    else:
        run(s, instance, time, out, count)
    note_due(s, instance, s.block_due)


@compiled
def push(s: Any, batch: Any, begin: int, need: Any, outcome: Any, out: Any, count: Any) -> int:
    """Apply readings from ``begin`` on; returns where it stopped for want of room."""
    positions, times, values, qualities = batch
    for i in range(begin, times.shape[0]):
        if (i - begin) % _FETCH == 0:
            _fetch(s, positions, i, min(i + _FETCH, times.shape[0]))
        if positions[i] < 0:
            outcome[i] = NO_RULE
            continue
        signal = s.signals[positions[i]]
        time = times[i]
        if time <= signal.last or time <= signal.decided:
            outcome[i] = DUPLICATE if time == signal.last else LATE
            continue
        if (signal.due < time or not signal.is_lone) and not settle_signal(s, signal, time, need, out, count):
            return i
        if not has_room(s, need, out, count):
            return i
        outcome[i] = JUDGED
        signal.last = time
        signal.value = values[i] if qualities[i] == 0 and np.isfinite(values[i]) else np.nan
        _sample(s, signal, time, out, count)
        if signal.due < s.block_due[signal.block]:
            s.block_due[signal.block] = signal.due
    return times.shape[0]


@compiled
def advance(s: Any, block_first: Any, block_owner: Any, now: Any, begin: int, need: Any, out: Any, count: Any) -> int:
    """Settle what is due before ``now[owner]``, from block ``begin`` on; returns as push does."""
    for block in range(begin, s.block_due.shape[0]):
        until = now[block_owner[block]]
        if s.block_due[block] >= until:
            continue
        for position in range(block_first[block], block_first[block + 1]):
            signal = s.signals[position]
            if signal.due < until and not settle_signal(s, signal, until, need, out, count):
                return block
        earliest = NEVER
        for position in range(block_first[block], block_first[block + 1]):
            earliest = min(earliest, s.signals[position].due)
        s.block_due[block] = earliest
    return s.block_due.shape[0]


@compiled
def schedule(s: Any) -> None:
    """Set every due time from the state: after start and restore."""
    s.block_due[:] = NEVER
    for position in range(s.signals.shape[0]):
        signal = s.signals[position]
        signal.inner_due = NEVER
        signal.due = NEVER
        for k in range(signal.first, signal.end):
            node = s.nodes[k]
            instance = s.instances[node.instance]
            signal.inner_due = min(signal.inner_due, instance.due)
            signal.due = min(signal.due, leaf_due(s, node, instance.start))
        signal.due = min(signal.due, signal.inner_due)
        s.block_due[signal.block] = min(s.block_due[signal.block], signal.due)
