"""The camera process: follows the register, runs a thread a camera, writes down how cameras are."""

from __future__ import annotations

import logging
import os
import signal
import threading
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING

from django.db import DatabaseError, close_old_connections

from bianwang.modules.sensing import camera_signals, queries as sensing, services, watching
from bianwang.modules.sensing.models import Camera
from bianwang.modules.sensing.services import CameraChange
from bianwang.modules.sensing.watching import CameraConfig
from bianwang.platform.clock import now_ms
from bianwang.platform.config import config
from bianwang.platform.ledger.context import acting
from bianwang.platform.registry import registry
from bianwang.processes.camera.own_models import OwnModel, switched_on
from bianwang.processes.camera.reports import Reports
from bianwang.processes.camera.sender import Sender
from bianwang.telemetry.client import TelemetryClient

if TYPE_CHECKING:
    from bianwang.processes.camera.copies import Copies
    from bianwang.processes.camera.studio import Studio
    from bianwang.processes.camera.watch import Watch

log = logging.getLogger(__name__)

TURN_S = 1.0
LAST_S = 25.0
"""Seconds that a thread may take to end: it may be opening a stream, then reading one."""


@dataclass(frozen=True)
class Part:
    """Which of the cameras are this process's: number `part` (from 0) of `parts`."""

    part: int = 0
    parts: int = 1


class Cameras:
    """Everything that runs in the process; `turn` is called every second."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._sender = Sender(TelemetryClient(config().telemetry_socket()))
        self._reports = Reports(self._sender)
        self._revision = -1
        self._known: list[CameraConfig] = []
        self._idle: set[int] = set()
        self._watches: dict[int, tuple[CameraConfig, Watch]] = {}
        self._studio: Studio | None = None
        self._copies: Copies | None = None
        self._models: tuple[OwnModel, ...] = ()
        self._sender.start()

    @property
    def watched(self) -> set[int]:
        """The cameras that have a thread."""
        return set(self._watches)

    def turn(self) -> None:
        """Follow changes of the register and write what the cameras told. Raises DatabaseError."""
        revision = sensing.revisions().get("sensing", 0)
        if revision != self._revision:
            self._equip(switched_on())
            self._known = self._read()
            self._revision = revision
        self._follow_looks()
        self._reports.flush()
        # Without alarms there is nothing to attach to.
        if self._studio is not None and "alarms" in registry():
            self._witness(self._studio)

    def follow(self, cameras: list[CameraConfig]) -> None:
        """Watch these cameras in these ways, and no others."""
        wanted = {camera.id: camera for camera in cameras}
        for pk, (known, watch) in list(self._watches.items()):
            if wanted.get(pk) != known:
                watch.stop()
                # Its last picture must not come after the first of its successor.
                watch.join(LAST_S)
                del self._watches[pk]
        for pk in wanted.keys() - self._watches.keys():
            watch = self._made().watch(wanted[pk])
            self._watches[pk] = wanted[pk], watch
            watch.start()

    def _follow_looks(self) -> None:
        """Open what is always open and what somebody looks at, close the rest."""
        at_ms = now_ms()
        idle = {each.id for each in self._known if each.is_on_demand and not watching.is_looked_at(each.id, at_ms)}
        self.follow([each for each in self._known if each.id not in idle])
        for camera in idle - self._idle:
            watching.forget_picture(camera)
            self._reports.state(CameraChange(camera, Camera.Presence.IDLE, at_ms, "没有人看，打开画面时自动取流"))
        self._idle = idle

    def stop(self) -> None:
        """End all threads, write what is left."""
        for _, watch in self._watches.values():
            watch.stop()
        for _, watch in self._watches.values():
            watch.join(TURN_S)
        if self._copies is not None:
            self._copies.stop()
        self._sender.stop()
        self._reports.flush()

    def _witness(self, studio: Studio) -> None:
        """Attach to alarms what was seen of them, then the copies for those who may not tell people."""
        from bianwang.processes.camera.copies import Copies
        from bianwang.processes.camera.evidence import collect

        cameras = {pk: camera for pk, (camera, _) in self._watches.items()}
        with acting(None, "本机", name="视频接入"):
            collect(cameras, studio, now_ms())
            if studio.detector is not None:
                self._copies = self._copies or Copies()
                self._copies.turn(cameras)

    def _equip(self, models: tuple[OwnModel, ...]) -> None:
        """Work with these models of the customer's; where others were in use, every camera begins anew."""
        if models != self._models:
            self.follow([])
            self._studio, self._models = None, models

    def _read(self) -> list[CameraConfig]:
        part = self._part
        found = watching.cameras(part.part, part.parts)
        bare = [each.id for each in found if camera_signals.name(each.id, camera_signals.OK) not in each.signals]
        if not bare:
            return found
        with acting(None, "本机", name="视频接入"):
            services.ensure_signals(bare)
        return watching.cameras(part.part, part.parts)

    def _made(self) -> Studio:
        """What works with pictures: loaded when there is a camera, for it costs 100 MB."""
        if self._studio is None:
            from bianwang.processes.camera.studio import Studio

            self._studio = Studio(self._reports, self._models)
        return self._studio


def run(part: Part) -> None:
    """Run until SIGTERM or SIGINT."""
    stopping = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    cameras = Cameras(part)
    log.info("视频接入已就绪")
    while not stopping.wait(TURN_S):
        try:
            cameras.turn()
        except DatabaseError as error:
            log.error("数据库暂时不可用，稍后重试：%s", error)
            close_old_connections()
        except Exception:
            log.exception("周期任务出错")
    cameras.stop()
    log.info("视频接入已停止")
    # A thread inside FFmpeg cannot be interrupted, and leaving Python around it aborts.
    logging.shutdown()
    os._exit(0)
