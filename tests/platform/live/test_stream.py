"""The live stream, over real HTTP from a real server process."""

from __future__ import annotations

import random
import threading

import pytest
from django.contrib.sessions.models import Session

from bianwang.platform.ledger import chain
from bianwang.platform.ledger.context import acting
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ledger.services import draft
from bianwang.platform.live import hub as hub_module
from bianwang.platform.places.credit_code import check_character
from bianwang.platform.places.models import Enterprise
from tests.platform.live.server import Stream, login, server

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def port(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), server() as port:
        yield port


@pytest.fixture
def listen(port, client_for):
    """A function that opens a stream as somebody, once the server has taken the listener in."""
    opened = []

    def begin(who, **options):
        stream = Stream(port, login(client_for, who), **options).begun()
        opened.append(stream)
        return stream

    yield begin
    for stream in opened:
        stream.close()


def write(subject, count=1, verb="places.change", owner=...):
    """Write entries and seal them; their numbers."""
    Entry.objects.bulk_create(draft(verb, subject, owner=subject if owner is ... else owner) for _ in range(count))
    before = chain.SealLease.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
    chain.seal()
    return list(range(before + 1, before + count + 1))


def test_an_event_says_what_happened_to_what(listen, world):
    stream = listen("duty")
    with acting(world.who("head"), "10.0.0.7"):
        write(world.plant)

    stream.read(1)
    [event] = stream.events
    entry = Entry.objects.get()
    assert event == {
        "seq": 1,
        "verb": "places.change",
        "verb_name": "修改",
        "object_type": "places.enterprise",
        "object_id": world.plant.pk,
        "owner": world.plant.pk,
        "at": entry.at.isoformat(),
        "label": "青杠机械厂",
    }
    assert stream.last == "1"


def test_a_client_that_drops_a_hundred_times_sees_every_event_once(port, client_for, world):
    write(world.plant, 3)
    total, cookie = 600, login(client_for, "duty")
    stream = Stream(port, cookie, last="3")
    dice = random.Random(7)
    sealed = threading.Event()

    def produce():
        try:
            for _ in range(total // 5):
                write(world.plant, 5)
        finally:
            sealed.set()
            from django.db import connection

            connection.close()

    producer = threading.Thread(target=produce)
    producer.start()
    try:
        for drop in range(100):
            stream.begun()
            stream.read(min(dice.randint(1, 9), total - len(stream.events) - (100 - drop)))
            stream.close()
        stream.begun()
        stream.read(total - len(stream.events))
        stream.close()
    finally:
        producer.join()

    assert sealed.is_set()
    assert stream.seqs() == list(range(4, 4 + total))


def test_a_stranger_gets_nothing_out_of_his_scope(listen, world):
    stranger, owner, town, officer = (listen(who) for who in ("safety2", "safety", "town", "duty"))
    write(world.plant)
    write(world.joint)
    write(world.other)
    write(world.bureau, owner=None)

    stranger.read(1)
    owner.read(1)
    town.read(2)
    officer.read(4)
    assert (stranger.seqs(), owner.seqs(), town.seqs(), officer.seqs()) == ([3], [1], [1, 2], [1, 2, 3, 4])


def test_entries_of_a_part_without_a_view_permission_are_for_the_auditor(listen, world):
    officer, auditor = listen("duty"), listen("audit")
    write(world.who("duty"), verb="accounts.login", owner=None)
    write(world.plant)
    write(world.who("duty"), verb="accounts.logout", owner=None)

    officer.read(1)
    auditor.read(2)
    assert officer.seqs() == [2]
    assert auditor.seqs() == [1, 3]


def test_an_enterprise_registered_a_moment_ago_is_seen_at_once(listen, world):
    town = listen("town")
    write(world.plant)
    town.read(1)
    first17 = "91500227MA5U00009"
    new = Enterprise.objects.create(name="新厂", credit_code=first17 + check_character(first17), sector="industry")
    new.territories.add(world.town_area)
    write(new, verb="places.create")

    town.read(1)
    assert town.events[-1]["label"] == "新厂"


def test_only_the_verbs_that_were_asked_for_come(listen, world):
    stream = listen("duty", query="?verbs=places.create,hazards.")
    write(world.plant)
    write(world.plant, verb="places.create")

    stream.read(1)
    assert stream.seqs() == [2]


def test_past_events_are_filtered_as_live_ones_are(listen, world):
    write(world.other, 700)
    write(world.plant, 2)
    stream = listen("safety", last="1")

    stream.read(2)
    assert stream.seqs() == [701, 702]


def test_unsealed_entries_are_not_sent(listen, world):
    stream = listen("duty")
    Entry.objects.bulk_create([draft("places.create", world.plant, owner=None)])
    chain.seal()
    Entry.objects.bulk_create([draft("places.change", world.plant, owner=None)])

    stream.read(1)
    chain.seal()
    stream.read(1)
    assert stream.seqs() == [1, 2]


def test_without_a_session_there_is_no_stream(port):
    assert Stream(port, "").open() == 401


def test_a_stream_ends_with_its_session(listen, world):
    logged_out, disabled, other = listen("duty"), listen("leader"), listen("head")
    Session.objects.filter(pk=logged_out.cookie).delete()
    leader = world.who("leader")
    leader.is_active = False
    leader.save()

    for stream in (logged_out, disabled):
        while stream.block():
            pass
        assert stream.named == [("end", "登录已失效，请重新登录。")]
        assert Stream(stream.port, stream.cookie).open() == 401
    write(world.plant)
    other.read(1)


def test_a_client_too_far_behind_or_ahead_is_asked_to_load_itself_again(listen, world):
    write(world.plant)
    stream = listen("duty", last="999")
    write(world.plant)

    stream.read(1)
    assert [name for name, _ in stream.named] == ["reset"]
    assert stream.seqs() == [2]


def test_a_listener_who_does_not_read_is_dropped_and_the_others_go_on(world):
    slow = hub_module.Listener(world.who("duty"), "a")
    quick = hub_module.Listener(world.who("duty"), "b")
    here = hub_module.Hub.__new__(hub_module.Hub)
    here._listeners = {slow, quick}
    for _ in range(hub_module.QUEUE):
        assert slow.offer([])
    assert not slow.offer([])

    here._drop(slow, "")

    assert here._listeners == {quick}
    batches = [slow.queue.get_nowait() for _ in range(slow.queue.qsize())]
    assert batches[-1] is None
    assert len(batches) == hub_module.QUEUE
