"""The compiled evaluator: one numba program, rules are data.

Everything is in this one file because numba's cache of a function does not notice a change in another file
(after a change of a number in semantics.py, empty the cache). State lives in records: one for each signal,
one for each instance (in the order of the table), one row of remembered samples for each RATE instance.
semantics.py says what is computed.
"""

# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

from bianwang.engine.semantics import GOOD, HISTORY, ChangeKind, Kind, Op, Outcome, Truth, Verdict

NEVER = np.iinfo(np.int64).max
LONG_AGO = np.iinfo(np.int64).min

SIGNAL = np.dtype(
    [
        ("last", np.int64),  # time of the newest sample
        ("decided", np.int64),  # time of the newest decision made without a sample
        ("due", np.int64),  # nothing of this signal's instances is due earlier
        ("value", np.float64),  # newest value, NaN if bad
        ("first", np.int32),  # its instances
        ("end", np.int32),
        ("block", np.int32),
    ],
    align=True,
)

STATE = np.dtype(
    [
        ("due", np.int64),  # nothing happens by itself earlier
        ("verdict_due", np.int64),  # when hold or quiet is over
        ("trues", np.uint64),  # condition at the last M samples, newest in bit 0
        ("unknowns", np.uint64),
        ("base", np.int64),  # remembered sample at the far end of the window
        ("remembered", np.int64),  # how many samples were ever remembered
        ("start", np.int64),  # silence and staleness do not count before it
        ("passed", np.int64),  # newest instant at which the condition was evaluated
        ("row", np.int32),  # its row of remembered samples
        ("condition", np.uint8),
        ("verdict", np.uint8),
        ("was_true", np.uint8),
        ("stale", np.uint8),
    ],
    align=True,
)

MEMORY = np.dtype([("time", np.int64), ("value", np.float64)], align=True)

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
_GOLDEN = 0x9E3779B97F4A7C15

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    return cast(F, njit(cache=True, nogil=True)(function))


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
def _position(signal: Any, signals: Any, index: Any, shift: int) -> Any:
    mask = np.uint64(index.shape[0] - 1)
    slot = (np.uint64(signal) * np.uint64(_GOLDEN)) >> np.uint64(shift)
    while True:
        position = index[slot]
        if position < 0 or signals[position] == signal:
            return position
        slot = (slot + np.uint64(1)) & mask


# Values


@compiled
def _remember(rule: Any, state: Any, memory: Any, time: int, value: float) -> None:
    count = state.remembered
    if count:
        newest = memory[state.row, (count - 1) & _LAST_SLOT]
        step = (rule.window + _LAST_SLOT - 1) // _LAST_SLOT
        if time - newest.time < step:
            if value != value:
                newest.value = np.nan
            return
    slot = memory[state.row, count & _LAST_SLOT]
    slot.time = time
    slot.value = value
    state.remembered = count + 1


@compiled
def _move_base(rule: Any, state: Any, memory: Any, time: int) -> None:
    """Make base the newest remembered sample at or before time - window, or one before the oldest."""
    far = time - rule.window
    oldest = max(0, state.remembered - _SLOTS)
    base = max(state.base, oldest - 1)
    while base >= oldest and memory[state.row, base & _LAST_SLOT].time > far:
        base -= 1
    while base + 1 < state.remembered and memory[state.row, (base + 1) & _LAST_SLOT].time <= far:
        base += 1
    state.base = base


@compiled
def _compared(rule: Any, state: Any, signal: Any, memory: Any, time: int) -> float:
    """The value that is compared with the limit at ``time``, NaN if unknown."""
    if state.stale:
        return np.nan
    if rule.kind != _RATE:
        return signal.value
    _move_base(rule, state, memory, time)
    if state.base < max(0, state.remembered - _SLOTS):
        return np.nan
    return signal.value - memory[state.row, state.base & _LAST_SLOT].value


