"""One camera as its pictures show it: how it is, what its signals say, its newest picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np

from bianwang.modules.sensing.models import Camera
from bianwang.modules.sensing.services import CameraChange
from bianwang.modules.sensing.watching import REFERENCE, CameraConfig
from bianwang.processes.camera.condition import Condition
from bianwang.processes.camera.heads import Heads
from bianwang.processes.camera.picture import Picture, jpeg
from bianwang.processes.camera.signals import Reading, Signals
from bianwang.processes.camera.suspecting import Suspected
from bianwang.vision.analyser import Analyser
from bianwang.vision.frames import Frame
from bianwang.vision.health import Fault
from bianwang.vision.privacy import without_faces
from bianwang.vision.suspicion import Suspicion

SILENT_MS = 15_000
"""Without a picture for so long a camera is offline."""
_WORDS: Mapping[Fault, str] = {
    "frozen": "画面一直没有变化，请检查摄像机",
    "black": "画面全黑，请检查镜头和照明",
    "blurred": "画面模糊，请擦拭或重新对焦",
    "moved": "镜头方向变了，请转回原位，或在摄像机页认定方向正确",
}


class Told(Protocol):
    """Where an eye says what it sees; from its own thread."""

    def readings(self, readings: list[Reading]) -> None: ...

    def state(self, change: CameraChange) -> None: ...

    def picture(self, camera: int, at_ms: int) -> None: ...

    def suspected(self, suspected: Suspected) -> None: ...


class Eye:
    """Belongs to one thread; `since_ms` is when it began to look."""

    def __init__(
        self,
        camera: CameraConfig,
        folder: Path,
        told: Told,
        analyser: Analyser | None,
        heads: Heads | None,
        since_ms: int,
    ) -> None:
        self._camera = camera
        self._told = told
        self._analyser = analyser
        self._condition = Condition(folder / REFERENCE)
        self._heads = heads
        self._picture = Picture(folder, heads)
        self._signals = Signals(camera)
        self._state: tuple[str, str] | None = None
        self._seen_ms = since_ms
        self._suspected: set[tuple[str, str, float]] = set()

    def see(self, frame: Frame, at_ms: int) -> None:
        """Take the next sampled picture, taken at a moment that is later than the last."""
        self._seen_ms = at_ms
        fault = self._condition.step(frame, at_ms)
        if fault is not None:
            self._become(fault, at_ms, _WORDS[fault])
        else:
            self._become(Camera.Presence.ONLINE, at_ms)
            self._analyse(frame, at_ms)
        self._picture.show(frame, at_ms, is_analysed=fault is None and self._analyser is not None)
        self._told.picture(self._camera.id, at_ms)
        self._told.readings(self._signals.due(at_ms))

    def miss(self, at_ms: int, why: str) -> None:
        """There is no picture at this moment, and why."""
        if at_ms - self._seen_ms >= SILENT_MS:
            self._become(Camera.Presence.OFFLINE, at_ms, why)
        self._told.readings(self._signals.due(at_ms))

    def _analyse(self, frame: Frame, at_ms: int) -> None:
        if self._analyser is None:
            return
        observation = self._analyser.step(frame, at_ms / 1000)
        if self._heads is not None:
            self._heads.saw(self._analyser.found, at_ms / 1000)
        self._signals.count(observation.signals)
        # What lasts is told again in every picture; it is one suspicion.
        going_on = {(each.kind, each.region, each.since): each for each in observation.suspicions}
        for key in going_on.keys() - self._suspected:
            self._told.suspected(self._suspicion(going_on[key], frame, at_ms))
        self._suspected = set(going_on)

    def _suspicion(self, suspicion: Suspicion, frame: Frame, at_ms: int) -> Suspected:
        height, width = frame.shape[:2]
        x1, y1, x2, y2 = (min(1.0, max(0.0, value)) for value in np.divide(suspicion.box, (width, height) * 2).tolist())
        box = (x1, y1, x2, y2)
        hidden = jpeg(without_faces(frame, self._heads.boxes)) if self._heads is not None else b""
        kind, region, score = suspicion.kind, suspicion.region, suspicion.score
        return Suspected(self._camera.id, kind, region, score, at_ms, box, jpeg(frame), hidden)

    def _become(self, presence: str, at_ms: int, detail: str = "") -> None:
        if (presence, detail) == self._state:
            return
        self._state = presence, detail
        self._signals.well(presence == Camera.Presence.ONLINE)
        self._told.state(CameraChange(self._camera.id, presence, at_ms, detail))
