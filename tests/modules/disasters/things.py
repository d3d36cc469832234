"""Disasters, sheets and ledgers that tests start from."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from bianwang.modules.disasters import services
from bianwang.modules.disasters.identity import Person
from bianwang.modules.disasters.models import Casualty, Disaster, House, Report, Sheet
from bianwang.modules.disasters.pack import pack
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.personal import check_character
from bianwang.platform.places.models import Organisation, Party
from tests.people import World

RULES = pack().sets[0]


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
        "has_response": False,
        **values,
    }


def flood(world: World, *towns: Organisation, **values: Any) -> Disaster:
    """A flood in the first town, or in the given towns; its 初报 is owed."""
    return services.register(world.who("duty"), described(world, **values), towns or (world.town,))


def figures(**values: Any) -> dict[str, Decimal | None]:
    """A whole sheet: zero but for the given."""
    found: dict[str, Decimal | None] = {row.code: Decimal(0) for row in RULES.indicators}
    return {**found, **{code: None if value is None else Decimal(str(value)) for code, value in values.items()}}


def latest(disaster: Disaster) -> Report:
    """Its newest report."""
    return disaster.reports.select_related("disaster").latest("number")


def sheet_of(disaster: Disaster, unit: Party) -> Sheet:
    """A town's sheet for the newest report."""
    return Sheet.objects.select_related("report__disaster", "unit").get(report=latest(disaster), unit=unit)


def filled(world: World, disaster: Disaster, who: str = "town", **values: Any) -> Sheet:
    """The sheet of somebody's town, filled in."""
    sheet = sheet_of(disaster, world.town if who == "town" else world.town2)
    services.fill(sheet, world.who(who), figures(**values), note="已核实")
    return sheet


def filed(world: World, disaster: Disaster, *, stable: bool = False, note: str = "已核实", **values: Any) -> Report:
    """The first town fills its sheet, and the bureau files."""
    filled(world, disaster, **values)
    report = latest(disaster)
    services.file_report(report, world.who("duty"), "强降雨致低洼处进水。", note=note, stable=stable)
    report.refresh_from_db()
    return report


def number(serial: int) -> str:
    """An identity card number that nobody has."""
    first = f"5002271990010{1 + serial % 9}{serial:03d}"[:17]
    return first + check_character(first)


def person(serial: int = 1, name: str = "王大山") -> Person:
    """Somebody."""
    return Person(name, number(serial), "13800000001")


def house(world: World, disaster: Disaster, serial: int = 1, **values: Any) -> House:
    """A household of the first town with one collapsed room."""
    columns = {
        "village": "石河村3组",
        "people": 3,
        "structure": "brick_wood",
        "rooms": 4,
        "collapsed": 1,
        "severe": 0,
        "general": 0,
        "is_sole": True,
        "note": "",
        **values,
    }
    return services.add_house(world.who("town"), disaster, world.town, columns, person(serial))


def casualty(world: World, disaster: Disaster, serial: int = 9, **values: Any) -> Casualty:
    """Somebody of the first town whom the flood killed."""
    columns = {
        "outcome": "dead",
        "sex": "male",
        "age": 62,
        "place": "石河村河边",
        "happened_on": now().astimezone(SHANGHAI).date(),
        "cause": "落水",
        **values,
    }
    return services.add_casualty(world.who("town"), disaster, world.town, columns, person(serial, "李四光"))
