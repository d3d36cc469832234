"""Keeps the platform's processes running: starts them, restarts what dies, stops all together."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType

log = logging.getLogger("bianwang.supervisor")

STOP_SECONDS = 15
LONGEST_PAUSE = 10.0


@dataclass
class Child:
    """One process under supervision, named by its `bian` sub-command."""

    name: str
    arguments: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    restart_at: float = 0.0
    pause: float = 0.5
    started: float = field(default=0.0)

    def start(self) -> None:
        """Start it as the leader of its own process group, so that Ctrl+C reaches it through us only."""
        command = [sys.executable, "-m", "bianwang.processes.cli", *self.arguments]
        self.process = subprocess.Popen(command, start_new_session=True)
        self.started = time.monotonic()
        log.info("%s 已启动，进程号 %d", self.name, self.process.pid)

    def watch(self, now: float) -> None:
        """Restart it when it has died: at once after a long life, later and later when it keeps dying."""
        if self.process is not None and (status := self.process.poll()) is not None:
            self.pause = 0.5 if now - self.started > 60 else min(self.pause * 2, LONGEST_PAUSE)
            log.error("%s 意外退出（状态 %d），%.0f 秒后重新启动", self.name, status, self.pause)
            self.process, self.restart_at = None, now + self.pause
        if self.process is None and now >= self.restart_at:
            self.start()


class Supervisor:
    """Runs children until SIGTERM or SIGINT."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self.stopping = False

    def run(self) -> int:
        """Start everything, watch, stop everything; the exit status."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.stopping:
            now = time.monotonic()
            for child in self.children:
                child.watch(now)
            time.sleep(0.2)
        self._stop_children()
        return 0

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _stop_children(self) -> None:
        alive = [child.process for child in self.children if child.process is not None]
        for process in alive:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in alive:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        log.info("已全部停止")
