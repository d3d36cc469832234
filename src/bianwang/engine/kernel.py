"""The compiled evaluator: one numba program, rules are data.

Everything is in this one file because numba's cache of a function does not notice a change in another file
(after a change of a number in semantics.py or layout.py, empty the cache). semantics.py says what is computed,
layout.py what the records hold; ``past`` is (windows, samples).
"""

# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.extending import intrinsic

from bianwang.engine.layout import LONG_AGO, NEVER
from bianwang.engine.semantics import GOOD, HISTORY, ChangeKind, Kind, Op, Outcome, Truth, Verdict

# Numba freezes plain integers into the compiled code.
_GOOD = int(GOOD)
_SLOTS = int(HISTORY)  # a power of two
_LAST_SLOT = _SLOTS - 1
_THRESHOLD, _RATE, _SILENCE = int(Kind.THRESHOLD), int(Kind.RATE), int(Kind.SILENCE)
_GT, _GE, _LT, _LE = int(Op.GT), int(Op.GE), int(Op.LT), int(Op.LE)
_UNKNOWN, _FALSE, _TRUE = int(Truth.UNKNOWN), int(Truth.FALSE), int(Truth.TRUE)
_CLOSED, _OPEN, _INTERRUPTED = int(Verdict.CLOSED), int(Verdict.OPEN), int(Verdict.INTERRUPTED)
_BEGAN, _ENDED = int(ChangeKind.BEGAN), int(ChangeKind.ENDED)
_WAS_INTERRUPTED, _RESUMED = int(ChangeKind.INTERRUPTED), int(ChangeKind.RESUMED)
_JUDGED, _DUPLICATE = int(Outcome.JUDGED), int(Outcome.DUPLICATE)
_LATE, _NO_RULE = int(Outcome.LATE), int(Outcome.NO_RULE)
_MOST_CHANGES = 2 * _SLOTS + 4
"""One instance cannot change more often between two samples: each remembered sample, staleness, verdict."""
_FETCH = 32
"""Readings whose state is fetched together; what they touch fits the innermost cache."""
_GOLDEN = 0x9E3779B97F4A7C15

F = TypeVar("F", bound=Callable[..., Any])

_njit: Any = njit


def compiled(function: F) -> F:
    """Without numba's reference counts: nothing here allocates, and they cost five times the work itself."""
    return cast(F, _njit(cache=True, nogil=True, _nrt=False)(function))


def inlined(function: F) -> F:
    """For what every reading runs through."""
    return cast(F, _njit(cache=True, nogil=True, _nrt=False, forceinline=True)(function))


