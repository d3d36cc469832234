"""Jobs that the tests of permits start from, and short ways through their lives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import time_machine

from bianwang.modules.permits import services
from bianwang.modules.permits.models import GasTest, Permit
from bianwang.modules.permits.services import Value
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.places.models import Zone
from tests.people import World

WORKDAY = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
"""A Monday morning on which people work."""

DETAILS: dict[str, dict[str, Any]] = {
    "hot_work": {"base_level": "second", "day_only": True},
    "confined_space": {},
    "blind_plate": {"isolations": "P-101 出口 蒸汽 DN100"},
    "height": {"measure": 6.0},
    "lifting": {"measure": 50.0},
    "temporary_power": {"base_level": "normal"},
    "excavation": {},
    "road_closure": {},
}
"""What each type asks for beyond the common fields."""

GOOD = {
    "oxygen": Value("middle", "oxygen", 20.9, "%VOL"),
    "combustible": Value("middle", "methane", 0.1, "%VOL"),
    "toxic": Value("middle", "hydrogen_sulfide", 2.0, "mg/m³"),
}


@contextmanager
def clock(at: datetime = WORKDAY) -> Iterator[Any]:
    """Time stands at a moment; `.shift(timedelta)` moves it on."""
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller


def zone(world: World, name: str = "溶剂库", kind: str = "other") -> Zone:
    """A zone of the plant."""
    return Zone.objects.get_or_create(owner=world.plant, name=name, defaults={"kind": kind})[0]


def entered(world: World, kind: str = "height", where: Zone | None = None, **values: Any) -> Permit:
    """A job that the safety manager entered; his colleague is the guard. It begins now and lasts four hours."""
    start = values.pop("planned_start", now())
    given = {
        "content": "更换法兰",
        "workers": "张三 特种作业证T1\n李四 特种作业证T2",
        "guard": world.who("safety"),
        "planned_start": start,
        "planned_end": start + timedelta(hours=4),
        **DETAILS[kind],
        **values,
    }
    return services.register(world.who("safety"), where or zone(world), kind, given)


def applied(world: World, kind: str = "height", where: Zone | None = None, **values: Any) -> Permit:
    """Analysed and applied for."""
    permit = entered(world, kind, where, **values)
    user = world.who("safety")
    every = range(len(permit.kind_row.measures))
    services.analyse(permit, user, {"analysis": "高处坠落", "inapplicable": "", "extra_measures": ""}, every)
    services.apply(permit, user)
    return permit


def measured_gas(world: World, permit: Permit, **changed: Value) -> GasTest:
    """A gas test now, good but for `changed` (group=Value)."""
    values = [{**GOOD, **changed}[group] for group in permit.kind_row.gas]
    return services.record_test(permit, world.who("safety"), values, at=now(), instrument="四合一 A12", tester="王五")


def prepared(world: World, kind: str = "height", where: Zone | None = None, **values: Any) -> Permit:
    """Everything done that the approval needs."""
    permit = applied(world, kind, where, **values)
    services.brief(permit, world.who("safety"), "系好安全带")
    if permit.kind_row.gas:
        measured_gas(world, permit)
    return permit


def approved(world: World, kind: str = "height", where: Zone | None = None, **values: Any) -> Permit:
    """Approved by the guard's colleague."""
    permit = prepared(world, kind, where, **values)
    services.approve(permit, world.who("safety_mate"), "安全总监")
    return permit


def working(world: World, kind: str = "height", where: Zone | None = None, **values: Any) -> Permit:
    """Work goes on."""
    permit = approved(world, kind, where, **values)
    services.sign_in(permit, world.who("safety"))
    services.start(permit, world.who("safety"))
    return permit


def finish(world: World, permit: Permit) -> None:
    """Through acceptance to closure."""
    services.stop(permit, world.who("safety"))
    services.accept(permit, world.who("safety_mate"), "现场清理完毕")
    services.close(permit, world.who("safety"))
