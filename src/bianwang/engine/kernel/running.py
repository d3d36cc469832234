"""Running an instance: every inner node at one instant, and everything that is due before another."""

# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import Any

from bianwang.engine.kernel.leaves import compare, leaf_due, wake_leaf
from bianwang.engine.kernel.numbers import count_rises, inner_number
from bianwang.engine.kernel.support import (
    AND,
    COMPARE_NUMBER,
    CONSTANT,
    COUNT,
    LARGEST,
    NEVER,
    NOT,
    ONCE,
    OR,
    PREVIOUS,
    REST_DAY,
    SOLE,
    TICKED,
    USED,
    compiled,
    inlined,
)
from bianwang.engine.kernel.temporal import ask_calendar, temporal
from bianwang.engine.kernel.verdicts import judge


@compiled
def inner(s: Any, node: Any, time: int) -> int:
    """One inner node at an instant; returns when it changes by itself."""
    op = node.op
    if op == COUNT:
        return count_rises(s, node, s.nodes[node.left].truth, time)
    if op < CONSTANT:
        return inner_number(s, node, time)
    if op == CONSTANT:
        return NEVER
    if op >= REST_DAY:
        return ask_calendar(s, node, time)
    if op >= ONCE:
        return temporal(s, node, time)
    left = s.nodes[node.left]
    if op == COMPARE_NUMBER:
        node.truth = compare(node, left.low, left.high)
    elif op == NOT:
        node.truth = 2 - left.truth
    elif op == AND:
        node.truth = min(left.truth, s.nodes[node.right].truth)
    elif op == OR:
        node.truth = max(left.truth, s.nodes[node.right].truth)
    else:
        before, now = node.was, left.truth
        node.was = now
        node.truth = before if op == PREVIOUS else min(now, 2 - before)
        if now != before:
            return time + 1
    return NEVER


@compiled
def run(s: Any, instance: Any, time: int, out: Any, count: Any) -> None:
    """Every inner node and the verdict at ``time``; the leaves say already what holds then."""
    due = NEVER
    for k in range(instance.first, instance.end):
        due = min(due, inner(s, s.nodes[k], time))
    if time < instance.begins:
        due = min(due, instance.begins)
    else:
        judge(s, instance, time, s.nodes[instance.root].truth, out, count)
    for k in range(instance.first, instance.end):
        s.nodes[k].flags &= 0xFF ^ TICKED
    for k in range(instance.first_leaf, instance.end_leaf):
        s.nodes[s.leaves[k]].flags &= 0xFF ^ TICKED
    instance.due = min(due, instance.verdict_due)


@compiled
def _next_due(s: Any, instance: Any) -> int:
    due = instance.due
    for k in range(instance.first_leaf, instance.end_leaf):
        due = min(due, leaf_due(s, s.nodes[s.leaves[k]], instance.start))
    return due


@compiled
def note_due(s: Any, instance: Any, block_due: Any) -> None:
    """Tell the instance's signals, and their blocks, that it has something due."""
    for k in range(instance.first_signal, instance.end_signal):
        signal = s.signals[s.members[k]]
        if instance.due < signal.inner_due:
            signal.inner_due = instance.due
        if instance.due < signal.due:
            signal.due = instance.due
        if instance.due < block_due[signal.block]:
            block_due[signal.block] = instance.due


@inlined
def has_room(s: Any, need: Any, out: Any, count: Any) -> bool:
    """Whether the pools and ``out`` suffice for one instant of the instances of any signal: (rings, changes)."""
    return s.samples.shape[0] - s.alloc[USED] >= need[0] * 4 * s.alloc[LARGEST] and out.shape[0] - count[0] >= need[1]


@compiled
def _settle(s: Any, instance: Any, until: int, need: Any, out: Any, count: Any) -> bool:
    """Everything of one instance before ``until``; False where it stopped for want of room."""
    time = _next_due(s, instance)
    while time < until:
        if not has_room(s, need, out, count):
            note_due(s, instance, s.block_due)
            return False
        changed = instance.due <= time
        for k in range(instance.first_leaf, instance.end_leaf):
            if wake_leaf(s, s.nodes[s.leaves[k]], instance.start, time):
                changed = True
        if changed:
            run(s, instance, time, out, count)
        for k in range(instance.first_signal, instance.end_signal):
            signal = s.signals[s.members[k]]
            if time > signal.decided:
                signal.decided = time
        time = _next_due(s, instance)
    note_due(s, instance, s.block_due)
    return True


@compiled
def _settle_all(s: Any, signal: Any, until: int, need: Any, out: Any, count: Any) -> bool:
    """Everything before ``until`` of all instances that look at a signal."""
    inner_due, due, before = NEVER, NEVER, -1
    for k in range(signal.first, signal.end):
        node = s.nodes[k]
        instance = s.instances[node.instance]
        if node.instance != before:
            before = node.instance
            if not _settle(s, instance, until, need, out, count):
                return False
            inner_due = min(inner_due, instance.due)
        due = min(due, leaf_due(s, node, instance.start))
    signal.inner_due = inner_due
    signal.due = min(inner_due, due)
    return True


@compiled
def settle_signal(s: Any, signal: Any, until: int, need: Any, out: Any, count: Any) -> bool:
    """The same; quick where only a window moves on and no verdict hangs on it."""
    if signal.inner_due < until or not signal.is_lone or not has_room(s, need, out, count):
        return _settle_all(s, signal, until, need, out, count)
    due = NEVER
    for k in range(signal.first, signal.end):
        node = s.nodes[k]
        start = s.instances[node.instance].start if node.a else 0
        time = leaf_due(s, node, start)
        while time < until:
            if not node.flags & SOLE:
                return _settle_all(s, signal, until, need, out, count)
            signal.decided = max(signal.decided, time)
            if wake_leaf(s, node, start, time):
                run(s, s.instances[node.instance], time, out, count)
                note_due(s, s.instances[node.instance], s.block_due)
                return _settle_all(s, signal, until, need, out, count)
            time = leaf_due(s, node, start)
        due = min(due, time)
    signal.due = min(signal.inner_due, due)
    return True
