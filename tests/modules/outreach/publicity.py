"""Publicity that tests start from; events, channels and pilots are the first town's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bianwang.modules.outreach.models import Campaign, ChannelCount, Event, Pilot
from bianwang.modules.outreach.services import publicity as services
from bianwang.platform.clock import SHANGHAI, now
from tests.people import World


def today() -> date:
    """The day in Shanghai."""
    return now().astimezone(SHANGHAI).date()


def campaign(world: World, **values: Any) -> Campaign:
    """Around today."""
    given = {
        "name": "防灾减灾日",
        "theme": "512",
        "first_day": today() - timedelta(days=400),
        "last_day": today() + timedelta(days=6),
        "owner": world.bureau,
        **values,
    }
    return services.save_campaign(Campaign(), world.who("head"), given)


def event(world: World, who: str = "town", **values: Any) -> Event:
    """A stall of the town, today."""
    given = {
        "unit": world.town,
        "day": today(),
        "kind": "stall",
        "setting": "community",
        "place": "文化广场",
        "topic": "防火常识",
        "audience": 120,
        **values,
    }
    return services.save_event(Event(), world.who(who), given)


def channel(world: World, who: str = "town", **values: Any) -> ChannelCount:
    """Text messages of this month."""
    given = {"unit": world.town, "channel": "sms", "month": today(), "count": 2000, **values}
    return services.save_channel(ChannelCount(), world.who(who), given)


def pilot(world: World, who: str = "town", **values: Any) -> Pilot:
    """Something on trial at the plant."""
    given = {
        "name": "必安网试点",
        "technology": "物联感知",
        "owner": world.town,
        "enterprise": world.plant,
        "stage": "trial",
        "started_on": today(),
        **values,
    }
    return services.save_pilot(Pilot(), world.who(who), given)
