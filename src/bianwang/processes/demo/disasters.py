"""Disasters of the demo district: a flood some weeks ago."""

from __future__ import annotations

from datetime import timedelta

from bianwang.modules.disasters import services
from bianwang.modules.disasters.models import Disaster
from bianwang.platform.clock import now
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Territory
from bianwang.processes.demo.cast import Cast


def load(cast: Cast) -> None:
    """Enter them, once."""
    if Disaster.objects.exists():
        return
    duty, town = cast.user("zhiban"), cast.organisation("500120003")
    began = now() - timedelta(days=30)
    values = {
        "name": "",
        "kind": "flood",
        "territory": Territory.objects.get(kind=Territory.Kind.DISTRICT),
        "began_at": began,
        "ended_at": began + timedelta(hours=9),
        "known_at": began + timedelta(hours=1),
        "description": "演示：持续强降雨，沿河低洼处进水。",
    }
    with acting(duty, "本机"):
        services.register(duty, values, [town], is_demo=True)
