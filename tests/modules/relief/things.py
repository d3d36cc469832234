"""Households, meetings, money and goods that tests start from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from bianwang.modules.relief.models import Appeal, Batch, Claim, Donation, Fund, Issue, Meeting, Programme, Stock, Store
from bianwang.modules.relief.persons import Person
from bianwang.modules.relief.services import appeals, claims, funds, meetings, payments, supplies
from bianwang.modules.relief.services.claims import Household
from bianwang.platform.clock import today
from bianwang.platform.personal import check_character
from tests.modules.disasters import things as disasters
from tests.people import World

PHONE, ACCOUNT = "13912345678", "6217000012345678901"
_serial = count(1)


def id_number(serial: int) -> str:
    """A valid number of a person who does not exist."""
    first17 = (
        f"50012019700101{serial % 1000:03d}"
        if serial < 1000
        else f"5001201970{serial // 1000 % 12 + 1:02d}15{serial % 1000:03d}"
    )
    return first17 + check_character(first17)


def people(size: int) -> list[Person]:
    """A household that nobody has seen before."""
    return [Person(f"测试{serial}", id_number(serial)) for serial in (next(_serial) for _ in range(size))]


def household(size: int = 2, **values: Any) -> Household:
    """A household that asks for help."""
    given = {"people": people(size), "phone": PHONE, "account": ACCOUNT, "situation": "房屋进水", **values}
    return Household(**given)


def programme(world: World, **values: Any) -> Programme:
    """Winter help of a year, or what the values say; the one that is there already if it is the same."""
    given = {"kind": "winter", "year": today().year, "disaster": None, "policy_date": today(), "name": "", **values}
    scope = f"d{given['disaster'].pk}" if given["disaster"] else f"y{given['year']}"
    known = Programme.objects.filter(kind=given["kind"], scope=scope).first()
    return known or funds.open_programme(world.who("head"), given)


def rebuilding(world: World) -> Programme:
    """Rebuilding after a flood."""
    return programme(world, kind="rebuild", disaster=disasters.flood(world))


def reported(world: World, what: Programme | None = None, **values: Any) -> Claim:
    """A household that waits for the village."""
    return claims.report(world.who("village"), what or programme(world), world.village, household(**values))


def met(world: World, *rows: Claim, yes: int = 5) -> Meeting:
    """The village has voted; the notice hangs."""
    values = {
        "held_on": today(),
        "place": "村委会",
        "host": "孙村社",
        "attendees": "孙一、孙二、孙三、孙四、孙五",
        "voters": 5,
        "notice_place": "村务公开栏",
    }
    return meetings.hold(world.who("village"), rows[0].programme, world.village, values, dict.fromkeys(rows, yes))


def notice_ended(*rows: Claim) -> None:
    """As if the notice had hung long enough."""
    past = today() - timedelta(days=1)
    Meeting.objects.filter(claims__in=[row.pk for row in rows]).update(notice_to=past)
    for row in rows:
        row.refresh_from_db()


def submitted(world: World, **values: Any) -> Claim:
    """A household that waits for the town."""
    row = reported(world, **values)
    met(world, row)
    notice_ended(row)
    claims.submit(row, world.who("village"))
    return row


def checked(world: World, **values: Any) -> Claim:
    """A household that waits for the bureau."""
    row = submitted(world, **values)
    claims.check(row, world.who("town"))
    return row


def approved(world: World, **values: Any) -> Claim:
    """A household that waits for its money."""
    row = checked(world, **values)
    claims.approve(row, world.who("leader"))
    return row


def refused(world: World, **values: Any) -> Claim:
    """A household that gets nothing."""
    row = submitted(world, **values)
    claims.refuse(row, world.who("town"), "不是唯一住房")
    return row


def appealed(world: World, **values: Any) -> Appeal:
    """It does not accept that."""
    return appeals.file(refused(world, **values), world.who("village"), "仅此一处住房")


def fund(world: World, amount: str = "100000", source: str = "central") -> Fund:
    """Money that has come."""
    given = {"name": f"救灾资金{next(_serial)}", "source": source, "document": "渝财〔2022〕1号"}
    made = funds.open_fund(world.who("finance"), given)
    funds.receive(world.who("finance"), made, Decimal(amount), today())
    return made


def allotted(world: World, what: Programme, amount: str = "100000") -> Fund:
    """Money that may be paid for a programme."""
    made = fund(world, amount)
    funds.allot(world.who("finance"), made, what, Decimal(amount), today())
    return made


def batch(world: World, claim: Claim | None = None, request: str = "") -> Batch:
    """A batch with what is approved, one household at least."""
    row = claim or approved(world)
    pot = allotted(world, row.programme)
    return payments.make_batch(world.who("finance"), row.programme, pot, request or f"r{next(_serial)}")


def results(rows: Sequence[Any], *, is_paid: bool = True, reason: str = "") -> list[dict[str, Any]]:
    """What the bank reports of these lines."""
    return [{"number": row.number, "is_paid": is_paid, "day": today(), "reason": reason} for row in rows]


def donation(world: World, **values: Any) -> Donation:
    """Goods that somebody gave."""
    given = {
        "kind": "goods",
        "donor": "测试商会",
        "is_anonymous": False,
        "received_on": today(),
        "receipt": f"P{next(_serial)}",
        "amount": Decimal("3000"),
        "goods": "棉被100床",
        "wish": "",
        **values,
    }
    pot = given.pop("fund", None)
    return funds.take_donation(world.who("finance"), given, pot)


def store(world: World) -> Store:
    """A warehouse."""
    known = Store.objects.first()
    return known or supplies.add_store(world.who("duty"), {"name": "区救灾物资库", "address": "", "keeper": ""})


def stocked(world: World, quantity: int = 100) -> Stock:
    """Quilts in the warehouse."""
    item = {"name": "棉被", "category": "bedding", "unit": "床"}
    supplies.take_in(world.who("duty"), store(world), item, quantity, "市级调拨")
    return Stock.objects.get(item__name="棉被")


def issued(world: World, quantity: int = 40) -> Issue:
    """Quilts on their way to the first town."""
    return supplies.send(world.who("duty"), stocked(world), quantity, world.town)
