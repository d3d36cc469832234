"""How the background jobs fare, for the page of the system's state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bianwang.platform.clock import now
from bianwang.platform.jobs.models import JobRun
from bianwang.platform.jobs.services import all_jobs
from bianwang.platform.registry import Job

# A job this late has nobody to run it.
_LATE = timedelta(minutes=1)


@dataclass(frozen=True)
class JobState:
    """One job and how it fares."""

    job: Job
    row: JobRun | None
    word: str
    colour: str
    since: datetime | None


def states() -> list[JobState]:
    """Every job of the running instance."""
    rows = {row.code: row for row in JobRun.objects.all()}
    return [_state(job, rows.get(job.code)) for job in all_jobs()]


def is_alive() -> bool:
    """Whether some loop is at work: no job is late."""
    return all(state.word != "无人运行" for state in states())


def _state(job: Job, row: JobRun | None) -> JobState:
    if row is None or row.next_at < now() - _LATE:
        return JobState(job, row, "无人运行", "red", row.next_at if row else None)
    if row.failures:
        return JobState(job, row, f"连续失败 {row.failures} 次", "orange", row.finished_at)
    if row.claimed_by:
        return JobState(job, row, "运行中", "green", row.started_at)
    return JobState(job, row, "正常", "green", row.finished_at)
