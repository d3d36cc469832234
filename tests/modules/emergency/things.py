"""Events that tests start from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bianwang.modules.emergency import services
from bianwang.modules.emergency.models import Event, Report, Task
from bianwang.platform.clock import now
from tests.people import World


def described(world: World, **values: Any) -> dict[str, Any]:
    """Columns of a fire in the first town, told of five minutes ago."""
    told = now() - timedelta(minutes=5)
    return {
        "name": "8·23 森林火灾",
        "kind": "forest_fire",
        "subtype": "forest",
        "source": "phone",
        "informant": "护林员",
        "territory": world.town_area,
        "place": "缙云山北坡",
        "longitude": 106.2,
        "latitude": 29.6,
        "happened_at": told - timedelta(minutes=10),
        "received_at": told,
        "description": "山坡起火",
        "is_outside": False,
        "mother": None,
        **values,
    }


def fire(world: World, **values: Any) -> Event:
    """A fire in the first town."""
    return services.register(world.who("duty"), described(world, **values))


def fought(world: World, **values: Any) -> Event:
    """A fire that is answered at the fourth level."""
    event = fire(world, **values)
    services.set_level(event, world.who("duty"), "respond", 4, "过火面积超过1公顷")
    return event


def tasked(world: World, event: Event) -> Task:
    """The first town is told to send its team."""
    [task] = services.give_task(world.who("duty"), event, [world.town], "派出半专业扑火队")
    return task


def reported(world: World, event: Event, kind: str = "first", **values: Any) -> Report:
    """A report upwards."""
    text = {"receiver": "区委区政府总值班室", "nature": "山坡起火，正在扑救。", "effect": "暂无人员伤亡。"}
    return services.send_report(world.who("duty"), event, {"kind": kind, **text, **values})
