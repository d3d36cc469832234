"""Plans, draws, campaigns and visits that tests start from."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bianwang.modules.enforcement import services
from bianwang.modules.enforcement.models import Campaign, Draw, Plan, Recusal, Visit
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.credit_code import check_character
from bianwang.platform.places.models import Enterprise
from tests.people import World

DAYS: dict[str, Any] = {"statutory_days": 247, "people": 22, "other_days": 2469, "non_days": 1994}
ITEM: dict[str, Any] = {"kind": "key", "month": 3, "times": 1, "days": 2}
PAIR = [("李执法", "渝B1"), ("何执法", "渝B2")]


def certify(world: World, *keys: str) -> list[User]:
    """Give people certificates."""
    found = []
    for key in keys:
        user = world.who(key)
        user.certificate = f"渝B{user.pk:05}"
        user.save()
        found.append(user)
    return found


def new_plan(world: World, officers: list[User], year: int | None = None) -> Plan:
    """A draft without enterprises."""
    user = world.who("enforcement")
    with acting(user, "测试"):
        return services.create(user, world.bureau, {"year": year or today().year, **DAYS}, officers)


def draft(world: World) -> Plan:
    """A draft with the plant and one officer, which is too few to approve."""
    plan = new_plan(world, certify(world, "enforcement"))
    add(world, plan, world.plant)
    return plan


def add(world: World, plan: Plan, *enterprises: Enterprise, **values: Any) -> None:
    """Put enterprises into a draft."""
    with acting(world.who("enforcement"), "测试"):
        services.add_items(plan, world.who("enforcement"), enterprises, {**ITEM, **values})


def approved(world: World, *enterprises: Enterprise, year: int | None = None, **values: Any) -> Plan:
    """A plan in force, with the plant unless told otherwise."""
    plan = new_plan(world, certify(world, "enforcement", "enforcement2"), year)
    add(world, plan, *(enterprises or [world.plant]), **values)
    with acting(world.who("head"), "测试"):
        return services.approve(plan, world.who("head"))


def drawn(world: World, seed: str = "种子") -> Draw:
    """A draw of one enterprise into a draft."""
    plan = new_plan(world, certify(world, "enforcement", "enforcement2"))
    user = world.who("enforcement")
    with acting(user, "测试"):
        pool = [world.plant, world.joint, world.other]
        return services.make_draw(plan, user, pool, {"": 1}, seed, {"month": 4, "times": 1, "days": 2})


def recused(world: World, who: str = "enforcement", enterprise: Enterprise | None = None) -> Recusal:
    """An officer keeps away from the plant."""
    (officer,) = certify(world, who)
    with acting(world.who("enforcement"), "测试"):
        return services.recuse(world.who("enforcement"), officer, enterprise or world.plant, "近亲属任职")


def campaign(world: World, name: str = "百日大整治") -> Campaign:
    """A campaign of the present year."""
    user, year = world.who("head"), today().year
    values = {"name": name, "first_day": date(year, 1, 1), "last_day": date(year, 12, 31), "note": ""}
    with acting(user, "测试"):
        return services.save_campaign(Campaign(), user, values)


def visited(world: World, who: str = "town", enterprise: Enterprise | None = None, **values: Any) -> Visit:
    """A visit that was made: by the first town to the plant, or by the bureau."""
    user = world.who(who)
    unit = world.town if who == "town" else world.town2 if who == "town2" else world.bureau
    given = {"date": today(), "kind": "patrol" if who.startswith("town") else "plan", "state": "done", **values}
    people = PAIR if given.get("is_statutory") else [("赵镇街", "")]
    with acting(user, "测试"):
        return services.record_visit(user, unit, enterprise or world.plant, given, people)


def visited_too_often(world: World) -> Visit:
    """One visit more than the ceiling of an enterprise of the first grade allows."""
    world.plant.standardisation = Enterprise.Standardisation.FIRST
    world.plant.save()
    visited(world)
    return visited(world)


def enterprises(world: World, number: int, **values: Any) -> list[Enterprise]:
    """So many directly supervised enterprises in the first town."""
    made = []
    for serial in range(number):
        code = f"91500227MA6{serial:06}"
        row = Enterprise.objects.create(
            name=f"直管企业{serial:03}",
            credit_code=code + check_character(code),
            sector="industry",
            is_direct=True,
            **values,
        )
        row.territories.add(world.town_area)
        made.append(row)
    return made


def many_visits(world: World, rows: list[tuple[Enterprise, date]], **values: Any) -> None:
    """Statutory visits of the bureau, written at once as an import does."""
    made = [
        Visit(
            unit=world.bureau,
            enterprise=enterprise,
            date=day,
            kind="plan",
            state="done",
            scope="direct" if enterprise.is_direct else "district",
            is_statutory=True,
            documents_complete=True,
            made_by=world.who("enforcement"),
            made_at=world.who("enforcement").created_at,
            **values,
        )
        for enterprise, day in rows
    ]
    Visit.objects.bulk_create(made)


def days(number: int, year: int) -> list[date]:
    """So many days of a year from its first on."""
    return [date(year, 1, 1) + timedelta(days=serial) for serial in range(number)]
