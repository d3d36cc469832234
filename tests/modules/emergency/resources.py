"""Resources that tests start from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bianwang.modules.emergency import services
from bianwang.modules.emergency.models import CallUp, Event, Resource
from bianwang.platform.clock import today
from tests.people import World


def described(world: World, **values: Any) -> dict[str, Any]:
    """Columns of the first town's team, some 5 km from the fire of `things`."""
    return {
        "kind": "team_special",
        "name": "青杠半专业扑火队",
        "owner": world.town,
        "outside_unit": "",
        "territory": world.town_area,
        "place": "青杠街道办事处院内",
        "longitude": 106.25,
        "latitude": 29.58,
        "contact": "李队长",
        "phone": "13911112222",
        "quantity": 20,
        "capabilities": "扑火、开设隔离带",
        "items": "",
        "relief_store": "",
        "remark": "",
        "verified_on": today() - timedelta(days=1),
        **values,
    }


def team(world: World, **values: Any) -> Resource:
    """The first town's team."""
    return services.add_resource(world.who("duty"), described(world, **values))


def shelter(world: World, **values: Any) -> Resource:
    """A school of the first town that takes 300 people."""
    return team(world, **{"kind": "shelter", "name": "青杠中学避难场所", "quantity": 300, **values})


def called(world: World, event: Event, resource: Resource | None = None, **values: Any) -> CallUp:
    """A resource on its way to an event."""
    words = {"quantity": 1, "content": "到北坡开设隔离带", **values}
    return services.call_up(world.who("duty"), event, resource or team(world), **words)
