"""What the intake reads from the business database, and what it tells it: real rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.db import DatabaseError, connection

from bianwang.modules.sensing import services
from bianwang.modules.sensing.models import Device, Refusal, Signal
from bianwang.platform.clock import from_ms
from bianwang.processes.intake import register
from bianwang.processes.intake.presence import SILENCE_GRACE_MS, Presence
from bianwang.processes.intake.refusals import Refusals
from bianwang.processes.intake.reporter import HEARD_MS, Reporter
from tests.people import World

pytestmark = pytest.mark.django_db(transaction=True)

START = 1_790_000_000_000


class Clock:
    """Moves when told."""

    def __init__(self) -> None:
        self.ms = START

    def __call__(self) -> int:
        return self.ms


class Desk:
    """A reporter with what it reports on."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.presence, self.refusals = Presence(clock), Refusals(clock)
        self.reporter = Reporter(self.presence, self.refusals)
        self.reporter.resume(register.presence())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> Desk:
    return Desk(clock)


@pytest.fixture
def device(world: World) -> Device:
    return add_device(world, "pump-1")


def add_device(world: World, key: str, **values: object) -> Device:
    made = Device(**{"owner": world.plant, "key": key, "name": key, **values})
    services.register(made)
    return made


def add_signal(device: Device, name: str) -> Signal:
    made = Signal(owner=device.owner, device=device, name=name, title=name, quantity="flow", unit="m³/h")
    services.register(made)
    return made


@pytest.fixture
def locked() -> Iterator[sqlite3.Connection]:
    """Somebody else writes to the database for a long time."""
    if connection.vendor != "sqlite":
        pytest.skip("只有 SQLite 整库加锁：在 SQLite 上的那一遍测试。")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 20")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other
        if other.in_transaction:
            other.execute("ROLLBACK")


def state(device: Device) -> tuple[str, str]:
    device.refresh_from_db()
    return device.presence, device.presence_detail


# -- register -------------------------------------------------------------------------------------------------


def test_the_register_holds_devices_with_their_signals_tokens_and_settings(world: World, device: Device) -> None:
    token = services.issue_token(device)
    flow = add_signal(device, "flow")
    add_device(world, "meter", protocol="hj212", source_address="192.0.2.1", settings='{"mn": "M1"}')
    read = register.read()
    found = read.directory.authenticate(token, None)
    assert found is not None
    assert (found.key, found.owner, found.signals["flow"].id) == ("pump-1", world.plant.pk, flow.pk)
    (meter,) = read.of_protocol("hj212")
    assert (meter.key, meter.source_address) == ("meter", "192.0.2.1")


def test_a_change_of_the_register_is_noticed_and_does_not_by_itself_change_what_is_judged(device: Device) -> None:
    before = register.read()
    assert not register.changed(before)
    add_signal(device, "flow")
    assert register.changed(before)
    after = register.read()
    assert not register.changed(after)
    assert after.judges_as(before)


def test_another_day_is_a_change(device: Device) -> None:
    read = register.read()
    yesterday = register.Register(
        read.revisions, read.configs, read.directory, read.rules, read.day.replace(year=read.day.year - 1)
    )
    assert register.changed(yesterday)


# -- reporter -------------------------------------------------------------------------------------------------


def test_connecting_and_leaving_arrive_in_the_database(desk: Desk, device: Device) -> None:
    desk.presence.connected(device.pk)
    desk.reporter.flush()
    assert state(device) == ("online", "")
    assert device.presence_at == from_ms(START)
    desk.presence.disconnected(device.pk, "连接中断")
    desk.reporter.flush()
    assert state(device) == ("offline", "连接中断")


def test_a_device_that_is_only_heard_is_online(desk: Desk, device: Device) -> None:
    desk.presence.heard[device.pk] = START
    desk.reporter.flush()
    assert state(device)[0] == "online"
    assert device.last_seen_at == from_ms(START)


def test_a_busy_device_is_not_a_write_each_time_but_the_last_time_is_kept(desk: Desk, device: Device) -> None:
    desk.presence.heard[device.pk] = START
    desk.reporter.flush()
    desk.presence.heard[device.pk] = START + HEARD_MS
    desk.reporter.flush()
    device.refresh_from_db()
    assert device.last_seen_at == from_ms(START)
    desk.presence.heard[device.pk] = START + HEARD_MS + 1
    desk.reporter.flush()
    device.refresh_from_db()
    assert device.last_seen_at == from_ms(START + HEARD_MS + 1)
    desk.presence.heard[device.pk] += 5
    desk.reporter.flush(last=True)
    device.refresh_from_db()
    assert device.last_seen_at == from_ms(START + HEARD_MS + 6)


def test_a_silent_device_is_online_again_after_a_restart_once_it_is_heard(device: Device) -> None:
    clock = Clock()
    before = Desk(clock)
    clock.ms += device.period_s * 1000 + SILENCE_GRACE_MS + 1
    before.presence.sweep(register.read().directory)
    before.reporter.flush()
    assert state(device)[0] == "silent"

    after = Desk(clock)
    after.presence.heard[device.pk] = clock.ms
    after.presence.sweep(register.read().directory)
    after.reporter.flush()
    assert state(device)[0] == "online"


def test_a_clock_fault_ends_after_a_restart_once_the_clock_is_right(device: Device) -> None:
    clock = Clock()
    before = Desk(clock)
    before.presence.clock(device.pk, 600_000)
    before.reporter.flush()
    assert state(device) == ("clock_fault", "设备时钟快 600 秒，请校时")
    after = Desk(clock)
    after.presence.clock(device.pk, 0)
    after.reporter.flush()
    assert state(device)[0] == "online"


def test_refusals_are_added_up_by_device_reason_and_day(desk: Desk, device: Device) -> None:
    desk.refusals.add("pump-1", "json", "不是合法的 JSON")
    desk.refusals.add("192.0.2.9", "identity", "令牌不正确")
    desk.reporter.flush()
    desk.refusals.add("pump-1", "json", "又一次", 4)
    desk.reporter.flush()
    desk.reporter.flush()
    rows = Refusal.objects.order_by("key").values_list("key", "device", "reason", "count", "example")
    assert list(rows) == [
        ("192.0.2.9", None, "identity", 1, "令牌不正确"),
        ("pump-1", device.pk, "json", 5, "又一次"),
    ]


def test_a_count_that_was_dropped_and_begun_anew_is_not_lost(desk: Desk, clock: Clock) -> None:
    desk.refusals.add("192.0.2.9", "identity", count=100)
    desk.reporter.flush()
    desk.refusals._entries.clear()
    clock.ms += 1
    desk.refusals.add("192.0.2.9", "identity", count=3)
    desk.reporter.flush()
    assert Refusal.objects.get().count == 103


def test_nothing_is_lost_or_doubled_when_the_database_fails(
    desk: Desk, device: Device, locked: sqlite3.Connection
) -> None:
    desk.presence.connected(device.pk)
    desk.presence.heard[device.pk] = START
    for number in range(500):
        desk.refusals.add(f"192.0.2.{number}", "identity", count=2)
    for _ in range(2):
        with pytest.raises(DatabaseError):
            desk.reporter.flush()
    desk.refusals.add("192.0.2.1", "identity")
    locked.execute("ROLLBACK")
    desk.reporter.flush()
    assert state(device)[0] == "online"
    assert device.last_seen_at == from_ms(START)
    assert sum(Refusal.objects.values_list("count", flat=True)) == 1001
