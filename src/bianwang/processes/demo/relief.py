"""Relief of the demo district: a flood's households in every state, money, donations, goods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import count

from bianwang.modules.disasters.models import Disaster
from bianwang.modules.relief.models import Claim, Donation, Programme, Stock
from bianwang.modules.relief.persons import Person
from bianwang.modules.relief.services import appeals, claims, funds, meetings, payments, supplies
from bianwang.modules.relief.services.claims import Household
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.ledger.context import acting
from bianwang.platform.personal import check_character
from bianwang.platform.places.models import Party
from bianwang.processes.demo.cast import Cast

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_ORIGIN = "本机"
_serial = count(1)


def load(cast: Cast) -> None:
    """Enter them, once."""
    disaster = Disaster.objects.filter(is_demo=True).order_by("pk").first()
    if Programme.objects.exists() or disaster is None:
        return
    people = {name: cast.user(name) for name in ("cunshe", "zhenjie", "kezhang", "juzhang", "caiwu", "zhiban")}
    village: Party = cast.organisation("500120003006")
    with acting(people["kezhang"], _ORIGIN):
        winter = _programme(people["kezhang"], "winter", None)
        house = _programme(people["kezhang"], "rebuild", disaster)
    rows = _report(people["cunshe"], winter, village, 8)
    _report(people["cunshe"], house, village, 2, rooms=3)
    _decide(rows, people, village)
    _pay(winter, people)
    _goods(cast, people, disaster)


def _programme(user: User, kind: str, disaster: Disaster | None) -> Programme:
    values = {"kind": kind, "year": today().year, "disaster": disaster, "policy_date": today(), "name": ""}
    return funds.open_programme(user, values, is_demo=True)


def _report(user: User, programme: Programme, village: Party, households: int, rooms: int = 0) -> list[Claim]:
    """Households of one to three people."""
    with acting(user, _ORIGIN):
        found = []
        for number in range(households):
            people = [_person() for _ in range(number % 3 + 1)]
            household = Household(people, "13900000000", "6217000000000000000", "演示：口粮和取暖困难", rooms)
            found.append(claims.report(user, programme, village, household, is_demo=True))
        return found


def _person() -> Person:
    serial = next(_serial)
    first17 = f"50012019700101{serial:03d}"
    return Person(f"演示{_SURNAMES[serial % len(_SURNAMES)]}某{serial}", first17 + check_character(first17))


def _decide(rows: Sequence[Claim], people: dict[str, User], village: Party) -> None:
    """One is voted down and appeals, one hangs on notice, one waits for the town, the rest is granted."""
    earlier, later = rows[:-2], rows[-2:-1]
    _meet(earlier, people["cunshe"], village, days=9, refused=1)
    _meet(later, people["cunshe"], village, days=0)
    passed = list(Claim.objects.filter(pk__in=[row.pk for row in earlier], state="public").order_by("pk"))
    for row in passed:
        with acting(people["cunshe"], _ORIGIN):
            claims.submit(row, people["cunshe"])
    for row in passed[1:]:
        with acting(people["zhenjie"], _ORIGIN):
            claims.check(row, people["zhenjie"])
    for row in passed[2:]:
        with acting(people["juzhang"], _ORIGIN):
            claims.approve(row, people["juzhang"])
    with acting(people["cunshe"], _ORIGIN):
        appeals.file(Claim.objects.get(pk=earlier[0].pk), people["cunshe"], "演示：家中仅一人有劳动能力")


def _meet(rows: Sequence[Claim], user: User, village: Party, days: int, refused: int = 0) -> None:
    day = today() - timedelta(days=days)
    values = {
        "held_on": day,
        "place": "社区会议室",
        "host": "孙书记",
        "attendees": "演示：居民代表九人",
        "voters": 9,
        "notice_place": "居务公开栏",
    }
    votes = {row: 2 if place < refused else 9 for place, row in enumerate(rows)}
    with acting(user, _ORIGIN):
        meetings.hold(user, rows[0].programme, village, values, votes, since=day, is_demo=True)


def _pay(programme: Programme, people: dict[str, User]) -> None:
    """Money that came long ago and now; one batch, of which the bank gave one back."""
    finance = people["caiwu"]
    with acting(finance, _ORIGIN):
        central = funds.open_fund(
            finance, {"name": "演示：中央冬春救助资金", "source": "central", "document": "演示文号"}, is_demo=True
        )
        funds.receive(finance, central, Decimal("30000"), today() - timedelta(days=45), "演示")
        funds.allot(finance, central, programme, Decimal("19500"), today())
        batch = payments.make_batch(finance, programme, central, "demo", is_demo=True)
        lines = [
            {"number": line.number, "is_paid": place > 0, "day": today(), "reason": "" if place else "账号户名不符"}
            for place, line in enumerate(batch.lines.order_by("pk"))
        ]
        payments.settle(finance, lines)
        gifts = funds.open_fund(
            finance, {"name": "演示：救灾捐赠资金", "source": "donation", "document": ""}, is_demo=True
        )
        for donor, kind, amount, goods, hidden in (
            ("演示商会", "money", "20000", "", False),
            ("演示李先生", "money", "1000", "", True),
            ("演示纺织公司", "goods", "6000", "棉被100床", False),
        ):
            values = {
                "kind": kind,
                "donor": donor,
                "is_anonymous": hidden,
                "received_on": today(),
                "receipt": f"演示票据{next(_serial)}",
                "amount": Decimal(amount),
                "goods": goods,
                "wish": "",
            }
            funds.take_donation(finance, values, gifts if kind == "money" else None, is_demo=True)
        funds.publish(finance, list(Donation.objects.all()))


def _goods(cast: Cast, people: dict[str, User], disaster: Disaster) -> None:
    """Quilts and tents in the store; some on their way to the town."""
    duty = people["zhiban"]
    with acting(duty, _ORIGIN):
        store = supplies.add_store(
            duty, {"name": "演示：区救灾物资库", "address": "演示地址", "keeper": "演示保管员"}, is_demo=True
        )
        for name, category, unit, quantity in (("棉被", "bedding", "床", 300), ("帐篷", "tent", "顶", 40)):
            item = {"name": name, "category": category, "unit": unit}
            supplies.take_in(duty, store, item, quantity, "演示：市级调拨")
        quilts = Stock.objects.select_related("store", "item").get(item__name="棉被")
        supplies.send(duty, quilts, 60, cast.organisation("500120003"), disaster, is_demo=True)
