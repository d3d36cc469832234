"""What was refused, by device and reason: counted always, logged once per device, reason and period."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from bianwang.platform.clock import now_ms

log = logging.getLogger(__name__)

LOG_PERIOD_MS = 3_600_000
MAX_ENTRIES = 50_000
"""Most (device, reason) pairs kept: strangers must not be able to fill the memory."""


@dataclass(slots=True)
class Refused:
    """How often something was refused; `example` is the latest reason in Chinese."""

    device: str
    reason: str
    count: int = 0
    first_ms: int = 0
    last_ms: int = 0
    logged_ms: int = 0
    example: str = ""


class Refusals:
    """Counts per device key (or peer address, where no device is known) and reason code."""

    def __init__(self, clock: Callable[[], int] = now_ms) -> None:
        self._clock = clock
        self._entries: dict[tuple[str, str], Refused] = {}
        self.total = 0

    def add(self, device: str, reason: str, example: str = "", count: int = 1) -> None:
        """Count `count` refusals of `reason` (a stable code) and log the first of the period."""
        self.total += count
        entry = self._entries.get((device, reason))
        if entry is None:
            if len(self._entries) >= MAX_ENTRIES:
                self._entries.pop(next(iter(self._entries)))
            entry = self._entries[device, reason] = Refused(device, reason, first_ms=self._clock())
        entry.count += count
        entry.last_ms = self._clock()
        entry.example = example
        if entry.last_ms - entry.logged_ms >= LOG_PERIOD_MS:
            entry.logged_ms = entry.last_ms
            log.warning("拒收 %s 的数据（%s）：%s", device, reason, example)

    def count(self, device: str, reason: str) -> int:
        """How often `reason` was counted for `device`."""
        entry = self._entries.get((device, reason))
        return entry.count if entry else 0

    def list(self) -> list[Refused]:
        """All counts, latest first."""
        return sorted(self._entries.values(), key=lambda entry: -entry.last_ms)
