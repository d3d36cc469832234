"""What all cameras of the process tell: readings to the intake at once, states to the database in bulk."""

from __future__ import annotations

import logging
import threading

from django.core.exceptions import ValidationError

from bianwang.modules.sensing import services as sensing
from bianwang.modules.sensing.services import CameraChange
from bianwang.processes.camera.sender import Sender
from bianwang.processes.camera.signals import Reading
from bianwang.processes.camera.suspecting import Suspected, tell

log = logging.getLogger(__name__)

PICTURE_MS = 30_000
"""How old the time of the newest picture may be in the database: not every picture is a write there."""


class Reports:
    """Takes from every thread; `flush` writes, and may be repeated after a failure."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._lock = threading.Lock()
        self._changes: list[CameraChange] = []
        self._suspected: list[Suspected] = []
        self._seen: dict[int, int] = {}
        self._written: dict[int, int] = {}

    def readings(self, readings: list[Reading]) -> None:
        """Readings of one moment."""
        if readings:
            self._sender.put(readings)

    def state(self, change: CameraChange) -> None:
        """A camera's new state."""
        with self._lock:
            self._changes.append(change)

    def picture(self, camera: int, at_ms: int) -> None:
        """A camera gave a picture."""
        self._seen[camera] = at_ms

    def suspected(self, suspected: Suspected) -> None:
        """Something for people to judge."""
        with self._lock:
            self._suspected.append(suspected)

    def flush(self) -> None:
        """Write what is new. Raises DatabaseError and loses nothing."""
        while self._suspected:
            self._tell(self._suspected[0])
            with self._lock:
                del self._suspected[0]
        taken = len(self._changes)
        if taken:
            sensing.record_cameras(self._changes[:taken])
            with self._lock:
                del self._changes[:taken]
        written = self._written
        news = {pk: ms for pk, ms in self._seen.copy().items() if ms - written.get(pk, -PICTURE_MS) >= PICTURE_MS}
        if news:
            sensing.record_pictures(news)
            written.update(news)

    def _tell(self, suspected: Suspected) -> None:
        """One that cannot be taken must not keep the others waiting."""
        try:
            tell(suspected)
        except (ValidationError, ValueError, OSError) as error:
            log.error("摄像机 %d 的疑似情形没有进入待复核：%s", suspected.camera, error)
