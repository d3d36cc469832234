"""Headquarters, plans, drills and evacuation lists that tests start from."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bianwang.modules.emergency import services
from bianwang.modules.emergency.models import Batch, Drill, DrillItem, Evacuee, Event, Member, Plan
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.files.services import attach
from bianwang.platform.workflow import services as workflow
from tests.people import World
from tests.platform.files import samples


def today() -> date:
    """The day in Shanghai."""
    return now().astimezone(SHANGHAI).date()


def seat(world: World, **values: Any) -> Member:
    """The commander of the forest fire headquarters."""
    told = {"role": "1_chief", "unit": "区政府", "name": "郑区长", "title": "副区长", "phone": "13900001111"}
    told |= {"user": None, "valid_from": date(2026, 1, 1), "valid_to": None}
    return services.add_member(world.who("head"), "forest_fire", told | values)


def drafted(world: World, *, with_file: bool = True, **values: Any) -> Plan:
    """A plan for forest fires that is being written."""
    told = {"title": "森林火灾应急预案", "version": "2026年修订", "headquarters": "forest_fire", "level": "special"}
    plan = services.draft_plan(world.who("head"), {**told, "replaces": None, **values}, ["forest_fire"])
    if with_file:
        attach(plan, samples.upload("预案.docx", samples.docx()), user=world.who("head"), label="预案文本")
    return plan


def issued(world: World, day: date | None = None, **values: Any) -> Plan:
    """A plan in force."""
    plan = drafted(world, **values)
    workflow.advance(plan, "submit", world.who("head"))
    day = day or today()
    services.issue_plan(plan, world.who("head"), "璧山府办发〔2026〕12号", day, day)
    return plan


def planned(world: World, **values: Any) -> Drill:
    """A drill of the forest fire headquarters."""
    told = {"title": "森林火灾桌面推演", "headquarters": "forest_fire", "kind": "tabletop", "planned_on": today()}
    told |= {"participants": "区林业局、消防救援大队", "purpose": "检验预案", "scenario": "缙云山北坡起火"}
    return services.plan_drill(world.who("head"), told | values)


def held(world: World, people: int = 40, **values: Any) -> Drill:
    """A drill that has taken place."""
    drill = planned(world, **values)
    services.hold_drill(drill, world.who("head"), today(), people, "按预案推演两小时")
    return drill


def found(world: World, drill: Drill) -> DrillItem:
    """What a drill showed."""
    told = {"finding": "对讲机不通", "measure": "增设中继台", "responsible": "区林业局"}
    return services.add_item(world.who("head"), drill, {**told, "due_on": today() + timedelta(days=10)})


def ordered(world: World, event: Event, **values: Any) -> Batch:
    """A hamlet has to leave."""
    told = {"reason": "火线逼近", "place_from": "石河村三社", "place_to": "石河小学"}
    return services.order_evacuation(world.who("duty"), event, told | values)


def listed(world: World, event: Event, people: int = 3, **values: Any) -> list[Evacuee]:
    """So many people of a hamlet; `values` are columns of its order."""
    rows = [
        {"name": f"张三{number}", "phone": f"138000{number:05}", "household": f"三社 {number} 户"}
        for number in range(people)
    ]
    return services.list_people(world.who("duty"), ordered(world, event, **values), rows)
