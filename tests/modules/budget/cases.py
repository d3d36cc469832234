"""Years, lines, projects and money that tests start from, entered by the finance officer."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bianwang.modules.budget import services
from bianwang.modules.budget.models import (
    Adjustment,
    BudgetYear,
    Establishment,
    Line,
    Payment,
    Project,
    Publication,
    Receipt,
    Statement,
)
from bianwang.modules.budget.services.staff import People
from bianwang.platform.clock import today
from tests.people import World

SAFETY, RELIEF = "2240106", "2240703"


def drafted(world: World, year: int | None = None) -> BudgetYear:
    """A year without lines."""
    return services.open_year(world.who("finance"), world.bureau, year or today().year)


def line(world: World, year: BudgetYear, subject: str = SAFETY, opening: str = "100000", carried_in: str = "0") -> Line:
    """A line of a draft."""
    values = {"subject": subject, "opening": Decimal(opening), "carried_in": Decimal(carried_in)}
    return services.save_line(world.who("finance"), Line(year=year), values)


def project(world: World, of: Line, code: str = "P1", **values: Any) -> Project:
    """A project of a line, of the district's money unless told otherwise."""
    given = {
        "code": code,
        "name": f"项目{code}",
        "source": "district",
        "opening": Decimal(0),
        "office": world.enforcement_office,
        **values,
    }
    return services.save_project(world.who("finance"), Project(line=of), given)


def reply(world: World, year: BudgetYear, on: date | None = None) -> BudgetYear:
    """Let the finance bureau have replied."""
    values = {"approved_on": None, "replied_on": on or first_day(year), "document": "璧财预〔2026〕1号"}
    services.approve(year, world.who("finance"), values)
    return year


def first_day(year: BudgetYear) -> date:
    """The first day of a year."""
    return date(year.year, 1, 1)


def approved(world: World, year: int | None = None) -> BudgetYear:
    """A year with a line of 100,000 yuan for safety and one of 50,000 for relief, replied to."""
    made = drafted(world, year)
    line(world, made)
    line(world, made, RELIEF, "50000")
    return reply(world, made)


def safety(year: BudgetYear) -> Line:
    """Its line for safety."""
    return year.lines.get(subject=SAFETY)


def relief(year: BudgetYear) -> Line:
    """Its line for relief."""
    return year.lines.get(subject=RELIEF)


def adjusted(world: World, of: Line, amount: str, on: date | None = None, project: Project | None = None) -> Adjustment:
    """Money moved."""
    values = {
        "day": on or first_day(of.year),
        "amount": Decimal(amount),
        "reason": "上级追加",
        "document": "璧财预〔2026〕9号",
        "project": project,
    }
    return services.adjust(world.who("finance"), of, values)


def paid(world: World, of: Line, amount: str, on: date | None = None, **values: Any) -> Payment:
    """Money paid; the voucher is the next number."""
    given = {
        "day": on or first_day(of.year),
        "amount": Decimal(amount),
        "kind": "direct",
        "payee": "渝安公司",
        "voucher": f"记-{Payment.objects.count() + 1}",
        "reason": "",
        "project": None,
        **values,
    }
    return services.pay(world.who("finance"), of, given)


def superior(world: World, year: BudgetYear, code: str = "R1", amount: str = "20000") -> Project:
    """A project of central money that an adjustment has given money."""
    made = project(world, relief(year), code, source="central", may_transfer=True)
    adjusted(world, relief(year), amount, project=made)
    return made


def received(world: World, year: BudgetYear, amount: str = "20000", days: int = 40, **values: Any) -> Receipt:
    """Central money that came some days ago."""
    given = {
        "source": "central",
        "document": "渝财建〔2026〕7号",
        "purpose": "中央自然灾害救灾资金",
        "amount": Decimal(amount),
        "received_on": today() - timedelta(days=days),
        "project": None,
        **values,
    }
    return services.receive(world.who("finance"), year, given)


def stated(world: World, year: BudgetYear, kind: str, printed: str, explanation: str = "") -> Statement:
    """A printed total in 万元."""
    values = {"kind": kind, "printed": printed, "unit": "wan", "paper": "决算公开表", "explanation": explanation}
    return services.state_total(world.who("finance"), year, values)


def due(world: World, started: date, kind: str = "budget", clock: str = "reply", year: int = 2022) -> Publication:
    """A paper that has to be published."""
    values = {"owner": world.bureau, "year": year, "kind": kind, "clock": clock, "started_on": started, "document": ""}
    return services.add_publication(world.who("finance"), values)


def staffed(world: World, on: date, owner: Any = None, **people: tuple[int, int, int]) -> list[Establishment]:
    """Posts, staff and retired by kind."""
    found = {kind: People(*numbers) for kind, numbers in people.items()}
    return services.save_staff(world.who("finance"), owner or world.bureau, on, found)