@compiled
def _comparison(rule: Any, state: Any, value: float) -> int:
    if value != value:
        return _UNKNOWN
    if state.was_true:
        is_true = value < rule.keep_low or value > rule.keep_high
    else:
        is_true = value < rule.set_low or value > rule.set_high
    state.was_true = is_true
    return _TRUE if is_true else _FALSE


@compiled
def _ones(bits: Any) -> int:
    count = 0
    while bits:
        bits &= bits - np.uint64(1)
        count += 1
    return count


@compiled
def _n_of_m(rule: Any, state: Any, newest: int) -> None:
    """Shift the condition at the newest sample into the last M."""
    last_m = np.uint64(0xFFFFFFFFFFFFFFFF) >> np.uint64(64 - rule.m)
    state.trues = ((state.trues << np.uint64(1)) | np.uint64(newest == _TRUE)) & last_m
    state.unknowns = ((state.unknowns << np.uint64(1)) | np.uint64(newest == _UNKNOWN)) & last_m


@compiled
def _n_of_m_holds(rule: Any, state: Any) -> int:
    trues = _ones(state.trues)
    if trues >= rule.n:
        return _TRUE
    return _FALSE if trues + _ones(state.unknowns) < rule.n else _UNKNOWN


# Changes


@compiled
def _margin(rule: Any, value: float) -> float:
    if rule.op == _GT or rule.op == _GE:
        return value - rule.limit
    if rule.op == _LT or rule.op == _LE:
        return rule.limit - value
    return max(rule.limit - value, value - rule.limit_high)


@compiled
def _anchor(state: Any, signal: Any) -> int:
    return max(signal.last, state.start)


@compiled
def _emit(
    rule: Any, state: Any, signal: Any, memory: Any, time: int, kind: int, out: Any, count: Any
) -> None:
    value = _compared(rule, state, signal, memory, time)
    change = out[count[0]]
    change.key = rule.key
    change.time = time
    change.kind = kind
    change.value = value
    if rule.kind == _SILENCE:
        change.margin = time - _anchor(state, signal) - rule.window
    else:
        change.margin = _margin(rule, value)
    count[0] += 1


@compiled
def _turn(
    rule: Any, state: Any, signal: Any, memory: Any, time: int, condition: int, out: Any, count: Any
) -> None:
    """The condition takes another value at ``time``."""
    state.condition = condition
    state.verdict_due = NEVER
    if condition == _TRUE:
        if state.verdict == _CLOSED:
            state.verdict_due = time + rule.hold
        elif state.verdict == _INTERRUPTED:
            state.verdict = _OPEN
            _emit(rule, state, signal, memory, time, _RESUMED, out, count)
    elif condition == _FALSE:
        if state.verdict != _CLOSED:
            state.verdict_due = time + rule.quiet
    elif state.verdict == _OPEN:
        state.verdict = _INTERRUPTED
        _emit(rule, state, signal, memory, time, _WAS_INTERRUPTED, out, count)


@compiled
def _decide(rule: Any, state: Any, signal: Any, memory: Any, out: Any, count: Any) -> None:
    """Hold or quiet is over."""
    time = state.verdict_due
    state.verdict_due = NEVER
    if state.verdict == _CLOSED:
        state.verdict = _OPEN
        _emit(rule, state, signal, memory, time, _BEGAN, out, count)
    else:
        state.verdict = _CLOSED
        _emit(rule, state, signal, memory, time, _ENDED, out, count)


@compiled
def _condition_due(rule: Any, state: Any, signal: Any, memory: Any) -> int:
    """When the condition may next change by itself."""
    if rule.kind == _SILENCE:
        return _anchor(state, signal) + rule.window if state.condition == _FALSE else NEVER
    if state.stale:
        return NEVER
    due = NEVER
    if rule.stale:
        due = _anchor(state, signal) + rule.stale
    if rule.kind == _RATE and rule.m == 1:
        _move_base(rule, state, memory, state.passed)
        if state.base + 1 < state.remembered:
            due = min(due, memory[state.row, (state.base + 1) & _LAST_SLOT].time + rule.window)
    return due


