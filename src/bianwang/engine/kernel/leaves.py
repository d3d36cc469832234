"""Comparisons, and every node that looks at a signal itself."""

# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np

from bianwang.engine.kernel.support import (
    COMPARE,
    COMPARE_WINDOW,
    EXPIRED,
    FALSE,
    INVERTED,
    LONG_AGO,
    NEVER,
    SIGNAL,
    SMOOTHED,
    STALE,
    TICKED,
    TRUE,
    UNKNOWN,
    VOTED,
    WINDOW_OF_SIGNAL,
    ZSCORE,
    compiled,
    inlined,
)
from bianwang.engine.kernel.windows import remember, window_due, window_value


@inlined
def compare(node: Any, low: float, high: float) -> int:
    """The comparison for what is possible; hysteresis turns when it is certain."""
    if high < node.low or low > node.high:
        beyond = 1
    elif low >= node.low and high <= node.high:
        beyond = 0
    else:
        return UNKNOWN
    if beyond != node.was:
        node.was = beyond
        node.low, node.other_low = node.other_low, node.low
        node.high, node.other_high = node.other_high, node.high
    if node.flags & INVERTED:
        beyond = 1 - beyond
    return TRUE if beyond else FALSE


@compiled
def _ones(bits: Any) -> int:
    count = 0
    while bits:
        bits &= bits - np.uint64(1)
        count += 1
    return count


@compiled
def _vote(votes: Any, newest: int) -> int:
    """Shift the condition at the newest sample into the last m, and count."""
    last_m = np.uint64(0xFFFFFFFFFFFFFFFF) >> np.uint64(64 - votes.m)
    votes.trues = ((votes.trues << np.uint64(1)) | np.uint64(newest == TRUE)) & last_m
    votes.unknowns = ((votes.unknowns << np.uint64(1)) | np.uint64(newest == UNKNOWN)) & last_m
    trues = _ones(votes.trues)
    if trues >= votes.n:
        return TRUE
    return FALSE if trues + _ones(votes.unknowns) < votes.n else UNKNOWN


@compiled
def _smooth(node: Any, window: Any, sums: Any, time: int, value: float) -> None:
    """Exponential smoothing over good samples, see formula.Smoothed."""
    if value != value:
        node.low, node.high = -np.inf, np.inf
        return
    if window.base_value != window.base_value:
        sums.total, sums.error = value, 0.0
    else:
        weight = 0.0 if window.base_time == LONG_AGO else 2.0 ** (-(time - window.base_time) / window.length)
        distance = window.base_value - sums.total
        sums.total += (1.0 - weight) * distance
        sums.error = weight * (sums.error + (1.0 - weight) * distance * distance)
    window.base_time, window.base_value = time, value
    result = sums.total
    if window.kind == ZSCORE:
        result = (value - sums.total) / np.sqrt(sums.error) if sums.error > 0.0 else np.nan
    if np.isfinite(result):
        node.low, node.high = result, result
    else:
        node.low, node.high = -np.inf, np.inf


@inlined
def has_window(node: Any) -> bool:
    """Whether a leaf looks at a window of its signal."""
    return node.op == COMPARE_WINDOW or node.op == WINDOW_OF_SIGNAL


@inlined
def sample_leaf(s: Any, node: Any, signal: Any, time: int) -> bool:
    """The signal's sample at ``time``, for one leaf; whether its instance must be run."""
    op, value, row = node.op, signal.value, node.right
    node.flags &= 0xFF ^ EXPIRED
    if op == COMPARE:
        if value == value:
            truth = compare(node, value, value)
        else:
            truth = UNKNOWN
    elif op == COMPARE_WINDOW:
        remember(s, s.windows[row], row, time, value)
        low, high = window_value(s, row, time, value)
        truth = compare(node, low, high)
    else:
        return _sample_other_leaf(s, node, signal, time)
    if node.flags & VOTED:
        truth = _vote(s.votes[node.b], truth)
        if value != value:
            truth = UNKNOWN
    if truth == node.truth:
        return False
    node.truth = truth
    return True


@compiled
def _sample_other_leaf(s: Any, node: Any, signal: Any, time: int) -> bool:
    value, row = signal.value, node.right
    if node.op == STALE:
        if node.truth == FALSE:
            return False
        node.truth = FALSE
        return True
    if node.op == SIGNAL:
        if value == value:
            node.low, node.high = value, value
        else:
            node.low, node.high = -np.inf, np.inf
    elif node.op == WINDOW_OF_SIGNAL:
        remember(s, s.windows[row], row, time, value)
        node.low, node.high = window_value(s, row, time, value)
    else:
        _smooth(node, s.windows[row], s.sums[row], time, value)
    node.flags |= TICKED
    return True


@inlined
def _expiry(s: Any, node: Any, start: int) -> int:
    """When this leaf believes its signal's newest sample no more."""
    if node.a == 0 or node.flags & EXPIRED:
        return NEVER
    return max(s.signals[node.left].last, start) + node.a


@inlined
def leaf_due(s: Any, node: Any, start: int) -> int:
    due = _expiry(s, node, start)
    if has_window(node) and not node.flags & VOTED:
        due = min(due, window_due(s.windows[node.right]))
    return due


@compiled
def _expire(s: Any, node: Any, time: int) -> None:
    """From now on the signal is unknown to this leaf."""
    node.flags |= EXPIRED
    if node.op == STALE:
        node.truth = TRUE
        return
    if has_window(node):
        remember(s, s.windows[node.right], node.right, time, np.nan)
    if node.op == COMPARE or node.flags & VOTED:
        node.truth = UNKNOWN
    elif node.op == SIGNAL or node.op == SMOOTHED:
        node.low, node.high = -np.inf, np.inf
        node.flags |= TICKED


@compiled
def wake_leaf(s: Any, node: Any, start: int, time: int) -> bool:
    """What a leaf has due at ``time``; whether its instance must be run."""
    before = node.truth
    expires = _expiry(s, node, start) <= time
    if expires:
        _expire(s, node, time)
    if not has_window(node):
        return node.truth != before or node.flags & TICKED != 0
    if not node.flags & VOTED and (expires or window_due(s.windows[node.right]) <= time):
        present = np.nan if node.flags & EXPIRED else s.signals[node.left].value
        low, high = window_value(s, node.right, time, present)
        if node.op == COMPARE_WINDOW:
            node.truth = compare(node, low, high)
        else:
            node.low, node.high = low, high
            node.flags |= TICKED
    return node.truth != before or node.flags & TICKED != 0
