"""The verdict of an instance, and what is told of it."""

# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np

from bianwang.engine.kernel.support import (
    BEGAN,
    CLOSED,
    COMPARE_NUMBER,
    COMPARE_WINDOW,
    ENDED,
    EXPIRED,
    FALSE,
    INTERRUPTED,
    NEVER,
    OPEN,
    RESUMED,
    STALE,
    TRACE,
    TRUE,
    WAS_INTERRUPTED,
    compiled,
)
from bianwang.engine.kernel.windows import window_value


@compiled
def _margin(s: Any, instance: Any, node: Any, value: float, time: int) -> float:
    comparison = instance.comparison
    if node.op == STALE:
        return float(time - max(s.signals[node.left].last, instance.start) - node.a)
    if comparison < 0:
        return max(instance.limit - value, value - instance.limit_high)
    if comparison < 2:
        return value - instance.limit
    if comparison < 4:
        return instance.limit - value
    return abs(value - instance.limit) if comparison == 5 else -abs(value - instance.limit)


@compiled
def _shown_value(s: Any, node: Any, time: int) -> float:
    """What the comparison compares, NaN if unknown."""
    if node.op == COMPARE_NUMBER:
        child = s.nodes[node.left]
        return child.low if child.low == child.high else np.nan
    value = np.nan if node.flags & EXPIRED and node.op != STALE else s.signals[node.left].value
    if node.op == COMPARE_WINDOW:
        low, high = window_value(s, node.right, time, value)
        return low if low == high else np.nan
    return value


@compiled
def _emit(s: Any, instance: Any, time: int, kind: int, out: Any, count: Any) -> None:
    change = out[count[0]]
    change.key = instance.key
    change.time = time
    change.kind = kind
    change.value = np.nan
    change.margin = np.nan
    if instance.shown >= 0:
        node = s.nodes[instance.shown]
        change.value = _shown_value(s, node, time)
        change.margin = _margin(s, instance, node, change.value, time)
    count[0] += 1


@compiled
def _turn(s: Any, instance: Any, time: int, truth: int, out: Any, count: Any) -> None:
    """The formula takes another value at ``time``."""
    instance.verdict_due = NEVER
    if truth == TRUE:
        if instance.verdict == CLOSED:
            instance.verdict_due = time + instance.hold
        elif instance.verdict == INTERRUPTED:
            instance.verdict = OPEN
            _emit(s, instance, time, RESUMED, out, count)
    elif truth == FALSE:
        if instance.verdict != CLOSED:
            instance.verdict_due = time + instance.quiet
    elif instance.verdict == OPEN:
        instance.verdict = INTERRUPTED
        _emit(s, instance, time, WAS_INTERRUPTED, out, count)


@compiled
def judge(s: Any, instance: Any, time: int, truth: int, out: Any, count: Any) -> None:
    """The verdict at an instant."""
    if instance.is_traced:
        if truth != instance.truth:
            _emit(s, instance, time, TRACE + truth, out, count)
    elif instance.is_event:
        if truth == TRUE:
            if instance.verdict == CLOSED:
                instance.verdict = OPEN
                _emit(s, instance, time, BEGAN, out, count)
            instance.verdict_due = time + instance.quiet
    elif truth != instance.truth:
        _turn(s, instance, time, truth, out, count)
    instance.truth = truth
    if instance.verdict_due <= time:
        instance.verdict_due = NEVER
        if instance.verdict == CLOSED:
            instance.verdict = OPEN
            _emit(s, instance, time, BEGAN, out, count)
        else:
            instance.verdict = CLOSED
            _emit(s, instance, time, ENDED, out, count)
