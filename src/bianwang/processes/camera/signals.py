"""What the signals of one camera say, and which readings that makes: every change, and all of them every 10 s."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bianwang.modules.sensing import camera_signals
from bianwang.modules.sensing.watching import CameraConfig

BEAT_MS = 10_000
GOOD, BAD = 0, 2


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one signal at a moment in ms."""

    signal: int
    at_ms: int
    value: float
    quality: int = GOOD


class Signals:
    """The present values of a camera's signals."""

    def __init__(self, camera: CameraConfig) -> None:
        self._camera = camera
        self._regions = {region.name: region.id for region in camera.regions}
        self._ok = camera.signals.get(camera_signals.name(camera.id, camera_signals.OK))
        self._now: dict[int, tuple[float, int]] = {}
        self._told: dict[int, tuple[float, int]] = {}
        self._beat_ms = 0
        self._last_ms = 0

    def count(self, told: Mapping[tuple[str, str], float]) -> None:
        """What the analyser says, by region and quantity."""
        for (region, quantity), value in told.items():
            name = camera_signals.name(self._camera.id, quantity, self._regions[region])
            signal = self._camera.signals.get(name)
            if signal is not None:
                self._now[signal] = (value, GOOD)

    def well(self, is_well: bool) -> None:
        """Whether the picture can be judged. Where it cannot, what was counted is no evidence any longer."""
        if not is_well:
            self._now = dict.fromkeys(self._camera.signals.values(), (0.0, BAD))
        if self._ok is not None:
            self._now[self._ok] = (float(is_well), GOOD)

    def due(self, at_ms: int) -> list[Reading]:
        """The readings to send at a moment."""
        at_ms = max(at_ms, self._last_ms + 1)
        if at_ms - self._beat_ms >= BEAT_MS:
            self._beat_ms, self._told = at_ms, {}
        changed = {signal: state for signal, state in self._now.items() if self._told.get(signal) != state}
        if changed:
            self._last_ms = at_ms
            self._told = dict(self._now)
        return [Reading(signal, at_ms, *state) for signal, state in changed.items()]
