"""Reactions to the ledger: each entry once, in order, and a bad one holds up nobody else."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction

from bianwang.platform.clock import now
from bianwang.platform.ledger import chain, subscriptions
from bianwang.platform.ledger.models import Cursor, Entry, Parked
from bianwang.platform.ledger.services import draft, record
from bianwang.platform.registry import Module, Subscription

pytestmark = pytest.mark.django_db

seen: list[tuple[str, int]] = []
broken: set[int] = set()


def handle_first(entry):
    if entry.object_id in broken:
        raise ValueError("处理不了")
    seen.append(("first", entry.seq))
    # The handler's own effect; it must come and go with the cursor.
    Cursor.objects.get_or_create(code=f"effect-{entry.seq}")


def handle_second(entry):
    seen.append(("second", entry.seq))


@pytest.fixture(autouse=True)
def two_subscriptions(monkeypatch):
    seen.clear()
    broken.clear()
    here = "tests.platform.ledger.test_subscriptions"
    module = Module(
        "test",
        "测试",
        subscriptions=(
            Subscription("test.first", ("places.",), f"{here}.handle_first"),
            Subscription("test.second", ("places.create", "accounts."), f"{here}.handle_second"),
        ),
    )
    monkeypatch.setattr(subscriptions, "manifests", lambda: [module])


def write(*subjects, verb="places.change"):
    with transaction.atomic():
        for subject in subjects:
            record(verb, subject, owner=None)
    chain.seal()


def of(name):
    return [seq for who, seq in seen if who == name]


def test_each_subscription_gets_its_verbs_once_and_in_order(world):
    write(world.plant, world.joint)
    write(world.plant, verb="places.create")
    write(world.plant, verb="calendar.change")

    assert subscriptions.deliver() == 4
    assert subscriptions.deliver() == 0
    assert (of("first"), of("second")) == ([1, 2, 3], [3])


def test_a_new_subscription_starts_from_the_beginning_and_one_that_was_off_catches_up(world, monkeypatch):
    write(world.plant)
    subscriptions.deliver()
    Cursor.objects.filter(code="test.second").delete()
    write(world.plant, verb="places.create")

    subscriptions.deliver()

    assert (of("first"), of("second")) == ([1, 2], [2])


def test_unsealed_entries_are_not_delivered(world):
    with transaction.atomic():
        record("places.change", world.plant, owner=None)

    assert subscriptions.deliver() == 0


def test_a_bad_entry_is_parked_and_holds_up_only_its_own_object(world):
    broken.add(world.plant.pk)
    write(world.plant, world.joint, world.plant, verb="places.create")

    subscriptions.deliver()

    assert (of("first"), of("second")) == ([2], [1, 2, 3])
    first, second = Parked.objects.all()
    assert (first.entry.seq, first.message) == (1, "处理不了")
    assert (second.entry.seq, "前一条记录尚未处理成功" in second.message) == (3, True)
    assert not Cursor.objects.filter(code="effect-1").exists()


def test_parked_entries_are_done_in_order_once_the_cause_is_gone(world):
    broken.add(world.plant.pk)
    write(world.plant, world.plant)
    subscriptions.deliver()
    broken.clear()

    assert subscriptions.retry() == 0, "the pause before the next try has not passed"
    with time_machine.travel(now() + timedelta(seconds=10)):
        assert subscriptions.retry() == 2

    assert of("first") == [1, 2]
    assert not Parked.objects.exists()


def test_an_entry_that_fails_again_waits_longer_each_time(world):
    broken.add(world.plant.pk)
    write(world.plant)
    subscriptions.deliver()
    pauses = []
    for _ in range(15):
        parked = Parked.objects.get()
        with time_machine.travel(parked.next_at, tick=False):
            subscriptions.retry()
            pauses.append(Parked.objects.get().next_at - now())

    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(seconds=10), timedelta(hours=1))


@pytest.mark.django_db(transaction=True)
def test_workers_that_deliver_at_once_handle_nothing_twice(world):
    Entry.objects.bulk_create(draft("places.create", world.plant, owner=None) for _ in range(100))
    chain.seal()
    barrier = threading.Barrier(4)
    failures = []

    def work():
        barrier.wait()
        try:
            for _ in range(4):
                subscriptions.deliver()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    subscriptions.deliver()

    assert failures == []
    assert (sorted(of("first")), sorted(of("second"))) == (list(range(1, 101)), list(range(1, 101)))
