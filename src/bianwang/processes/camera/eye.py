"""One camera as its pictures show it: how it is, what its signals say, its newest picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from bianwang.modules.sensing.models import Camera
from bianwang.modules.sensing.services import CameraChange
from bianwang.modules.sensing.watching import PICTURE, REFERENCE, CameraConfig
from bianwang.processes.camera.condition import Condition
from bianwang.processes.camera.picture import Picture
from bianwang.processes.camera.signals import Reading, Signals
from bianwang.vision.analyser import Analyser
from bianwang.vision.frames import Frame
from bianwang.vision.health import Fault

SILENT_MS = 15_000
"""Without a picture for so long a camera is offline."""
_WORDS: Mapping[Fault, str] = {
    "frozen": "画面一直没有变化，请检查摄像机",
    "black": "画面全黑，请检查镜头和照明",
    "blurred": "画面模糊，请擦拭或重新对焦",
    "moved": "镜头方向变了，请转回原位，或重新绘制监视区域",
}


class Told(Protocol):
    """Where an eye says what it sees; from its own thread."""

    def readings(self, readings: list[Reading]) -> None: ...

    def state(self, change: CameraChange) -> None: ...

    def picture(self, camera: int, at_ms: int) -> None: ...


class Eye:
    """Belongs to one thread; `since_ms` is when it began to look."""

    def __init__(
        self, camera: CameraConfig, folder: Path, told: Told, analyser: Analyser | None, since_ms: int
    ) -> None:
        self._camera = camera
        self._told = told
        self._analyser = analyser
        self._condition = Condition(folder / REFERENCE)
        self._picture = Picture(folder / PICTURE)
        self._signals = Signals(camera)
        self._state: tuple[str, str] | None = None
        self._seen_ms = since_ms

    def see(self, frame: Frame, at_ms: int) -> None:
        """Take the next sampled picture, taken at a moment that is later than the last."""
        self._seen_ms = at_ms
        fault = self._condition.step(frame, at_ms)
        self._picture.show(frame, at_ms)
        self._told.picture(self._camera.id, at_ms)
        if fault is not None:
            self._become(fault, at_ms, _WORDS[fault])
        else:
            self._become(Camera.Presence.ONLINE, at_ms)
            self._analyse(frame, at_ms)
        self._told.readings(self._signals.due(at_ms))

    def miss(self, at_ms: int, why: str) -> None:
        """There is no picture at this moment, and why."""
        if at_ms - self._seen_ms >= SILENT_MS:
            self._become(Camera.Presence.OFFLINE, at_ms, why)
        self._told.readings(self._signals.due(at_ms))

    def _analyse(self, frame: Frame, at_ms: int) -> None:
        if self._analyser is not None:
            self._signals.count(self._analyser.step(frame, at_ms / 1000).signals)

    def _become(self, presence: str, at_ms: int, detail: str = "") -> None:
        if (presence, detail) == self._state:
            return
        self._state = presence, detail
        self._signals.well(presence == Camera.Presence.ONLINE)
        self._told.state(CameraChange(self._camera.id, presence, at_ms, detail))
