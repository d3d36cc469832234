"""What the cameras of a process share (detector, the customer's own models), and how a camera's thread is made."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import cached_property
from typing import Literal, cast

from bianwang.modules.sensing import watching
from bianwang.modules.sensing.watching import CameraConfig
from bianwang.processes.camera import ring
from bianwang.processes.camera.detectors import SharedDetector
from bianwang.processes.camera.eye import Eye, Told
from bianwang.processes.camera.heads import Heads
from bianwang.processes.camera.own_models import OwnModel, finders
from bianwang.processes.camera.ring import Ring
from bianwang.processes.camera.timing import Clock
from bianwang.processes.camera.watch import Watch
from bianwang.vision.analyser import Analyser, Settings
from bianwang.vision.errors import VisionError
from bianwang.vision.finder import Finder
from bianwang.vision.model import Model
from bianwang.vision.regions import Region
from bianwang.vision.suspicion import Kind

log = logging.getLogger(__name__)


class Studio:
    """Makes the threads of cameras."""

    def __init__(self, told: Told, models: Iterable[OwnModel] = ()) -> None:
        self._told = told
        self._models = models

    def watch(self, camera: CameraConfig, clock: Clock | None = None) -> Watch:
        """The thread of a camera, not yet started."""
        time = clock or Clock()
        return Watch(camera, self.eye(camera, time.now_ms()), Ring(ring.folder(camera.id)), time)

    def eye(self, camera: CameraConfig, since_ms: int) -> Eye:
        """What looks at the pictures of a camera from a moment on."""
        return Eye(camera, watching.folder(camera.id), self._told, self._analyser(camera), self._heads(), since_ms)

    @cached_property
    def detector(self) -> SharedDetector | None:
        """The detector, loaded when it is first needed; None where it cannot be, which the log tells."""
        try:
            return SharedDetector(Model.default())
        except VisionError as error:
            log.error("视频分析没有启用，画面和故障判断不受影响：%s", error)
            return None

    @cached_property
    def _finders(self) -> list[Finder]:
        return finders(self._models)

    def _heads(self) -> Heads | None:
        return None if self.detector is None else Heads(self.detector)

    def _analyser(self, camera: CameraConfig) -> Analyser | None:
        if not camera.is_analysed or self.detector is None:
            return None
        try:
            return Analyser(self.detector, regions(camera), _settings(camera), self._finders)
        except VisionError as error:
            log.error("摄像机 %d 的分析没有启用：%s", camera.id, error)
            return None


def _settings(camera: CameraConfig) -> Settings:
    return Settings(fps=camera.sample_fps, suspect=cast(frozenset[Kind], camera.suspects))


def regions(camera: CameraConfig) -> list[Region]:
    """The regions of a camera as the analyser takes them."""
    return [Region(row.name, cast(Literal["area", "line"], row.kind), row.points, row.use) for row in camera.regions]
