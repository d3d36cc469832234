"""Time as a camera's thread meets it: the wall clock, a stream's own clock, pauses between attempts."""

from __future__ import annotations

import random
import threading

from bianwang.platform.clock import now_ms

_JUMP_MS = 5_000
_DRIFT = 0.001
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 30.0
_LIVED_S = 10.0


class Clock:
    """The wall clock, and waiting that ends when the thread shall stop."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def now_ms(self) -> int:
        """The present moment."""
        return now_ms()

    def wait(self, seconds: float) -> None:
        """Wait, or return at once when stopped."""
        self._stop.wait(seconds)

    def stop(self) -> None:
        """End every wait."""
        self._stop.set()

    @property
    def stopped(self) -> bool:
        """Whether the thread shall end."""
        return self._stop.is_set()


class StreamClock:
    """When a frame was taken: its presentation time on the wall clock.

    The least delay between presentation and arrival stands for the delay of the network; what arrives later was
    held up, not taken later: as the first ones, which FFmpeg gathers before it gives any, from `began_ms` on. The
    stream's clock may run slower than ours by 1 in 1000; a jump starts anew.
    """

    def __init__(self, began_ms: int) -> None:
        self._began_ms = began_ms
        self._offset: float | None = None
        self._told = 0.0
        self._last = 0

    def at_ms(self, seconds: float, arrived_ms: int) -> int:
        """The moment of a frame of presentation time `seconds` that arrived at a moment; never before the last."""
        told = seconds * 1000
        offset = arrived_ms - told
        if self._offset is None:
            self._offset = min(offset, self._began_ms - told)
        elif not 0 <= offset - self._offset <= _JUMP_MS:
            self._offset = offset
        else:
            self._offset = min(offset, self._offset + _DRIFT * max(0.0, told - self._told))
        self._told = told
        self._last = max(self._last, round(told + self._offset))
        return self._last


class Backoff:
    """Pauses between attempts: longer and longer while they fail, each shortened by chance so that cameras that
    failed together do not come back together."""

    def __init__(self) -> None:
        self._pause = _FIRST_PAUSE_S

    def pause(self, lived_s: float) -> float:
        """Seconds to wait after an attempt that lasted so long."""
        if lived_s >= _LIVED_S:
            self._pause = _FIRST_PAUSE_S
        pause, self._pause = self._pause, min(self._pause * 2, _LONGEST_PAUSE_S)
        return pause * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