def _prefetch_code(typing: Any, array: Any, index: Any) -> Any:
    """Ask for the cache line of array[index]; any index will do."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        struct = context.make_array(array)(context, builder, args[0])
        position = context.cast(builder, args[1], index, types.intp)
        address = builder.ptrtoint(struct.data, position.type)
        address = builder.add(address, builder.mul(position, struct.itemsize))
        byte, flag = ir.IntType(8).as_pointer(), ir.IntType(32)
        function = builder.module.declare_intrinsic(
            "llvm.prefetch", [byte], ir.FunctionType(ir.VoidType(), [byte, flag, flag, flag])
        )
        # To read and write, to be kept in all caches, data.
        builder.call(function, [builder.inttoptr(address, byte), flag(1), flag(3), flag(1)])
        return context.get_dummy_value()

    return types.void(array, index), generate


_prefetch: Any = intrinsic(_prefetch_code)


# Signal id to position: open addressing, at most half full, -1 is free.


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


# Values


@inlined
def _remember(window: Any, ring: Any, time: int, value: float) -> None:
    count = window.remembered
    if count and time - window.newest < window.step:
        if value != value:
            ring[(count - 1) & _LAST_SLOT].value = np.nan
        return
    ring[count & _LAST_SLOT].time = time
    ring[count & _LAST_SLOT].value = value
    window.newest = time
    window.remembered = count + 1
    if window.next_time == NEVER:
        window.next_time = time


@compiled
def _move_base(window: Any, ring: Any, far: int) -> None:
    """Make base the newest remembered sample at or before ``far``, -1 if none.

    The newest sample may have overwritten the old base, never the new one: at most HISTORY - 1 remembered
    samples lie after ``far``.
    """
    count, base = window.remembered, window.base
    oldest = max(0, count - _SLOTS)
    while base >= oldest and ring[base & _LAST_SLOT].time > far:
        base -= 1
    while base + 1 < count and ring[(base + 1) & _LAST_SLOT].time <= far:
        base += 1
    window.base = base
    window.base_time = ring[base & _LAST_SLOT].time if base >= 0 else LONG_AGO
    window.base_value = ring[base & _LAST_SLOT].value if base >= 0 else np.nan
    window.next_time = ring[(base + 1) & _LAST_SLOT].time if base + 1 < count else NEVER


@inlined
def _compared(state: Any, signal: Any, past: Any, time: int) -> float:
    """The value that is compared with the limit at ``time``, NaN if unknown."""
    if state.stale:
        return np.nan
    if state.kind != _RATE:
        return signal.value
    window = past[0][state.window]
    far = time - window.length
    if not window.base_time <= far < window.next_time:
        _move_base(window, past[1][state.window], far)
    return signal.value - window.base_value


@inlined
def _comparison(rule: Any, state: Any, value: float) -> int:
    if value != value:
        return _UNKNOWN
    is_true = value < state.low or value > state.high
    if is_true != state.was_true:
        state.was_true = is_true
        state.low = rule.keep_low if is_true else rule.set_low
        state.high = rule.keep_high if is_true else rule.set_high
    return _TRUE if is_true else _FALSE


@compiled
def _ones(bits: Any) -> int:
    count = 0
    while bits:
        bits &= bits - np.uint64(1)
        count += 1
    return count


@compiled
def _n_of_m(rule: Any, votes: Any, newest: int) -> int:
    """Shift the condition at the newest sample into the last M, and count."""
    last_m = np.uint64(0xFFFFFFFFFFFFFFFF) >> np.uint64(64 - rule.m)
    votes.trues = ((votes.trues << np.uint64(1)) | np.uint64(newest == _TRUE)) & last_m
    votes.unknowns = ((votes.unknowns << np.uint64(1)) | np.uint64(newest == _UNKNOWN)) & last_m
    trues = _ones(votes.trues)
    if trues >= rule.n:
        return _TRUE
    return _FALSE if trues + _ones(votes.unknowns) < rule.n else _UNKNOWN


# Changes


@compiled
def _margin(rule: Any, value: float) -> float:
    if rule.op == _GT or rule.op == _GE:
        return value - rule.limit
    if rule.op == _LT or rule.op == _LE:
        return rule.limit - value
    return max(rule.limit - value, value - rule.limit_high)


@compiled
def _emit(rule: Any, state: Any, signal: Any, past: Any, time: int, kind: int, out: Any, count: Any) -> None:
    value = _compared(state, signal, past, time)
    change = out[count[0]]
    change.key = rule.key
    change.time = time
    change.kind = kind
    change.value = value
    if state.kind == _SILENCE:
        change.margin = time - max(signal.last, state.start) - state.reach
    else:
        change.margin = _margin(rule, value)
    count[0] += 1


@compiled
def _turn(rule: Any, state: Any, signal: Any, past: Any, time: int, condition: int, out: Any, count: Any) -> None:
    """The condition takes another value at ``time``."""
    state.condition = condition
    state.verdict_due = NEVER
    if condition == _TRUE:
        if state.verdict == _CLOSED:
            state.verdict_due = time + rule.hold
        elif state.verdict == _INTERRUPTED:
            state.verdict = _OPEN
            _emit(rule, state, signal, past, time, _RESUMED, out, count)
    elif condition == _FALSE:
        if state.verdict != _CLOSED:
            state.verdict_due = time + rule.quiet
    elif state.verdict == _OPEN:
        state.verdict = _INTERRUPTED
        _emit(rule, state, signal, past, time, _WAS_INTERRUPTED, out, count)


@compiled
def _decide(rule: Any, state: Any, signal: Any, past: Any, out: Any, count: Any) -> None:
    """Hold or quiet is over."""
    time = state.verdict_due
    state.verdict_due = NEVER
    if state.verdict == _CLOSED:
        state.verdict = _OPEN
        _emit(rule, state, signal, past, time, _BEGAN, out, count)
    else:
        state.verdict = _CLOSED
        _emit(rule, state, signal, past, time, _ENDED, out, count)


@inlined
def _condition_due(state: Any, signal: Any, past: Any) -> int:
    """When the condition may next change by itself."""
    due = NEVER
    if state.reach and not state.stale and not (state.kind == _SILENCE and state.condition == _TRUE):
        due = max(signal.last, state.start) + state.reach
    if state.kind == _RATE and state.m == 1 and not state.stale:
        window = past[0][state.window]
        if window.next_time != NEVER:
            due = min(due, window.next_time + window.length)
    return due


@compiled
def _condition_at(rule: Any, state: Any, signal: Any, past: Any, time: int) -> int:
    """The condition at an instant without a sample."""
    if state.kind == _SILENCE:
        return _TRUE
    if state.reach and time >= max(signal.last, state.start) + state.reach:
        state.stale = True
        return _UNKNOWN
    return _comparison(rule, state, _compared(state, signal, past, time))


@compiled
def _settle(rule: Any, state: Any, signal: Any, past: Any, until: int, out: Any, count: Any) -> int:
    """Everything of one instance before ``until``; returns when something is next due."""
    while True:
        time = _condition_due(state, signal, past)
        if min(time, state.verdict_due) >= until:
            return min(time, state.verdict_due)
        if time <= state.verdict_due:
            condition = _condition_at(rule, state, signal, past, time)
            if condition != state.condition:
                signal.decided = max(signal.decided, time)
                _turn(rule, state, signal, past, time, condition, out, count)
            if state.verdict_due != time:
                continue
        signal.decided = max(signal.decided, state.verdict_due)
        _decide(rule, state, signal, past, out, count)


@inlined
def _sample(rule: Any, state: Any, votes: Any, signal: Any, past: Any, out: Any, count: Any) -> int:
    """The signal's newest sample, for one instance; all due earlier is settled. Returns as _settle does."""
    time = signal.last
    if state.stale:
        state.stale = False
    if state.kind == _SILENCE:
        condition = _FALSE
    else:
        if state.kind == _RATE:
            _remember(past[0][state.window], past[1][state.window], time, signal.value)
        condition = _comparison(rule, state, _compared(state, signal, past, time))
        if state.m > 1:
            condition = _n_of_m(rule, votes, condition)
            if signal.value != signal.value:
                condition = _UNKNOWN
    if condition != state.condition:
        _turn(rule, state, signal, past, time, condition, out, count)
    if state.verdict_due <= time:
        _decide(rule, state, signal, past, out, count)
    return min(state.verdict_due, _condition_due(state, signal, past))


