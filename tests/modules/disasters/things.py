"""Disasters that tests start from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bianwang.modules.disasters import services
from bianwang.modules.disasters.models import Disaster
from bianwang.platform.clock import now
from bianwang.platform.places.models import Organisation
from tests.people import World


def described(world: World, **values: Any) -> dict[str, Any]:
    """Columns of a flood that began an hour ago."""
    began = now() - timedelta(hours=1)
    return {
        "name": "青杠“6·23”洪涝灾害",
        "kind": "flood",
        "territory": world.town_area,
        "began_at": began,
        "ended_at": None,
        "description": "沿河低洼处进水",
        **values,
    }


def flood(world: World, *towns: Organisation, **values: Any) -> Disaster:
    """A flood in the first town, or in the given towns."""
    return services.register(world.who("duty"), described(world, **values), towns or (world.town,))
