"""How often strangers may fail to say who they are."""

from __future__ import annotations

import time

PERIOD_S = 60
MOST = 20
"""Failures of one address in one period."""
MOST_ADDRESSES = 10_000


class Attempts:
    """Failures by address."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._failures: dict[str, tuple[float, int]] = {}

    def failed(self, address: str) -> bool:
        """Count a failure; False if the address has had too many of late."""
        now = time.monotonic()
        since, count = self._failures.pop(address, (now, 0))
        if now - since > PERIOD_S:
            since, count = now, 0
        if len(self._failures) >= MOST_ADDRESSES:
            del self._failures[next(iter(self._failures))]
        self._failures[address] = since, count + 1
        return count < self._most
