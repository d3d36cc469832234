"""How far each owner's time has passed."""

from __future__ import annotations

import numpy as np

from bianwang.processes.intake.watermark import LONGEST_MS, SLACK_MS, OwnerIndex, Watermarks

NOW = 1_800_000_000_000
LIVE, PLAYED = 7, 9


def marks() -> Watermarks:
    """Signal 1 belongs to a live owner, signal 2 to one that plays recordings."""
    return Watermarks(OwnerIndex({1: LIVE, 2: PLAYED}, frozenset({PLAYED})))


def hear(mark: Watermarks, signal: int, delay_ms: int, now_ms: int) -> bool:
    """One reading arrives; whether it is late."""
    ids, time = np.array([signal], np.uint32), np.array([now_ms - delay_ms], np.int64)
    late = bool(mark.late(ids, time)[0])
    mark.observe(ids, time, np.array([now_ms], np.int64), now_ms)
    return late


def tick(mark: Watermarks, now_ms: int) -> None:
    none = np.zeros(0, np.int64)
    mark.observe(none.astype(np.uint32), none, none, now_ms)


def at(mark: Watermarks, owner: int) -> int:
    return int(mark.at[list(mark.index.owners).index(owner)])


def test_after_a_start_the_longest_delay_is_allowed_for() -> None:
    mark = marks()
    tick(mark, NOW)
    assert at(mark, LIVE) == NOW - LONGEST_MS - SLACK_MS
    assert not hear(mark, 1, LONGEST_MS - 1, NOW + 1)


def test_a_prompt_device_is_judged_by_the_wall_clock_within_two_minutes_of_the_start() -> None:
    mark = marks()
    for second in range(120):
        assert not hear(mark, 1, 5, NOW + second * 1000)
    assert at(mark, LIVE) == NOW + 119_000 - 5 - SLACK_MS


def test_a_device_whose_clock_lags_is_followed_and_never_late() -> None:
    mark = marks()
    for second in range(300):
        assert not hear(mark, 1, 20_000, NOW + second * 1000)
    assert at(mark, LIVE) == NOW + 299_000 - 20_000 - SLACK_MS


def test_a_delay_that_grows_a_little_makes_nothing_late() -> None:
    mark = marks()
    for second in range(120):
        assert not hear(mark, 1, 5 + second * 250, NOW + second * 1000)


def test_a_reading_older_than_what_was_decided_is_late_and_the_watermark_stays() -> None:
    mark = marks()
    for second in range(120):
        hear(mark, 1, 5, NOW + second * 1000)
    before = at(mark, LIVE)
    assert hear(mark, 1, 600_000, NOW + 120_000)
    assert at(mark, LIVE) >= before


def test_an_owner_that_plays_recordings_is_followed_however_far_it_is_behind() -> None:
    mark = marks()
    for second in range(200):
        tick(mark, NOW + second * 1000)
    assert not hear(mark, 2, 50_000_000, NOW + 200_000)
    for second in range(201, 400):
        tick(mark, NOW + second * 1000)
    assert at(mark, PLAYED) <= NOW + 200_000 - 50_000_000 + 200_000
    assert not hear(mark, 2, 40_000_000, NOW + 400_000)


def test_owners_keep_their_watermark_when_others_come() -> None:
    mark = marks()
    for second in range(120):
        hear(mark, 1, 5, NOW + second * 1000)
    more = mark.of(OwnerIndex({1: LIVE, 2: PLAYED, 3: 8}, frozenset({PLAYED})))
    assert at(more, LIVE) == at(mark, LIVE)
    assert not hear(more, 3, 30_000, NOW + 120_000)
