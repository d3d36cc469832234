"""Tells the business database, in batches, which devices are there and what was refused."""

from __future__ import annotations

from bianwang.modules.sensing import services as sensing
from bianwang.modules.sensing.services import PresenceChange, RefusalCount
from bianwang.processes.intake.presence import Change, Presence
from bianwang.processes.intake.refusals import Refusals

_PRESENCE = {
    "online": "online",
    "heard": "online",
    "clock_ok": "online",
    "offline": "offline",
    "silent": "silent",
    "clock_fault": "clock_fault",
}


class Reporter:
    """Collects on the event loop; `flush` writes, on any thread, and may be repeated after a failure."""

    def __init__(self, presence: Presence, refusals: Refusals) -> None:
        self._presence = presence
        self._refusals = refusals
        self._changes: list[Change] = []
        self._told_heard: dict[int, int] = {}
        self._told_refused: dict[tuple[str, str], int] = {}
        presence.on_change(self._changes.append)

    def flush(self) -> None:
        """Write everything new since the last success. Raises DatabaseError and loses nothing."""
        taken = len(self._changes)
        states = [PresenceChange(c.device, _PRESENCE[c.state], c.at_ms, c.detail) for c in self._changes[:taken]]
        if states:
            sensing.record_presence(states)
            del self._changes[:taken]
        heard = dict(self._presence.heard)
        news = {device: ms for device, ms in heard.items() if self._told_heard.get(device) != ms}
        if news:
            sensing.record_heard(news)
            self._told_heard.update(news)
        self._flush_refusals()

    def _flush_refusals(self) -> None:
        rows = []
        for entry in self._refusals.list():
            new = entry.count - self._told_refused.get((entry.device, entry.reason), 0)
            if new > 0:
                rows.append(RefusalCount(entry.device, entry.reason, new, entry.last_ms, entry.example))
        if rows:
            sensing.record_refusals(rows)
            for row in rows:
                key = (row.key, row.reason)
                self._told_refused[key] = self._told_refused.get(key, 0) + row.count
