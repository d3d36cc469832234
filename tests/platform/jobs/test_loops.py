"""Two real loops on one database, one of them killed: everything is done, and nothing twice."""

from __future__ import annotations

import signal
from collections import Counter

import pytest

from bianwang.platform.clock import now
from bianwang.platform.jobs.models import JobRun
from bianwang.platform.ledger.chain import verify
from bianwang.platform.ledger.models import Cursor, Entry
from bianwang.platform.ledger.services import draft
from tests.platform.processes import process, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

LOOP = ("-m", "tests.platform.jobs.reactions")


def write(subject, count):
    Entry.objects.bulk_create(draft("places.change", subject, owner=None) for _ in range(count))


def done():
    return Counter(Cursor.objects.filter(code__startswith="done-").values_list("seq", flat=True))


def holders():
    return set(JobRun.objects.exclude(claimed_by="").values_list("claimed_by", flat=True))


def pids():
    return {int(name.split(":")[1]) for name in holders()}


def test_two_loops_do_everything_once_although_one_is_killed(world):
    with process(*LOOP) as one, process(*LOOP) as two:
        write(world.plant, 150)
        wait_until(lambda: len(done()) >= 100)
        wait_until(pids)
        killed, survivor = (one, two) if one.pid in pids() else (two, one)
        write(world.plant, 150)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        # What the dead one had claimed runs out; here at once, so that the test need not wait for it.
        for row in JobRun.objects.filter(claimed_by__contains=f":{killed.pid}:"):
            JobRun.objects.filter(code=row.code, claimed_by=row.claimed_by).update(next_at=now())
        wait_until(lambda: len(done()) == 300)
        survivor.send_signal(signal.SIGTERM)
        assert survivor.wait(30) == 0

    assert set(done().values()) == {1}
    places = Entry.objects.filter(verb="places.change")
    assert sorted(done()) == sorted(places.values_list("seq", flat=True))
    assert verify().ok


def test_a_loop_that_is_told_to_stop_gives_its_jobs_back_and_notes_it(world):
    with process(*LOOP) as loop:
        wait_until(pids)
        loop.send_signal(signal.SIGTERM)
        assert loop.wait(30) == 0

    assert holders() == set()
    assert list(Entry.objects.order_by("id").values_list("verb", flat=True)) == ["ledger.start", "ledger.stop"]


def test_a_long_job_holds_no_other_up(world):
    def ticks():
        return Cursor.objects.filter(code__startswith="tick-").count()

    with process(*LOOP, "long") as loop:
        wait_until(lambda: Cursor.objects.filter(code="long-begun").exists())
        before = ticks()
        wait_until(lambda: ticks() >= before + 2)
        Cursor.objects.create(code="long-ends", seq=0)
        loop.send_signal(signal.SIGTERM)
        assert loop.wait(30) == 0
    assert holders() == set()
