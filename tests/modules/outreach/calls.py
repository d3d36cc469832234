"""Calls that tests start from."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from bianwang.modules.outreach import services
from bianwang.modules.outreach.models import Call, Reward
from bianwang.platform.clock import now
from tests.people import World

PERSON = services.Person(
    name="欧阳举报", phone="13912345678", id_number="500227199001011239", account="6222020000001234"
)


def entered(world: World, person: services.Person | None = None, **values: Any) -> Call:
    """A report of the plant, telephoned yesterday."""
    given = {
        "received_at": now() - timedelta(days=1),
        "channel": "phone",
        "category": "report",
        "summary": "打磨车间除尘系统停用",
        "unit": world.plant,
        **values,
    }
    return services.register(world.who("duty"), given, person)


def dispatched(world: World, person: services.Person | None = None, **values: Any) -> Call:
    """Handed to the first town."""
    call = entered(world, person, **values)
    services.dispatch(call, world.who("duty"), world.town)
    return call


def verified(world: World, outcome: str = "true", *, is_filed: bool = False, **values: Any) -> Call:
    """With what was found."""
    call = dispatched(world, **values)
    services.verify(call, world.who("town"), outcome=outcome, result="现场核查", is_filed=is_filed)
    return call


def rewarded(world: World, fine: str = "30000.00", **values: Any) -> Reward:
    """With its reward applied for by the first officer."""
    claim = {"band": "major", "fine": Decimal(fine)}
    return services.apply_reward(verified(world, **values), world.who("enforcement"), claim)
