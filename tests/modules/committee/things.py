"""Papers of the committee that tests start from."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from bianwang.modules.committee import services
from bianwang.modules.committee.models import Assignment, CheckIn, KeyPeriod, Meeting, RiskNotice, Supervision, Task
from bianwang.platform.clock import now, today
from bianwang.platform.places.models import Party
from tests.people import World


def in_days(days: int) -> date:
    """A day from today."""
    return today() + timedelta(days=days)


def held(world: World) -> Meeting:
    """A meeting of both towns and the department."""
    values = {"kind": "plenary", "title": "二季度安委会全会", "held_at": now(), "place": "区政府301"}
    return services.hold(world.who("head"), values, [world.town, world.town2, world.department])


def given(world: World, *others: Party, days: int = 10, **values: Any) -> Task:
    """A task of the first town, which leads, and others."""
    columns = {"source": "superior", "title": "燃气安全排查", "content": "逐户排查", **values}
    return services.give(world.who("duty"), columns, in_days(days), world.town, others)


def assigned(world: World, **values: Any) -> Assignment:
    """The first town's part of a task, not signed yet."""
    return given(world, **values).assignments.get()


def submitted(world: World) -> Assignment:
    """Reported done by the town."""
    row = assigned(world)
    services.sign(row, world.who("town"))
    services.submit(row, world.who("town"), "已完成")
    return row


def supervised(world: World, days: int = 10, **values: Any) -> Supervision:
    """A matter at the first town."""
    columns = {"title": "老旧小区消防通道", "demand": "限期打通", **values}
    return services.supervise(world.who("leader"), world.town, columns, in_days(days))


def noticed(world: World, *units: Party, hours: int = 48, **values: Any) -> RiskNotice:
    """A notice to units and enterprises, delivered to those who have somebody to answer."""
    columns = {
        "kind": "weather",
        "title": "强降雨风险提示",
        "content": "停止户外高处作业",
        "answer_by": now() + timedelta(hours=hours),
        **values,
    }
    notice = services.issue(world.who("duty"), columns, "测试", units or (world.town, world.plant))
    services.deliver_pending(notice)
    return notice


def called(world: World) -> CheckIn:
    """Both towns and the department are called; nobody has entered how they answered."""
    columns = {"title": "节前调度", "called_at": now(), "note": ""}
    return services.call_units(world.who("duty"), columns, [world.town, world.town2, world.department])


def watched(world: World, first: int = 0, days: int = 2, due: time = time(17, 0)) -> KeyPeriod:
    """A key period from some day on, with a report of both towns for every day."""
    columns = {
        "name": "国庆",
        "first_day": in_days(first),
        "last_day": in_days(first + days - 1),
        "due_time": due,
        "measures": "24小时值班",
    }
    return services.open_period(world.who("duty"), columns, [world.town, world.town2])
