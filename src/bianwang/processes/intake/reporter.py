"""Tells the business database, in batches, which devices are there and what was refused."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from bianwang.modules.sensing import services as sensing
from bianwang.modules.sensing.services import PresenceChange, RefusalCount
from bianwang.processes.intake.presence import Change, Presence
from bianwang.processes.intake.refusals import Refusals

HEARD_MS = 30_000
"""How old the time at which a device was last heard may be in the database: not every message is a write there."""
PIECE = 200
"""Refusals of one transaction, so that a failure repeats none that was written."""

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
        self._lock = threading.Lock()
        self._changes: list[Change] = []
        self._told_heard: dict[int, int] = {}
        self._told_refused: dict[tuple[str, str, int], int] = {}
        presence.on_change(self._changes.append)

    def resume(self, states: Mapping[int, str]) -> None:
        """Go on from the states of the last run: a device reported as silent or with a wrong clock may be well now."""
        self._presence.silent.update(device for device, state in states.items() if state == "silent")
        self._presence.clock_faults.update({device: 1 for device, state in states.items() if state == "clock_fault"})

    def flush(self, *, last: bool = False) -> None:
        """Write everything new since the last success; the `last` time also what could wait.

        Raises DatabaseError and loses nothing.
        """
        with self._lock:
            self._flush_changes()
            self._flush_heard(0 if last else HEARD_MS)
            self._flush_refusals()

    def _flush_changes(self) -> None:
        taken = len(self._changes)
        if taken:
            changes = self._changes[:taken]
            sensing.record_presence([PresenceChange(c.device, _PRESENCE[c.state], c.at_ms, c.detail) for c in changes])
            del self._changes[:taken]

    def _flush_heard(self, age_ms: int) -> None:
        told = self._told_heard
        heard = dict(self._presence.heard)
        news = {device: ms for device, ms in heard.items() if ms - told.get(device, -age_ms - 1) > age_ms}
        if news:
            sensing.record_heard(news)
            told.update(news)

    def _flush_refusals(self) -> None:
        # An entry may have been dropped and begun anew: its first moment tells them apart.
        entries = {(e.device, e.reason, e.first_ms): e for e in self._refusals.list()}
        self._told_refused = told = {key: self._told_refused[key] for key in entries.keys() & self._told_refused}
        rows = {}
        for key, entry in entries.items():
            count = entry.count - told.get(key, 0)
            if count:
                rows[key] = RefusalCount(entry.device, entry.reason, count, entry.last_ms, entry.example)
        keys = list(rows)
        for piece in (keys[start : start + PIECE] for start in range(0, len(keys), PIECE)):
            sensing.record_refusals([rows[key] for key in piece])
            for key in piece:
                told[key] = told.get(key, 0) + rows[key].count
