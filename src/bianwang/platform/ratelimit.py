"""Rate limits for what one person or one address may ask of the web process.

Kept in the memory of the process, not in the database: a limit sheds load, and a flood must not become
database writes. What has to be exact across processes and restarts, the lock-out of an account, is in the
database (`accounts.services`). With N web processes the effective limit is at most N times the one given.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError


class TooOften(ValidationError):
    """Too many attempts; the message is one Chinese sentence that says when to try again. Forms show it as it is."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        wait = f"{seconds} 秒" if seconds < 120 else f"{-(-seconds // 60)} 分钟"
        super().__init__(f"操作过于频繁，请在 {wait}后再试。")


@dataclass
class RateLimit:
    """At most `count` attempts in any `seconds` for one key (an address, a user id).

    `keys` bounds the memory: beyond it, the keys seen longest ago are forgotten.
    """

    count: int
    seconds: float
    keys: int = 10_000
    _seen: OrderedDict[object, deque[float]] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def hit(self, key: object) -> None:
        """Count one attempt. Raises TooOften, which counts nothing, when the limit is reached."""
        moment = time.monotonic()
        with self._lock:
            times = self._seen.setdefault(key, deque())
            self._seen.move_to_end(key)
            while times and times[0] <= moment - self.seconds:
                times.popleft()
            if len(times) >= self.count:
                raise TooOften(max(1, round(times[0] + self.seconds - moment)))
            times.append(moment)
            if len(self._seen) > self.keys:
                self._seen.popitem(last=False)

    def clear(self) -> None:
        """Forget every key."""
        with self._lock:
            self._seen.clear()


LOGIN = RateLimit(30, 60)
"""Log-in attempts of one address: an office behind one address still gets in, a guesser does not get far."""
UPLOAD = RateLimit(120, 60)
"""Files of one user."""
IMPORT = RateLimit(10, 60)
"""Import sheets of one user."""
PUBLIC = RateLimit(30, 60)
"""Answers of one address to a public survey: people behind one address still get through, a script does not get far."""
