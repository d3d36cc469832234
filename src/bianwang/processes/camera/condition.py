"""Whether the pictures of a camera can be judged, against a reference picture that outlives the process."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from bianwang.processes.camera.picture import jpeg, put
from bianwang.vision.frames import Frame
from bianwang.vision.health import Fault, Health

LEARNT_MS = 20_000
"""Good for so long, a picture becomes the reference of a camera that has none."""


class Condition:
    """One camera's. Whoever removes the reference makes the camera's present view the right one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._health = Health(reference=_read(path))
        self._has_reference = path.exists()
        self._good_since: int | None = None

    def step(self, frame: Frame, at_ms: int) -> Fault | None:
        """What has been wrong with the pictures for long enough."""
        if self._has_reference and not self._path.exists():
            self._health, self._has_reference, self._good_since = Health(), False, None
        fault = self._health.step(frame, at_ms / 1000)
        if fault is not None:
            self._good_since = None
        elif self._good_since is None:
            self._good_since = at_ms
        elif not self._has_reference and at_ms - self._good_since >= LEARNT_MS:
            put(self._path, jpeg(frame), at_ms)
            self._health, self._has_reference = Health(reference=frame), True
        return fault


def _read(path: Path) -> Frame | None:
    """The picture in a file; None where there is none that can be read."""
    try:
        found = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    except FileNotFoundError:
        return None
    return None if found is None else np.asarray(found, np.uint8)
