"""The background loop: `bian loop`. Three lanes: a long job delays neither messages and deadlines nor the ledger."""

from __future__ import annotations

import logging
import signal
import threading
from datetime import timedelta
from types import FrameType

from django.db import DatabaseError, close_old_connections, transaction
from django.urls import get_resolver

from bianwang.platform.jobs.services import RENEW, Worker, all_jobs, worker_name
from bianwang.platform.ledger.context import acting
from bianwang.platform.ledger.models import SealLease
from bianwang.platform.ledger.services import record

log = logging.getLogger("bianwang.loop")

_LONGEST_PAUSE = 10.0
_QUICK = timedelta(milliseconds=500)
"""Jobs more frequent than this have the quick lane, so they must be short."""


class Lane(threading.Thread):
    """A worker in a thread of its own, until `stop` is set; the job in hand is finished first."""

    def __init__(self, name: str, worker: Worker, stop: threading.Event) -> None:
        super().__init__(name=name)
        self.worker = worker
        self._stopping = stop

    def run(self) -> None:
        """Run what is due, sleep until the next; a database that is away is waited for."""
        pause = 0.5
        while not self._stopping.is_set():
            try:
                close_old_connections()
                self._stopping.wait(self.worker.run_due())
                pause = 0.5
            except DatabaseError as error:
                log.error("数据库暂时不可用：%s；%.0f 秒后重试", error, pause)
                self._stopping.wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
        self._finish()

    def _finish(self) -> None:
        try:
            self.worker.release()
        except DatabaseError as error:
            log.error("停止时未能交还后台任务：%s；其他进程将在片刻后接手", error)
        finally:
            close_old_connections()


def main() -> int:
    """Run as a process of its own until SIGTERM or SIGINT; the exit status."""
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    run(stop)
    return 0


def run(stop: threading.Event) -> None:
    """Run all jobs until `stop` is set; jobs in hand are finished before it returns."""
    # The first address that a job asks for loads the code of every page: seconds in which it would hold the database.
    _ = get_resolver().url_patterns
    jobs = all_jobs()
    quick = Worker(worker_name(), [job for job in jobs if job.every < _QUICK])
    slow = Worker(worker_name(), [job for job in jobs if job.every >= _QUICK and not job.is_long])
    long = Worker(worker_name(), [job for job in jobs if job.is_long])
    _note("ledger.start")
    lanes = [Lane("quick", quick, stop), Lane("slow", slow, stop), Lane("long", long, stop)]
    for lane in lanes:
        lane.start()
    log.info("后台循环已启动，共 %d 项任务", len(jobs))
    while not stop.wait(RENEW.total_seconds()):
        _renew(lanes)
    for lane in lanes:
        # A job in hand may take long: its claim stays ours until it is done.
        while lane.is_alive():
            lane.join(RENEW.total_seconds())
            _renew(lanes)
    _note("ledger.stop")
    log.info("后台循环已停止")


def _renew(lanes: list[Lane]) -> None:
    try:
        close_old_connections()
        for lane in lanes:
            lane.worker.renew()
    except DatabaseError as error:
        log.error("未能续期后台任务：%s", error)


def _note(verb: str) -> None:
    """The ledger tells when it was running (GB/T 22239-2019 audit of the audit itself)."""
    with acting(None, "后台任务"), transaction.atomic():
        lease, _ = SealLease.objects.get_or_create(pk=1)
        record(verb, lease, owner=None)
