"""N of M: nothing is said before it was seen in N of the last M pictures."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Persistence:
    """``needed`` of the last ``among`` pictures."""

    needed: int = 2
    among: int = 3


class Steady:
    """A number that rises only once it was reached in N of the last M pictures, and falls likewise for M - N + 1."""

    def __init__(self, rule: Persistence) -> None:
        self._needed = rule.needed
        self._last: deque[float] = deque(maxlen=rule.among)

    def step(self, value: float) -> float:
        """The largest number that at least N of the last M pictures reached; 0 before there were N."""
        self._last.append(value)
        if len(self._last) < self._needed:
            return 0.0
        return sorted(self._last, reverse=True)[self._needed - 1]
