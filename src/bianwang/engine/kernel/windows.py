"""Windows over a number: what they remember, and what they give."""

# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import Any

import numpy as np

from bianwang.engine.kernel.ring import append, drop_oldest, slot_of
from bianwang.engine.kernel.support import DELTA, MAX, MEAN, MIN, NEVER, compiled, inlined


@inlined
def _add(sums: Any, term: float) -> None:
    """Neumaier's compensated addition."""
    total = sums.total + term
    if abs(sums.total) >= abs(term):
        sums.error += (sums.total - total) + term
    else:
        sums.error += (term - total) + sums.total
    sums.total = total


@compiled
def _add_segment(s: Any, window: Any, sums: Any, nth: int, end: int, sign: float) -> None:
    """The segment that begins with the nth remembered sample and ends at ``end``, into the mean's integral."""
    slot = slot_of(window, nth)
    value = s.samples[slot].value
    if value == value:
        _add(sums, sign * value * (end - s.samples[slot].time))


@compiled
def _advance_base(s: Any, window: Any, sums: Any, far: int) -> None:
    """Make the newest sample at or before ``far`` the base."""
    while window.count and s.samples[slot_of(window, 0)].time <= far:
        slot = slot_of(window, 0)
        time, value = s.samples[slot].time, s.samples[slot].value
        if window.kind != DELTA:
            if window.base_value != window.base_value:
                sums.bad -= 1
            if window.kind == MEAN and window.count > 1:
                _add_segment(s, window, sums, 0, s.samples[slot_of(window, 1)].time, -1.0)
                if window.count == 2:
                    sums.total = 0.0
                    sums.error = 0.0
            if (window.kind == MAX or window.kind == MIN) and sums.count and s.samples[slot_of(sums, 0)].time == time:
                drop_oldest(sums)
        window.base_time = time
        window.base_value = value
        drop_oldest(window)
    window.next_time = s.samples[slot_of(window, 0)].time if window.count else NEVER


@compiled
def _forget_newest(s: Any, window: Any, sums: Any) -> None:
    """A bad sample came too soon to be remembered: the one before it becomes unknown."""
    if window.count:
        slot = slot_of(window, window.count - 1)
        value = s.samples[slot].value
        s.samples[slot].value = np.nan
    else:
        value = window.base_value
        window.base_value = np.nan
    if value == value and window.kind != DELTA:
        sums.bad += 1
        sums.newest_value = np.nan
        if sums.count and s.samples[slot_of(sums, sums.count - 1)].time == window.newest:
            sums.count -= 1


@inlined
def remember(s: Any, window: Any, row: int, time: int, value: float) -> None:
    if time - window.newest < window.step:
        if value != value:
            _forget_newest(s, window, s.sums[row])
        return
    if window.kind != DELTA:
        _remember_sums(s, window, s.sums[row], time, value)
    append(s, window, time, value)
    window.newest = time
    if window.next_time == NEVER:
        window.next_time = time


@compiled
def _remember_sums(s: Any, window: Any, sums: Any, time: int, value: float) -> None:
    if value != value:
        sums.bad += 1
    if window.kind == MEAN:
        if window.count:
            _add_segment(s, window, sums, window.count - 1, time, 1.0)
        sums.newest_value = value
    elif (window.kind == MAX or window.kind == MIN) and value == value:
        while sums.count:
            last = s.samples[slot_of(sums, sums.count - 1)].value
            if (last > value) if window.kind == MAX else (last < value):
                break
            sums.count -= 1
        append(s, sums, time, value)


@compiled
def _mean(s: Any, window: Any, sums: Any, time: int) -> float:
    if window.count == 0:
        return window.base_value
    far = time - window.length
    integral = window.base_value * (window.next_time - far) + (sums.total + sums.error)
    integral += sums.newest_value * (time - window.newest)
    return integral / window.length


@compiled
def _slope(s: Any, window: Any, time: int) -> float:
    """Least squares over the samples in the window, per second; NaN with fewer than two."""
    far = time - window.length
    count, t_sum, x_sum, tt_sum, tx_sum = 0, 0.0, 0.0, 0.0, 0.0
    if window.base_time == far:
        count = 1
        t_sum = -float(window.length)
        x_sum = window.base_value
        tt_sum = t_sum * t_sum
        tx_sum = t_sum * x_sum
    for i in range(window.count):
        slot = slot_of(window, i)
        t = float(s.samples[slot].time - time)
        x = s.samples[slot].value
        count += 1
        t_sum += t
        x_sum += x
        tt_sum += t * t
        tx_sum += t * x
    if count < 2:
        return np.nan
    return (count * tx_sum - t_sum * x_sum) * 1000.0 / (count * tt_sum - t_sum * t_sum)


@compiled
def _extreme(s: Any, window: Any, sums: Any) -> float:
    """Largest (smallest) known value of the window, NaN if none."""
    value = window.base_value
    if sums.count:
        first = s.samples[slot_of(sums, 0)].value
        if value != value or ((first > value) if window.kind == MAX else (first < value)):
            value = first
    return value


@compiled
def _window_sum(s: Any, window: Any, row: int, time: int) -> tuple[float, float]:
    """Value of any window but DELTA."""
    sums = s.sums[row]
    if window.kind == MAX or window.kind == MIN:
        value = _extreme(s, window, sums)
        if value == value:
            if sums.bad == 0:
                return value, value
            if window.kind == MAX:
                return value, np.inf
            return -np.inf, value
    elif sums.bad == 0:
        value = _mean(s, window, sums, time) if window.kind == MEAN else _slope(s, window, time)
        if np.isfinite(value):
            return value, value
    return -np.inf, np.inf


@inlined
def window_value(s: Any, row: int, time: int, present: float) -> tuple[float, float]:
    """What the window's value may be at ``time``; ``present`` is the newest value, NaN if unknown."""
    window = s.windows[row]
    far = time - window.length
    if window.next_time <= far:
        _advance_base(s, window, s.sums[row], far)
    if window.kind == DELTA:
        value = present - window.base_value
        if np.isfinite(value):
            return value, value
        return -np.inf, np.inf
    return _window_sum(s, window, row, time)


@inlined
def window_due(window: Any) -> int:
    return window.next_time + window.length if window.next_time != NEVER else NEVER
