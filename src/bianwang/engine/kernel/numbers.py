"""Inner numbers: arithmetic, windows over expressions, counts."""

# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np

from bianwang.engine.kernel.ring import append, drop_oldest, slot_of
from bianwang.engine.kernel.support import (
    ABSOLUTE,
    ADD,
    DIVIDE,
    LONG_AGO,
    MULTIPLY,
    NEGATIVE,
    NEVER,
    NUMBER,
    PREVIOUS_NUMBER,
    SUBTRACT,
    TICKED,
    TRUE,
    UNKNOWN,
    compiled,
)
from bianwang.engine.kernel.windows import remember, window_due, window_value


@compiled
def arithmetic(node: Any, left: Any, right: Any) -> None:
    """Interval arithmetic for sums; anything else must be exactly known, and finite."""
    if node.op == ADD:
        low, high = left.low + right.low, left.high + right.high
    elif node.op == SUBTRACT:
        low, high = left.low - right.high, left.high - right.low
    else:
        low, high = -np.inf, np.inf
        if left.low == left.high and right.low == right.high:
            value = np.nan
            if node.op == MULTIPLY:
                value = left.low * right.low
            elif right.low != 0.0:
                value = left.low / right.low
            if np.isfinite(value):
                low, high = value, value
    if low == high and not np.isfinite(low):
        low, high = -np.inf, np.inf
    node.low, node.high = low, high


@compiled
def inner_number(s: Any, node: Any, time: int) -> int:
    """A number from its children; returns when it changes by itself."""
    op = node.op
    if op == NUMBER:
        return NEVER
    left = s.nodes[node.left]
    ticked = left.flags & TICKED
    due = NEVER
    if op <= DIVIDE:
        right = s.nodes[node.right]
        ticked |= right.flags & TICKED
        arithmetic(node, left, right)
    elif op == NEGATIVE:
        node.low, node.high = -left.high, -left.low
    elif op == ABSOLUTE:
        if left.low == left.high:
            node.low, node.high = abs(left.low), abs(left.low)
        else:
            node.low, node.high = -np.inf, np.inf
    elif op == PREVIOUS_NUMBER:
        node.low, node.high = node.other_low, node.other_high
        # The instants of its child come to it one millisecond later.
        ticked = node.was * TICKED
        if left.flags & TICKED:
            due = time + 1
        node.was = 1 if left.flags & TICKED else 0
        node.other_low, node.other_high = left.low, left.high
    else:
        due, ticked = _window_number(s, node, left, time)
    node.flags = ticked
    return due


@compiled
def _window_number(s: Any, node: Any, child: Any, time: int) -> tuple[int, int]:
    """A window over an expression: (when it changes by itself, whether it was evaluated now)."""
    window = s.windows[node.right]
    present = child.low if child.low == child.high else np.nan
    ticked = 0
    if child.flags & TICKED:
        remember(s, window, node.right, time, present)
        ticked = TICKED
    if ticked or window_due(window) <= time:
        node.low, node.high = window_value(s, node.right, time, present)
        ticked = TICKED
    return window_due(window), ticked


@compiled
def count_rises(s: Any, node: Any, truth: int, time: int) -> int:
    """How often the child rose within the window; returns when that changes by itself."""
    memory = s.memories[node.b]
    rises, length = memory.surely, memory.high
    now = min(truth, 2 - node.was)
    node.was = truth
    if rises.left:
        rises.until = max(rises.until, time - 1)
    rises.left = 1 if now == UNKNOWN and truth == UNKNOWN else 0
    if now == UNKNOWN:
        rises.until = time
    elif now == TRUE:
        append(s, rises, time, 0.0)
    while rises.count and s.samples[slot_of(rises, 0)].time + length < time:
        drop_oldest(rises)
    low, high = float(rises.count), float(rises.count)
    due = s.samples[slot_of(rises, 0)].time + length + 1 if rises.count else NEVER
    if rises.until != LONG_AGO and rises.until + length >= time:
        high = np.inf
    if truth == UNKNOWN:
        # From the next millisecond on a rise is possible all the time.
        due = due if now == UNKNOWN else time + 1
    elif high > low:
        due = min(due, rises.until + length + 1)
    node.flags = TICKED if low != node.low or high != node.high else 0
    node.low, node.high = low, high
    return due
