"""Rate limits count per key, in a sliding window, in bounded memory."""

from __future__ import annotations

import threading

import pytest

from bianwang.platform import ratelimit
from bianwang.platform.ratelimit import RateLimit, TooOften


class Clock:
    """Stands for time.monotonic."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(ratelimit, "time", made)
    return made


def test_the_window_slides(clock: Clock) -> None:
    limit = RateLimit(2, 10)
    limit.hit("a")
    clock.now += 6
    limit.hit("a")
    with pytest.raises(TooOften, match="请在 4 秒后再试"):
        limit.hit("a")
    clock.now += 4.1
    limit.hit("a")
    with pytest.raises(TooOften):
        limit.hit("a")


def test_refused_attempts_do_not_prolong_the_wait(clock: Clock) -> None:
    limit = RateLimit(1, 10)
    limit.hit("a")
    for _ in range(5):
        clock.now += 1
        with pytest.raises(TooOften):
            limit.hit("a")
    clock.now += 5.1
    limit.hit("a")


def test_keys_do_not_disturb_each_other(clock: Clock) -> None:
    limit = RateLimit(1, 10)
    limit.hit("a")
    limit.hit("b")
    limit.hit(1)


def test_memory_is_bounded(clock: Clock) -> None:
    limit = RateLimit(2, 1000, keys=3)
    for key in range(10):
        limit.hit(key)
    assert len(limit._seen) == 3


def test_threads_share_one_count() -> None:
    limit = RateLimit(100, 1000)
    refused = []

    def hammer() -> None:
        for _ in range(50):
            try:
                limit.hit("a")
            except TooOften:
                refused.append(1)

    threads = [threading.Thread(target=hammer) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 8 * 50 - 100
