"""Background work: each job runs in one place at a time, and one that fails holds up no other.

A worker owns a job when its conditional update of `next_at` changed the row. The claim is renewed while the
worker lives and runs out when it dies, so that another goes on. Frequent jobs keep their claim between
runs: the database is written only to take it and to renew it.

A worker that stood still (a stopped machine, a database that was away) may have lost its claim without knowing: it
runs nothing that it has not renewed in time, and every row of `each` is handled under the lock of the claim, or not.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction

from bianwang.platform.clock import now
from bianwang.platform.jobs.models import JobRun
from bianwang.platform.ledger.context import acting
from bianwang.platform.registry import Job, manifests, resolve

log = logging.getLogger(__name__)

Row = TypeVar("Row")

CLAIM = timedelta(seconds=10)
"""How long a claim lasts unless it is renewed; `RENEW` leaves room for three misses."""
RENEW = timedelta(seconds=2.5)
KEEP = timedelta(seconds=5)
"""Jobs at least this frequent keep their claim between runs."""
_held: ContextVar[tuple[str, str] | None] = ContextVar("claim", default=None)
"""Job and worker of the run in hand."""
# How often a worker looks for jobs that another has left or released, in seconds.
_LOOK = 1.0


def all_jobs() -> list[Job]:
    """Jobs of the platform and of every switched-on module."""
    return [job for module in manifests() for job in module.jobs]


def worker_name() -> str:
    """A name that no other worker has: host, process and a random part."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(3)}"


class Overtaken(Exception):
    """The claim ran out and another worker has the job."""


def hold_claim() -> None:
    """Keep the claim of the running job until the caller's transaction ends; outside a job there is none to keep.

    Raises Overtaken when another worker has it: what it does now must not be done here as well.
    """
    if (held := _held.get()) is None:
        return
    code, worker = held
    # Locked, so that nobody takes the job over before the transaction ends. (SQLite has one writer at a time anyway.)
    if JobRun.objects.select_for_update().filter(code=code, claimed_by=worker).first() is None:
        raise Overtaken("运行过久，已由其他进程接手")


class Worker:
    """Runs some jobs, one after another. Several workers, here or elsewhere, may be given the same jobs."""

    def __init__(self, name: str, jobs: Sequence[Job]) -> None:
        self.name = name
        self._jobs = {job.code: job for job in jobs}
        self._kept: dict[str, float] = {}
        self._look_at = 0.0
        self._sure_until = time.monotonic() + CLAIM.total_seconds()
        JobRun.objects.bulk_create([JobRun(code=job.code, next_at=now()) for job in jobs], ignore_conflicts=True)

    def run_due(self) -> float:
        """Run every job that is due and can be claimed; seconds until the next may be."""
        if time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + _LOOK
            for row in JobRun.objects.filter(code__in=self._jobs, next_at__lte=now()).order_by("next_at"):
                if self._claim(row):
                    self._run(row)
        if time.monotonic() >= self._sure_until:
            self._kept.clear()  # taken again by a claim, if nobody else did
        for code, at in list(self._kept.items()):
            if time.monotonic() >= at:
                self._run_kept(self._jobs[code])
        return max(0.0, min([self._look_at, *self._kept.values()]) - time.monotonic())

    def renew(self) -> None:
        """Prolong the claims; called by another thread, so that a long job stays ours while it runs."""
        asked = time.monotonic()
        JobRun.objects.filter(claimed_by=self.name).update(next_at=now() + CLAIM)
        self._sure_until = asked + CLAIM.total_seconds()
        ours = set(JobRun.objects.filter(claimed_by=self.name).values_list("code", flat=True))
        for code in set(self._kept) - ours:
            log.warning("后台任务 %s 已由其他进程接手", code)
            self._kept.pop(code, None)

    def release(self) -> None:
        """Give every claim back, so that another worker goes on at once."""
        self._kept.clear()
        JobRun.objects.filter(claimed_by=self.name).update(next_at=now(), claimed_by="")

    def _claim(self, row: JobRun) -> bool:
        changed = JobRun.objects.filter(code=row.code, next_at=row.next_at).update(
            next_at=now() + CLAIM, claimed_by=self.name, started_at=now()
        )
        return changed == 1

    def _run(self, row: JobRun) -> None:
        """A claimed job: run it, then give the claim back, or keep it when the job is a quick one."""
        job, started = self._jobs[row.code], now()
        error = self._attempt(job)
        if error:
            self._failed(job, row.failures + 1, error)
        elif job.every <= KEEP:
            if row.failures:
                self._write(job, failures=0)
            self._kept[job.code] = time.monotonic() + job.every.total_seconds()
        else:
            self._write(job, next_at=max(now(), started + job.every), claimed_by="", finished_at=now(), failures=0)

    def _run_kept(self, job: Job) -> None:
        if error := self._attempt(job):
            self._kept.pop(job.code, None)
            self._failed(job, 1, error)
        elif job.code in self._kept:
            self._kept[job.code] = time.monotonic() + job.every.total_seconds()

    def _attempt(self, job: Job) -> str:
        """Run a job as the platform's own act; the error in words, or ''."""
        token = _held.set((job.code, self.name))
        try:
            with acting(None, "后台任务"):
                resolve(job.run)()
        except (ConnectionError, Overtaken) as error:
            log.warning("后台任务“%s”稍后重试：%s", job.name, error)
            return str(error) or type(error).__name__
        except Exception as error:
            log.exception("后台任务“%s”失败", job.name)
            return str(error) or type(error).__name__
        finally:
            _held.reset(token)
        return ""

    def _failed(self, job: Job, failures: int, error: str) -> None:
        self._write(
            job,
            next_at=_retry_at(job, failures),
            claimed_by="",
            finished_at=now(),
            failures=failures,
            message=error[:300],
        )

    def _write(self, job: Job, **values: Any) -> None:
        if not JobRun.objects.filter(code=job.code, claimed_by=self.name).update(**values):
            log.warning("后台任务“%s”运行过久，已由其他进程接手", job.name)


@dataclass(frozen=True)
class Outcome:
    """How many rows went through, and how many failed."""

    done: int
    failed: int


def each(
    rows: Iterable[Row], handle: Callable[[Row], object], postpone: Callable[[Row], object] | None = None
) -> Outcome:
    """Handle every row in a transaction of its own, so that a bad one neither stops nor undoes the others.

    Raises Overtaken in a job that another worker has taken over.

    A failure is logged with its row; `postpone(row)` then pushes the row forward, or else it would come first
    again in the next run.
    """
    done = failed = 0
    for row in rows:
        try:
            with transaction.atomic():
                hold_claim()
                handle(row)
            done += 1
        except Overtaken:
            raise
        except Exception:
            failed += 1
            log.exception("处理“%s”失败，其余继续", row)
            if postpone:
                with transaction.atomic():
                    postpone(row)
    return Outcome(done, failed)


def _retry_at(job: Job, failures: int) -> datetime:
    """Sooner than the next regular run after a first failure, then later and later."""
    first = min(max(job.every, timedelta(milliseconds=500)), timedelta(seconds=30))
    longest = timedelta(minutes=1) if job.every <= KEEP else timedelta(hours=1)
    pause: timedelta = min(first * 2 ** min(failures - 1, 12), longest)
    return now() + pause
