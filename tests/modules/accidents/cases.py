"""Accidents that tests start from."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bianwang.modules.accidents import services
from bianwang.modules.accidents.models import Accident
from bianwang.platform.clock import SHANGHAI, now
from tests.people import World
from tests.platform.files import samples


def entered(world: World, *, ago: timedelta = timedelta(days=1), owner: Any = None, **values: Any) -> Accident:
    """A fall from a height at the plant, one dead, which the bureau learnt half an hour later from the police."""
    at: datetime = values.pop("occurred_at", now() - ago)
    given = {
        "occurred_at": at,
        "received_at": at + timedelta(minutes=30),
        "kind": "09",
        "deaths": 1,
        "injuries": 0,
        "loss": Decimal("120.50"),
        "source": Accident.Source.POLICE,
        **values,
    }
    return services.register(world.who("duty"), owner or world.plant, given)


def investigated(world: World, **values: Any) -> Accident:
    """With a team."""
    accident = entered(world, **values)
    team = [
        {"role": "leader", "name": "张科长", "unit": "区应急管理局"},
        {"role": "member", "name": "李公安", "unit": "区公安局"},
    ]
    services.investigate(accident, world.who("enforcement"), team)
    return accident


def submitted(world: World, **values: Any) -> Accident:
    """With its report handed in."""
    accident = investigated(world, **values)
    causes = {"direct_cause": "未系安全带", "indirect_cause": "教育培训不到位"}
    files = [samples.upload("调查报告.docx", samples.docx())]
    services.submit(accident, world.who("enforcement"), causes, files)
    return accident


def following(world: World, **values: Any) -> Accident:
    """With its report approved, and everybody told."""
    accident = submitted(world, **values)
    for row in accident.reports.filter(at__isnull=True):
        services.send(accident, world.who("duty"), at=now(), text="报告", owed=row)
    today = now().astimezone(SHANGHAI).date()
    services.approve(accident, world.who("head"), approval="璧山府〔2026〕8号", authority="区人民政府", on=today)
    return accident
