"""Copies of clips with heads hidden, made one after the other by a process beside this one."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bianwang.modules.alarms.services.evidence import attach_copy, clips_to_copy
from bianwang.platform.files.models import Attachment
from bianwang.platform.files.storage import path_of

log = logging.getLogger(__name__)

_PROGRAM = "bianwang.processes.camera.hiding"
_LONGEST_S = 900
"""A clip takes 12 s of one core, and whatever else runs comes first."""


@dataclass(frozen=True)
class _Work:
    clip: Attachment
    folder: TemporaryDirectory[str]
    process: subprocess.Popen[bytes]
    until: float

    @property
    def target(self) -> Path:
        return Path(self.folder.name, "copy.mp4")


class Copies:
    """`turn` never waits. What fails is tried again by the next process."""

    def __init__(self) -> None:
        self._work: _Work | None = None
        self.failed: set[int] = set()
        """Clips of which no copy could be made."""

    def turn(self, cameras: Collection[int]) -> None:
        """Attach the copy that is ready, begin the next of these cameras'. Raises DatabaseError."""
        if self._work is not None and self._is_over(self._work):
            work, self._work = self._work, None
            with work.folder:
                self._finish(work)
        if self._work is None:
            waiting = (clip for clip in clips_to_copy(cameras) if clip.pk not in self.failed)
            if (clip := next(waiting, None)) is not None:
                self._work = _begun(clip)

    def stop(self) -> None:
        """Leave what is half done to the next process."""
        if self._work is not None:
            self._work.process.kill()
            self._work.process.wait()
            self._work.folder.cleanup()
            self._work = None

    def _is_over(self, work: _Work) -> bool:
        if work.process.poll() is None and time.monotonic() > work.until:
            work.process.kill()
            work.process.wait()
        return work.process.poll() is not None

    def _finish(self, work: _Work) -> None:
        if work.process.returncode:
            self.failed.add(work.clip.pk)
            log.error("录像“%s”没能打码，无权限者看不到它", work.clip.name)
            return
        attach_copy(work.clip, work.target.read_bytes())
        log.info("录像“%s”有了打码副本", work.clip.name)


def _begun(clip: Attachment) -> _Work:
    folder = TemporaryDirectory(prefix="bian-copy-")
    command = [sys.executable, "-m", _PROGRAM, str(path_of(clip.digest)), str(Path(folder.name, "copy.mp4"))]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return _Work(clip, folder, process, time.monotonic() + _LONGEST_S)
