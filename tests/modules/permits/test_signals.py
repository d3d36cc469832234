"""Every step is a signal: of its zone and type, at its exact moment, however late it is written."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bianwang.modules.permits import services
from bianwang.modules.permits.models import Permit
from bianwang.modules.permits.services import Value
from bianwang.modules.sensing.models import Signal, SignalEvent
from bianwang.modules.sensing.outbox import deliver
from bianwang.platform.clock import SHANGHAI, now, to_ms
from bianwang.platform.ledger.context import acting
from bianwang.platform.ledger.models import Entry
from bianwang.platform.workflow.errors import Refused
from tests.modules.permits.jobs import (
    WORKDAY,
    applied,
    approved,
    clock,
    entered,
    finish,
    measured_gas,
    prepared,
    working,
    zone,
)
from tests.modules.telemetry_server import serving
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

MINUTE = timedelta(minutes=1)


def told(kind: str, quantity: str) -> list[tuple[float, float]]:
    """(minutes after the beginning, value) of a signal."""
    rows = SignalEvent.objects.filter(signal__name=f"permit.{kind}.{quantity}").order_by("time_ms")
    return [((time - to_ms(WORKDAY)) / 60_000, value) for time, value in rows.values_list("time_ms", "value")]


def test_a_registered_job_has_its_signals_in_its_zone_at_zero(world: World) -> None:
    with clock():
        permit = entered(world, "confined_space")
        entered(world, "confined_space")
    signals = Signal.objects.filter(zone=permit.zone, owner=world.plant, device=None)
    assert sorted(signals.values_list("quantity", flat=True)) == sorted([*permit.kind_row.signals, "permit_conflict"])
    assert set(SignalEvent.objects.values_list("value", flat=True)) == {0.0}


def test_the_whole_life_as_signals(world: World) -> None:
    user, mate = world.who("safety"), world.who("safety_mate")
    with clock() as time:
        permit = applied(world, "hot_work")
        for take in (
            lambda: services.brief(permit, user, "先检测"),
            lambda: measured_gas(world, permit),
            lambda: services.approve(permit, mate, "负责人"),
            lambda: services.sign_in(permit, user),
            lambda: services.start(permit, user),
            lambda: services.interrupt(permit, user, "吃饭"),
            lambda: services.resume(permit, user),
            lambda: finish(world, permit),
        ):
            time.shift(MINUTE)
            take()
    assert told("hot_work", "briefing_done") == [(0, 0), (1, 1), (8, 0)]
    assert told("hot_work", "gas_test_passed") == [(2, 1), (2 + 1 / 60, 0)]
    assert told("hot_work", "permit_valid") == [(0, 0), (3, 1), (8, 0)]
    assert told("hot_work", "permit_level_ok") == [(0, 0), (3, 1), (8, 0)]
    assert told("hot_work", "guard_present") == [(0, 0), (4, 1), (6, 0), (7, 1), (8, 0)]
    assert told("hot_work", "work_active") == [(0, 0), (5, 1), (6, 0), (7, 1), (8, 0)]


def test_a_failed_test_is_a_pulse_of_its_own(world: World) -> None:
    with clock():
        measured_gas(world, applied(world, "hot_work"), combustible=Value("top", "methane", 2.0, "%VOL"))
    assert told("hot_work", "gas_test_passed") == []
    assert told("hot_work", "gas_test_failed") == [(0, 1), (1 / 60, 0)]


def test_the_value_counts_the_permits_of_a_zone_and_type(world: World) -> None:
    with clock() as time:
        first = working(world, "excavation")
        time.shift(MINUTE)
        working(world, "excavation")
        approved(world, "excavation", zone(world, "厂区东侧"))
        time.shift(MINUTE)
        services.stop(first, world.who("safety"))
    here = SignalEvent.objects.filter(signal__zone=first.zone, signal__quantity="permit_valid").order_by("time_ms")
    assert [row.value for row in here] == [0, 1, 2, 1]


def test_expiry_is_told_at_its_exact_moment_however_late_it_is_written(world: World) -> None:
    with clock() as time:
        working(world)
        approved(world, planned_end=now() + timedelta(hours=4))
        time.shift(timedelta(hours=9))
        services.run()
    assert told("height", "permit_valid") == [(0, 0), (0 + 1 / 60_000, 1), (0 + 2 / 60_000, 2), (240, 0)]
    assert told("height", "work_active")[-1] == (240, 0)


def test_a_beginning_and_an_end_between_two_looks_are_both_told(world: World) -> None:
    with clock() as time:
        approved(world, planned_start=now() + timedelta(hours=1), planned_end=now() + timedelta(hours=2))
        time.shift(timedelta(hours=9))
        services.run()
    assert told("height", "permit_valid") == [(0, 0), (60, 1), (120, 0)]


def test_a_step_tells_first_what_time_has_done(world: World) -> None:
    with clock() as time:
        approved(world)
        time.shift(timedelta(hours=5))
        with acting(world.who("safety"), "网页"):
            entered(world)
    assert Entry.objects.get(verb="permits.expire").actor is None, "time did it, not who came next"
    assert told("height", "permit_valid")[-1] == (240, 0)


def test_the_level_no_longer_suffices_from_the_moment_that_the_night_begins(world: World) -> None:
    with clock() as time:
        permit = working(world, "hot_work", planned_end=now() + timedelta(hours=72))
        time.move_to(datetime(2026, 11, 24, 9, 30, tzinfo=SHANGHAI))
        services.watch_levels()
        services.watch_levels()
        night, morning = 10 * 60, 22 * 60
        assert told("hot_work", "permit_level_ok")[2:] == [(night, 0), (morning, 1)]
        time.move_to(datetime(2026, 11, 24, 20, 0, tzinfo=SHANGHAI))
        permit.refresh_from_db()
        services.interrupt(permit, world.who("safety"), "下班")
        measured_gas(world, permit)
        with pytest.raises(Refused, match="等级不够"):
            services.resume(permit, world.who("safety"))


def test_blind_plates_and_locks_are_told(world: World) -> None:
    user = world.who("safety")
    with clock() as time:
        plate = working(world, "blind_plate")
        space = prepared(world, "confined_space", zone(world, "3号罐"), isolations="进料管 DN80")
        time.shift(MINUTE)
        services.isolate(plate, user)
        services.isolate(space, user)
        services.lock(space, user)
        time.shift(MINUTE)
        services.unlock(space, user)
        services.lock(space, user)
        finish(world, plate)
        services.cancel(space, user, "不做了")
    assert told("blind_plate", "blind_plate_done") == [(0, 0), (1, 1), (2, 0)]
    assert told("confined_space", "blind_plate_done") == [(0, 0), (1, 1), (2, 0)]
    assert [value for _, value in told("confined_space", "lock_on")] == [0, 1, 0, 1, 0]


def test_where_nothing_is_to_be_isolated_the_isolation_is_done(world: World) -> None:
    with clock():
        applied(world, "hot_work")
        applied(world, "hot_work", zone(world, "泵房"), isolations="进料管 DN80")
    assert sorted(value for _, value in told("hot_work", "blind_plate_done")) == [0, 0, 1]


def test_what_a_refused_step_would_have_told_is_not_told(world: World) -> None:
    with clock() as time:
        permit = applied(world, "hot_work")
        before = SignalEvent.objects.count()
        time.shift(MINUTE)
        with pytest.raises(Refused):
            services.approve(permit, world.who("safety_mate"), "负责人")
    assert SignalEvent.objects.count() == before


def test_the_readings_reach_the_store(world: World, tmp_path: Path) -> None:
    permit = working(world)
    signal = Signal.objects.get(quantity="work_active")
    with serving(tmp_path / "telemetry") as store:
        deliver()
        assert store.series([signal.pk], 0, 2**52)["value"].tolist() == [0.0, 1.0]
    assert not SignalEvent.objects.filter(delivered_at=None).exists()
    assert Permit.objects.get(pk=permit.pk).state == "active"


def test_permits_in_conflict_are_counted_in_their_place(world: World) -> None:
    with clock() as time:
        first = working(world, "height")
        time.shift(MINUTE)
        working(world, "height")
        time.shift(MINUTE)
        services.stop(first, world.who("safety"))
    assert [value for _, value in told("all", "permit_conflict")] == [0, 2, 0]
