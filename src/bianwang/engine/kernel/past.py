"""The state that has always been: what nodes say where their signals never changed."""

# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np

from bianwang.engine.kernel.leaves import compare
from bianwang.engine.kernel.numbers import arithmetic
from bianwang.engine.kernel.running import inner
from bianwang.engine.kernel.support import (
    ABSOLUTE,
    COMPARE,
    COMPARE_WINDOW,
    CONSTANT,
    COUNT,
    DIVIDE,
    FALSE,
    LONG_AGO,
    NEGATIVE,
    NEVER,
    NUMBER,
    ONCE,
    ONCE_DELAYED,
    PREVIOUS,
    PREVIOUS_NUMBER,
    REST_DAY,
    RISE,
    SIGNAL,
    SINCE,
    SMOOTHED,
    STALE,
    TRUE,
    UNKNOWN,
    VOTED,
    WINDOW,
    ZSCORE,
    compiled,
)
from bianwang.engine.kernel.temporal import ask_calendar
from bianwang.engine.kernel.windows import window_value


@compiled
def _constant_number(s: Any, node: Any) -> None:
    op = node.op
    if op == NUMBER:
        return
    left = s.nodes[node.left]
    if op <= DIVIDE:
        arithmetic(node, left, s.nodes[node.right])
    elif op == NEGATIVE:
        node.low, node.high = -left.high, -left.low
    elif op == ABSOLUTE:
        known = left.low == left.high
        node.low = abs(left.low) if known else -np.inf
        node.high = abs(left.low) if known else np.inf
    elif op == PREVIOUS_NUMBER:
        node.low, node.high = left.low, left.high
        node.other_low, node.other_high = left.low, left.high
    elif op == WINDOW:
        _constant_window(s, node, left.low if left.low == left.high else np.nan)
    elif op == COUNT:
        node.was = left.truth
        s.memories[node.b].surely.until = LONG_AGO
        s.memories[node.b].surely.left = 1 if left.truth == UNKNOWN else 0
        node.low, node.high = 0.0, np.inf if left.truth == UNKNOWN else 0.0


@compiled
def _constant_window(s: Any, node: Any, value: float) -> None:
    window = s.windows[node.right]
    window.base_time = LONG_AGO
    window.newest = LONG_AGO
    window.next_time = NEVER
    window.base_value = value
    if node.op == SMOOTHED:
        s.sums[node.right].total = value
        known = value == value and window.kind != ZSCORE
        node.low = value if known else -np.inf
        node.high = value if known else np.inf
        return
    s.sums[node.right].bad = 0 if value == value else 1
    low, high = window_value(s, node.right, 0, value)
    if node.op == COMPARE_WINDOW:
        node.truth = compare(node, low, high)
    else:
        node.low, node.high = low, high


@compiled
def _constant_leaf(s: Any, node: Any, value: float) -> None:
    if node.op == COMPARE:
        node.truth = compare(node, value, value) if value == value else UNKNOWN
    elif node.op == STALE:
        node.truth = FALSE
    elif node.op == SIGNAL:
        known = value == value
        node.low = value if known else -np.inf
        node.high = value if known else np.inf
    else:
        _constant_window(s, node, value)
    if node.flags & VOTED:
        node.truth = UNKNOWN if value != value else FALSE


@compiled
def _constant_tracks(memory: Any, op: int, left: int, right: int) -> int:
    """A temporal operator whose operands have always been the same."""
    result = 0
    for level in range(2):
        track = memory.surely if level == 0 else memory.maybe
        first = 1 if left == TRUE or (level == 1 and left == UNKNOWN) else 0
        second = 1 if right == TRUE or (level == 1 and right == UNKNOWN) else 0
        if op in (ONCE, ONCE_DELAYED):
            track.input = first
            track.out = first
        else:
            track.left = first
            track.input = second
            track.out = second if op == SINCE else min(first, second)
            track.is_open = track.out
        track.until = NEVER if track.out else LONG_AGO
        result += track.out
    return result


@compiled
def _constant_node(s: Any, node: Any, since: int) -> None:
    op = node.op
    if op < CONSTANT:
        _constant_number(s, node)
    elif op >= REST_DAY:
        ask_calendar(s, node, since)
    elif op >= ONCE:
        right = s.nodes[node.right].truth if node.right >= 0 else FALSE
        node.truth = _constant_tracks(s.memories[node.b], op, s.nodes[node.left].truth, right)
    elif op in (PREVIOUS, RISE):
        node.was = s.nodes[node.left].truth
        node.truth = node.was if op == PREVIOUS else min(node.was, 2 - node.was)
    elif op != CONSTANT:
        inner(s, node, since)


@compiled
def begin(s: Any, initial: Any) -> None:
    """Give every node the value it has had for all the past. ``initial``: by leaf node, NaN for unknown.

    A formula that asks the calendar goes through it from ``due`` on. One that is true without a sample is due at
    once.
    """
    for position in range(s.instances.shape[0]):
        instance = s.instances[position]
        since = instance.due
        instance.due = NEVER
        for k in range(instance.first_leaf, instance.end_leaf):
            _constant_leaf(s, s.nodes[s.leaves[k]], initial[s.leaves[k]])
        for k in range(instance.first, instance.end):
            _constant_node(s, s.nodes[k], since)
            if s.nodes[k].op >= REST_DAY:
                instance.due = since
        truth = s.nodes[instance.root].truth
        if instance.due == NEVER and (truth == TRUE or instance.is_traced):
            instance.due = instance.begins
        if truth == FALSE and not instance.is_traced:
            instance.truth = FALSE