@compiled
def _fetch(positions: Any, begin: int, end: int, tracks: Any, states: Any, past: Any) -> None:
    """Bring what the readings begin:end touch into the cache, all at once instead of one after the other."""
    for i in range(begin, end):
        _prefetch(tracks, positions[i])
    for i in range(begin, end):
        if positions[i] >= 0:
            signal = tracks[positions[i]]
            for k in range(signal.first, signal.end):
                _prefetch(states, k)
            for row in range(signal.first_window, signal.end_window):
                _prefetch(past[0], row)
    if not past[0].shape[0]:
        return
    for i in range(begin, end):
        if positions[i] >= 0:
            signal = tracks[positions[i]]
            for row in range(signal.first_window, signal.end_window):
                _prefetch(past[1][row], past[0][row].remembered & _LAST_SLOT)
                _prefetch(past[1][row], (past[0][row].base + 1) & _LAST_SLOT)


@compiled
def push(
    params: Any,
    states: Any,
    votes: Any,
    tracks: Any,
    past: Any,
    block_due: Any,
    batch: Any,
    begin: int,
    outcome: Any,
    out: Any,
    count: Any,
) -> int:
    """Apply readings from ``begin`` on; returns where it stopped for want of room in ``out``."""
    positions, times, values, qualities = batch
    for i in range(begin, times.shape[0]):
        if (i - begin) % _FETCH == 0:
            _fetch(positions, i, min(i + _FETCH, times.shape[0]), tracks, states, past)
        position = positions[i]
        if position < 0:
            outcome[i] = _NO_RULE
            continue
        signal = tracks[position]
        time = times[i]
        if time <= signal.last or time <= signal.decided:
            outcome[i] = _DUPLICATE if time == signal.last else _LATE
            continue
        if count[0] + (signal.end - signal.first) * _MOST_CHANGES > out.shape[0]:
            return i
        outcome[i] = _JUDGED
        if signal.due < time:
            for k in range(signal.first, signal.end):
                if min(states[k].verdict_due, _condition_due(states[k], signal, past)) < time:
                    _settle(params[k], states[k], signal, past, time, out, count)
        signal.last = time
        signal.value = values[i] if qualities[i] == _GOOD else np.nan
        due = NEVER
        for k in range(signal.first, signal.end):
            due = min(due, _sample(params[k], states[k], votes[k], signal, past, out, count))
        signal.due = due
        if due < block_due[signal.block]:
            block_due[signal.block] = due
    return times.shape[0]


@compiled
def advance(
    params: Any,
    states: Any,
    tracks: Any,
    past: Any,
    block_due: Any,
    block_first: Any,
    block_owner: Any,
    now: Any,
    begin: int,
    out: Any,
    count: Any,
) -> int:
    """Settle what is due before ``now[owner]``, from block ``begin`` on; returns as push does."""
    for block in range(begin, block_due.shape[0]):
        until = now[block_owner[block]]
        if block_due[block] >= until:
            continue
        earliest = NEVER
        for position in range(block_first[block], block_first[block + 1]):
            signal = tracks[position]
            if signal.due < until:
                if count[0] + (signal.end - signal.first) * _MOST_CHANGES > out.shape[0]:
                    return block
                due = NEVER
                for k in range(signal.first, signal.end):
                    due = min(due, _settle(params[k], states[k], signal, past, until, out, count))
                signal.due = due
            earliest = min(earliest, signal.due)
        block_due[block] = earliest
    return block_due.shape[0]


@compiled
def schedule(states: Any, tracks: Any, past: Any, block_due: Any) -> None:
    """Set every due time from the state: after start and restore."""
    block_due[:] = NEVER
    for position in range(tracks.shape[0]):
        signal = tracks[position]
        signal.due = NEVER
        for k in range(signal.first, signal.end):
            signal.due = min(signal.due, states[k].verdict_due, _condition_due(states[k], signal, past))
        block_due[signal.block] = min(block_due[signal.block], signal.due)