@compiled
def _condition_at(rule: Any, state: Any, signal: Any, memory: Any, time: int) -> int:
    """The condition at an instant without a sample."""
    if rule.kind == _SILENCE:
        return _TRUE
    if rule.stale and time >= _anchor(state, signal) + rule.stale:
        state.stale = True
        return _UNKNOWN
    return _comparison(rule, state, _compared(rule, state, signal, memory, time))


@compiled
def _settle(rule: Any, state: Any, signal: Any, memory: Any, until: int, out: Any, count: Any) -> None:
    """Everything of one instance before ``until``. Its due time is right afterwards."""
    while True:
        time = _condition_due(rule, state, signal, memory)
        if min(time, state.verdict_due) >= until:
            state.due = min(time, state.verdict_due)
            return
        if time <= state.verdict_due:
            state.passed = time
            condition = _condition_at(rule, state, signal, memory, time)
            if condition != state.condition:
                signal.decided = max(signal.decided, time)
                _turn(rule, state, signal, memory, time, condition, out, count)
            if state.verdict_due != time:
                continue
        signal.decided = max(signal.decided, state.verdict_due)
        _decide(rule, state, signal, memory, out, count)


@compiled
def _sample(rule: Any, state: Any, signal: Any, memory: Any, out: Any, count: Any) -> None:
    """The signal's newest sample, for one instance; all that was due earlier has been settled."""
    time = signal.last
    state.passed = time
    state.stale = False
    if rule.kind == _SILENCE:
        condition = _FALSE
    else:
        if rule.kind == _RATE:
            _remember(rule, state, memory, time, signal.value)
        condition = _comparison(rule, state, _compared(rule, state, signal, memory, time))
        if rule.m > 1:
            _n_of_m(rule, state, condition)
            condition = _UNKNOWN if signal.value != signal.value else _n_of_m_holds(rule, state)
    if condition != state.condition:
        _turn(rule, state, signal, memory, time, condition, out, count)
    if state.verdict_due <= time:
        _decide(rule, state, signal, memory, out, count)
    state.due = min(state.verdict_due, _condition_due(rule, state, signal, memory))


@compiled
def push(
    params: Any,
    signals: Any,
    index: Any,
    shift: int,
    states: Any,
    tracks: Any,
    memory: Any,
    block_due: Any,
    batch: Any,
    begin: int,
    outcome: Any,
    out: Any,
    count: Any,
) -> int:
    """Apply readings from ``begin`` on; returns where it stopped for want of room in ``out``."""
    signal_ids, times, values, qualities = batch
    for i in range(begin, times.shape[0]):
        position = _position(signal_ids[i], signals, index, shift)
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
                if states[k].due < time:
                    _settle(params[k], states[k], signal, memory, time, out, count)
        signal.last = time
        signal.value = values[i] if qualities[i] == _GOOD else np.nan
        due = NEVER
        for k in range(signal.first, signal.end):
            _sample(params[k], states[k], signal, memory, out, count)
            due = min(due, states[k].due)
        signal.due = due
        if due < block_due[signal.block]:
            block_due[signal.block] = due
    return times.shape[0]


@compiled
def advance(
    params: Any,
    states: Any,
    tracks: Any,
    memory: Any,
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
                    if states[k].due < until:
                        _settle(params[k], states[k], signal, memory, until, out, count)
                    due = min(due, states[k].due)
                signal.due = due
            earliest = min(earliest, signal.due)
        block_due[block] = earliest
    return block_due.shape[0]


@compiled
def schedule(params: Any, states: Any, tracks: Any, memory: Any, block_due: Any) -> None:
    """Set every due time from the state: after start and restore."""
    block_due[:] = NEVER
    for position in range(tracks.shape[0]):
        signal = tracks[position]
        signal.due = NEVER
        for k in range(signal.first, signal.end):
            due = _condition_due(params[k], states[k], signal, memory)
            states[k].due = min(states[k].verdict_due, due)
            signal.due = min(signal.due, states[k].due)
        block_due[signal.block] = min(block_due[signal.block], signal.due)
