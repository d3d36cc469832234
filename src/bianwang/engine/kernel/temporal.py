"""Once and since, on two tracks (what holds surely, what may hold), and the calendar."""

# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import Any

from bianwang.engine.kernel.ring import append, drop_oldest, slot_of
from bianwang.engine.kernel.support import (
    DAY,
    FALSE,
    LONG_AGO,
    MOST_SAMPLES,
    NEVER,
    ONCE,
    ONCE_DELAYED,
    REST_DAY,
    SINCE,
    TRUE,
    ZONE,
    compiled,
    inlined,
)


@compiled
def _push_change(s: Any, track: Any, time: int) -> None:
    if track.count >= 2 * MOST_SAMPLES - 2:
        drop_oldest(track)
        drop_oldest(track)
    append(s, track, time, 0.0)


@compiled
def _due_changes(s: Any, track: Any, time: int) -> int:
    """Carry out the changes that were put on the track; returns when the next one is due."""
    while track.count and s.samples[slot_of(track, 0)].time <= time:
        drop_oldest(track)
        track.out = 1 - track.out
    return s.samples[slot_of(track, 0)].time if track.count else NEVER


@compiled
def _begin(s: Any, track: Any, time: int) -> None:
    """The output is to be true from ``time`` on, together with what it was to be true for until then."""
    if track.count and s.samples[slot_of(track, track.count - 1)].time >= time:
        track.count -= 1
    else:
        _push_change(s, track, time)


@compiled
def _once(track: Any, holds: int, time: int, high: int) -> int:
    if holds:
        track.until = NEVER
    elif track.input:
        track.until = NEVER if high == NEVER else time + high
    track.input = holds
    track.out = 1 if time < track.until else 0
    return NEVER if holds or not track.out else track.until


@compiled
def _once_delayed(s: Any, track: Any, holds: int, time: int, low: int, high: int) -> int:
    if holds and not track.input:
        if high != NEVER or not (track.out or track.count):
            _begin(s, track, time + low)
    elif track.input and not holds and high != NEVER:
        _push_change(s, track, time + high)
    track.input = holds
    return _due_changes(s, track, time)


@compiled
def _since(track: Any, left: int, right: int, time: int, high: int) -> int:
    if right:
        track.until = NEVER
    elif not left:
        track.until = LONG_AGO
    elif track.input:
        track.until = NEVER if high == NEVER else time + high
    track.input = right
    track.out = 1 if time < track.until else 0
    return NEVER if right or not track.out else track.until


@compiled
def _since_delayed(s: Any, track: Any, left: int, right: int, time: int, low: int, high: int) -> int:
    if not left:
        track.count = 0
        track.out = 0
        track.is_open = 0
    else:
        if not track.left and track.input:
            _begin(s, track, time - 1 + low)
            track.is_open = 1
        if right and not track.is_open:
            if high != NEVER or not (track.out or track.count):
                _begin(s, track, time + low)
        elif not right and track.is_open and high != NEVER:
            _push_change(s, track, time + high)
        track.is_open = right
    track.left = left
    track.input = right
    return _due_changes(s, track, time)


@compiled
def temporal(s: Any, node: Any, time: int) -> int:
    """Once and since: both tracks; returns when one of them changes by itself."""
    memory = s.memories[node.b]
    low, high, surely, maybe = memory.low, memory.high, memory.surely, memory.maybe
    left = s.nodes[node.left].truth
    sure_left, may_left = 1 if left == TRUE else 0, 1 if left != FALSE else 0
    if node.op == ONCE:
        due = min(_once(surely, sure_left, time, high), _once(maybe, may_left, time, high))
    elif node.op == ONCE_DELAYED:
        due = _once_delayed(s, surely, sure_left, time, low, high)
        due = min(due, _once_delayed(s, maybe, may_left, time, low, high))
    else:
        right = s.nodes[node.right].truth
        sure_right, may_right = 1 if right == TRUE else 0, 1 if right != FALSE else 0
        if node.op == SINCE:
            due = _since(surely, sure_left, sure_right, time, high)
            due = min(due, _since(maybe, may_left, may_right, time, high))
        else:
            due = _since_delayed(s, surely, sure_left, sure_right, time, low, high)
            due = min(due, _since_delayed(s, maybe, may_left, may_right, time, low, high))
    node.truth = surely.out + maybe.out
    return due


@inlined
def _is_rest(s: Any, day: int) -> bool:
    """By the calendar given; beyond it Saturday and Sunday (1970-01-01 was a Thursday)."""
    known = day - s.first_day[0]
    if 0 <= known < s.rest_days.shape[0]:
        return s.rest_days[known] != 0
    return (day + 3) % 7 >= 5


@compiled
def ask_calendar(s: Any, node: Any, time: int) -> int:
    """Rest days and hours of the day; returns when that changes next."""
    day = (time + ZONE) // DAY
    midnight = day * DAY - ZONE
    if node.op == REST_DAY:
        rest = _is_rest(s, day)
        node.truth = TRUE if rest else FALSE
        return midnight + DAY
    begin, end, now = node.a * 60_000, node.b * 60_000, time - midnight
    if begin < end:
        inside = begin <= now < end
    else:
        inside = now >= begin or now < end
    node.truth = TRUE if inside else FALSE
    due = midnight + DAY
    if now < begin:
        due = min(due, midnight + begin)
    if now < end:
        due = min(due, midnight + end)
    return due
