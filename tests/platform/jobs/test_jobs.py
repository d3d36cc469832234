"""Background jobs: one place at a time, failures counted and kept apart."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from time import monotonic

import pytest
import time_machine
from django.db import connection

from bianwang.platform.clock import now
from bianwang.platform.jobs.models import JobRun
from bianwang.platform.jobs.services import CLAIM, Worker, all_jobs, each, worker_name
from bianwang.platform.ledger.context import current
from bianwang.platform.ledger.models import Cursor
from bianwang.platform.registry import Job, resolve

pytestmark = pytest.mark.django_db

runs: list[str] = []
HERE = "tests.platform.jobs.test_jobs"


def good():
    runs.append(f"good as {current().name} from {current().origin}")


def bad():
    runs.append("bad")
    raise RuntimeError("磁盘已满")


def unreachable():
    raise ConnectionRefusedError("遥测服务没有响应")


def slow():
    """Long enough to overlap with every other worker that would start it too."""
    runs.append("slow")
    started.set()
    go_on.wait(20)


started, go_on = threading.Event(), threading.Event()
HOURLY = Job("test.good", "好任务", timedelta(hours=1), f"{HERE}.good")
FAILING = Job("test.bad", "坏任务", timedelta(hours=1), f"{HERE}.bad")
QUICK = Job("test.quick", "快任务", timedelta(milliseconds=100), f"{HERE}.good")
SLOW = Job("test.slow", "慢任务", timedelta(hours=1), f"{HERE}.slow")


@pytest.fixture(autouse=True)
def fresh():
    runs.clear()
    started.clear()
    go_on.clear()


def later(**delta):
    return time_machine.travel(now() + timedelta(**delta))


def test_every_job_of_the_manifests_can_be_found():
    assert all(callable(resolve(job.run)) for job in all_jobs())


def test_a_due_job_runs_as_the_platform_and_then_waits_its_turn():
    worker = Worker("w1", [HOURLY])
    worker.run_due()
    worker.run_due()

    assert runs == ["good as 系统 from 后台任务"]
    row = JobRun.objects.get()
    assert (row.failures, row.claimed_by) == (0, "")
    assert row.next_at > now() + timedelta(minutes=59)
    with later(hours=1, seconds=1):
        Worker("w1", [HOURLY]).run_due()
    assert len(runs) == 2


def test_a_failing_job_is_counted_kept_apart_and_tried_again_later_and_later():
    Worker("w1", [FAILING, HOURLY]).run_due()

    assert sorted(runs) == ["bad", "good as 系统 from 后台任务"]
    row = JobRun.objects.get(code="test.bad")
    assert (row.failures, row.message, row.claimed_by) == (1, "磁盘已满", "")
    pauses = [row.next_at - row.finished_at]
    for _ in range(12):
        with time_machine.travel(row.next_at + timedelta(seconds=1)):
            Worker("w1", [FAILING]).run_due()
            row.refresh_from_db()
            pauses.append(row.next_at - row.finished_at)
    assert row.failures == 13
    assert pauses[0] < pauses[1] < pauses[2]
    assert timedelta(minutes=59) < pauses[-1] <= timedelta(hours=1)


def test_what_cannot_be_reached_yet_is_a_warning_without_a_stack_trace(caplog):
    Worker("w1", [Job("test.away", "外联任务", timedelta(hours=1), f"{HERE}.unreachable")]).run_due()

    (row,) = caplog.records
    assert (row.levelname, row.exc_info, row.getMessage()) == (
        "WARNING",
        None,
        "后台任务“外联任务”稍后重试：遥测服务没有响应",
    )
    assert JobRun.objects.get().message == "遥测服务没有响应"


def test_success_clears_the_count_and_keeps_the_last_message():
    JobRun.objects.create(code="test.good", next_at=now(), failures=4, message="磁盘已满")
    Worker("w1", [HOURLY]).run_due()

    row = JobRun.objects.get()
    assert (row.failures, row.message) == (0, "磁盘已满")


def test_a_quick_job_keeps_its_claim_and_writes_nothing_between_runs(django_assert_num_queries):
    worker = Worker("w1", [QUICK])
    worker.run_due()
    assert JobRun.objects.get().claimed_by == "w1"
    worker._kept["test.quick"] = 0

    with django_assert_num_queries(0):
        worker.run_due()
    assert len(runs) == 2
    with later(seconds=5):
        Worker("w2", [QUICK]).run_due()
    assert len(runs) == 2


def test_the_claim_of_a_worker_that_died_runs_out():
    Worker("w1", [QUICK]).run_due()

    with time_machine.travel(now() + CLAIM + timedelta(seconds=1)):
        Worker("w2", [QUICK]).run_due()
    assert len(runs) == 2
    assert JobRun.objects.get().claimed_by == "w2"


def test_a_renewed_claim_does_not_run_out():
    first = Worker("w1", [QUICK])
    first.run_due()
    with time_machine.travel(now() + CLAIM - timedelta(seconds=1)):
        first.renew()
    with time_machine.travel(now() + CLAIM + timedelta(seconds=1)):
        Worker("w2", [QUICK]).run_due()

    assert len(runs) == 1


def test_a_worker_that_lost_its_claim_stops_running_the_job():
    first = Worker("w1", [QUICK])
    first.run_due()
    JobRun.objects.update(claimed_by="w2", next_at=now() + CLAIM)

    first.renew()
    first._look_at = 0
    first.run_due()
    assert len(runs) == 1


def test_a_released_job_goes_on_elsewhere_at_once():
    first = Worker("w1", [QUICK])
    first.run_due()
    first.release()

    Worker("w2", [QUICK]).run_due()
    assert len(runs) == 2


def test_a_quick_job_that_fails_is_given_back():
    job = Job("test.bad", "坏任务", timedelta(milliseconds=100), f"{HERE}.bad")
    Worker("w1", [job]).run_due()

    row = JobRun.objects.get()
    assert (row.failures, row.claimed_by) == (1, "")


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_run_one_job_at_the_same_time():
    def work(worker):
        try:
            worker.run_due()
        finally:
            connection.close()

    first, *others = [Worker(worker_name(), [SLOW]) for _ in range(5)]
    holder = threading.Thread(target=work, args=(first,))
    holder.start()
    assert started.wait(20)
    threads = [threading.Thread(target=work, args=(worker,)) for worker in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    go_on.set()
    holder.join()

    assert runs == ["slow"]


def overtaken():
    """Handles rows one by one; somebody takes the job over while the second is still to come."""

    def handle(name):
        runs.append(name)
        JobRun.objects.filter(code="test.rows").update(claimed_by="w2")

    each(["first", "second"], handle)


def test_a_worker_whose_job_was_taken_over_handles_no_further_row_and_takes_nothing_back(caplog):
    Worker("w1", [Job("test.rows", "逐行任务", timedelta(hours=1), f"{HERE}.overtaken")]).run_due()

    assert runs == ["first"]
    assert JobRun.objects.get().claimed_by == "w2"
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_a_worker_that_stood_still_runs_nothing_before_it_has_claimed_it_again(monkeypatch):
    first = Worker("w1", [QUICK])
    first.run_due()
    JobRun.objects.update(claimed_by="w2", next_at=now() + CLAIM)

    still = monotonic() + CLAIM.total_seconds()
    monkeypatch.setattr(time, "monotonic", lambda: still)
    first.run_due()
    assert len(runs) == 1


def test_a_bad_row_neither_stops_nor_undoes_the_others():
    pushed = []

    def handle(name):
        Cursor.objects.create(code=name)
        if name == "b":
            raise ValueError("坏数据")

    outcome = each(["a", "b", "c"], handle, pushed.append)

    assert (outcome.done, outcome.failed) == (2, 1)
    assert set(Cursor.objects.values_list("code", flat=True)) == {"a", "c"}
    assert pushed == ["b"]
