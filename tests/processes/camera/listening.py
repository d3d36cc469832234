"""A camera that is watched in a test: who hears what it tells, and a clock that a test owns."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from math import ceil

from bianwang.modules.sensing.services import CameraChange
from bianwang.modules.sensing.watching import CameraConfig
from bianwang.platform.clock import now_ms
from bianwang.processes.camera.signals import Reading
from bianwang.processes.camera.suspecting import Suspected
from bianwang.processes.camera.timing import Clock

CAMERA = 7
OK, HEADS = 71, 72
SIGNALS = {f"camera.{CAMERA}.video_ok": OK, f"camera.{CAMERA}.3.head_count": HEADS}


@dataclass
class Listener:
    """Hears what a camera tells."""

    said: list[Reading] = field(default_factory=list)
    states: list[CameraChange] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    suspicions: list[Suspected] = field(default_factory=list)

    def readings(self, readings: list[Reading]) -> None:
        self.said += readings

    def state(self, change: CameraChange) -> None:
        self.states.append(change)

    def picture(self, camera: int, at_ms: int) -> None:
        self.seen.append(at_ms)

    def suspected(self, suspected: Suspected) -> None:
        self.suspicions.append(suspected)

    def of(self, signal: int) -> list[Reading]:
        return [each for each in self.said if each.signal == signal]

    @property
    def presences(self) -> list[str]:
        """States one after the other; what is said of them may have changed in between."""
        return [presence for presence, _ in groupby(change.presence for change in self.states)]


class Played(Clock):
    """A clock that passes only while somebody waits, and stops after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.start_ms = self._now = now_ms()
        self._end = self._now + round(seconds * 1000)

    def now_ms(self) -> int:
        return self._now

    def wait(self, seconds: float) -> None:
        self._now += max(0, ceil(seconds * 1000))
        if self._now >= self._end:
            self.stop()

    def seconds(self, at_ms: int) -> float:
        return (at_ms - self.start_ms) / 1000


def camera(address: str, **changes: object) -> CameraConfig:
    given = {
        "name": "泵房",
        "gb_code": "",
        "recorder": None,
        "is_analysed": False,
        "suspects": frozenset(),
        "sample_fps": 2.0,
        "signals": SIGNALS,
    }
    return CameraConfig(id=CAMERA, owner=1, address=address, **given | changes)  # type: ignore[arg-type]
