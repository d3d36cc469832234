"""What a job takes from the platform: the rules in force, and where the intake's own judge stood."""

from __future__ import annotations

from pathlib import Path

from bianwang.modules.alarms import queries as alarms
from bianwang.platform.clock import now_ms
from bianwang.processes.cluster.bucket import Beginning
from bianwang.processes.cluster.judging import Listed
from bianwang.processes.intake import register
from bianwang.processes.intake.judging import snapshot_bytes


class PlatformRules:
    """The rules in force; the same object as long as nothing has changed."""

    def __init__(self) -> None:
        self._register = register.read()
        self._listed = self._of(self._register)

    def __call__(self) -> Listed:
        """Look whether something has changed."""
        if register.changed(self._register):
            before, self._register = self._register, register.read()
            if not self._register.judges_as(before):
                self._listed = self._of(self._register)
        return self._listed

    def _of(self, found: register.Register) -> Listed:
        return found.rules.instances, found.rules.rest_days


def beginning(snapshots: Path) -> Beginning:
    """The alarms that are open, and the newest snapshot of the intake's own judge, where it has judged before."""
    open_keys, interrupted = alarms.open_levels()
    return Beginning(now_ms(), snapshot_bytes(snapshots), tuple(open_keys), tuple(interrupted))
