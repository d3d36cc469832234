"""Winter aid, and a flood with the dwellings it damaged: households were voted on, checked, granted, paid in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from bianwang.modules.disasters import services as disasters
from bianwang.modules.disasters.identity import Person as Owner
from bianwang.modules.disasters.models import Disaster, Sheet
from bianwang.modules.relief.models import Claim, Programme
from bianwang.modules.relief.persons import Person
from bianwang.modules.relief.services import claims, funds, meetings, payments
from bianwang.modules.relief.services.claims import Household
from bianwang.platform.personal import check_character
from bianwang.platform.places.models import Territory
from bianwang.processes.demo.golden.year import Golden, moment, scene

TOWN, VILLAGE = "500120003", "500120003006"
_NAMES = {"repair_severe": "severe", "repair_light": "general"}


def load(golden: Golden) -> None:
    """Winter aid in January, paid before the Spring Festival; repairs after the flood of June."""
    data, year, serial = golden.data.relief, golden.data.year, count(1)
    winter = _programme(golden, "winter", None, date(year, 1, 4))
    rows = _reported(golden, winter, [(people, 0) for people in data.households], date(year, 1, 5), serial)
    _granted(golden, rows, date(year, 1, 6))
    _paid(golden, {winter: rows}, "中央冬春救助资金", "central", data.winter_received, date(year, 1, 20))
    disaster, repairs = _flood(golden, serial), {}
    for kind in _NAMES:
        wanted = [(row.people, row.rooms) for row in data.houses if row.kind == kind]
        programme = _programme(golden, kind, disaster, date(year, 7, 1))
        repairs[programme] = _reported(golden, programme, wanted, date(year, 7, 4), serial)
        _granted(golden, repairs[programme], date(year, 7, 5))
    _paid(golden, repairs, "市级自然灾害救灾资金", "city", data.houses_received, date(year, 7, 20))


def _programme(golden: Golden, kind: str, disaster: Disaster | None, day: date) -> Programme:
    head = golden.cast.user("kezhang")
    values = {"kind": kind, "year": golden.data.year, "disaster": disaster, "policy_date": day, "name": ""}
    with scene(head, moment(day)):
        return funds.open_programme(head, values, is_demo=True)


def _reported(
    golden: Golden, programme: Programme, wanted: Sequence[tuple[int, int]], day: date, serial: count[int]
) -> list[Claim]:
    """Households by people and damaged rooms."""
    village, user, found = golden.cast.organisation(VILLAGE), golden.cast.user("cunshe"), []
    with scene(user, moment(day)):
        for people, rooms in wanted:
            persons = [Person(name, number) for name, number in (_person(next(serial)) for _ in range(people))]
            household = Household(persons, "13900000000", "6217000000000000000", "虚构：受灾后生活困难", rooms)
            found.append(claims.report(user, programme, village, household, is_demo=True))
    return found


def _person(serial: int) -> tuple[str, str]:
    """A name and an identity number that belong to nobody."""
    first17 = f"50012019700101{serial:03d}"
    return f"虚构{serial}", first17 + check_character(first17)


def _granted(golden: Golden, rows: Sequence[Claim], day: date) -> None:
    """Voted on, on public notice for five days, checked by the town, granted by the bureau."""
    village, user = golden.cast.organisation(VILLAGE), golden.cast.user("cunshe")
    clerk, leader = golden.cast.user("zhenjie"), golden.cast.user("juzhang")
    held = {"held_on": day, "place": "社区会议室", "host": "虚构主持人", "attendees": "虚构：居民代表九人", "voters": 9}
    with scene(user, moment(day, 15)):
        votes = dict.fromkeys(rows, 9)
        meetings.hold(
            user, rows[0].programme, village, {**held, "notice_place": "居务公开栏"}, votes, since=day, is_demo=True
        )
    steps: tuple[tuple[Any, Any, int], ...] = ((claims.submit, user, 7), (claims.check, clerk, 9))
    for step, who, days in (*steps, (claims.approve, leader, 12)):
        with scene(who, moment(day + timedelta(days=days), 10)):
            for row in Claim.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk"):
                step(row, who)


def _paid(
    golden: Golden, rows: dict[Programme, list[Claim]], name: str, source: str, received: Decimal, day: date
) -> None:
    """From one fund, of which the rest stays with the bureau; every household says that it has its money."""
    finance, user = golden.cast.user("caiwu"), golden.cast.user("cunshe")
    with scene(finance, moment(day - timedelta(days=5))):
        values = {"name": f"虚构：{golden.data.year}年{name}", "source": source, "document": "虚构文号"}
        fund = funds.open_fund(finance, values, is_demo=True)
        funds.receive(finance, fund, received, day - timedelta(days=5), "虚构到账金额")
    for programme, mine in rows.items():
        with scene(finance, moment(day, 10)):
            keys = [row.pk for row in mine]
            total = sum(Claim.objects.filter(pk__in=keys).values_list("amount", flat=True), Decimal(0))
            funds.allot(finance, fund, programme, total, day)
            batch = payments.make_batch(finance, programme, fund, f"{golden.data.year}-{programme.kind}", is_demo=True)
        with scene(finance, moment(day + timedelta(days=2), 16)):
            lines = batch.lines.order_by("pk").values_list("number", flat=True)
            paid = {"is_paid": True, "day": day + timedelta(days=2), "reason": ""}
            payments.settle(finance, [{"number": number, **paid} for number in lines])
        with scene(user, moment(day + timedelta(days=5), 11)):
            for claim in Claim.objects.filter(pk__in=keys).order_by("pk"):
                claims.confirm(claim, user)


def _flood(golden: Golden, serial: count[int]) -> Disaster:
    """Reported, verified, with the ledger of dwellings."""
    duty, clerk = golden.cast.user("zhiban"), golden.cast.user("zhenjie")
    town, houses, year = golden.cast.organisation(TOWN), golden.data.relief.houses, golden.data.year
    figures = {"affected": 126, "need_living": sum(row.people for row in houses), "loss": "18.60", "loss_home": "7.60"}
    figures["loss_farming"] = "11.00"
    for kind, name in _NAMES.items():
        figures[f"{name}_rooms"] = sum(row.rooms for row in houses if row.kind == kind)
        figures[f"{name}_homes"] = sum(row.kind == kind for row in houses)
    began = moment(date(year, 6, 23), 4, 30)
    with scene(duty, began + timedelta(minutes=40)):
        values = {"name": "", "territory": Territory.objects.get(kind="district"), "kind": "flood"}
        values |= {"began_at": began, "ended_at": None, "known_at": began + timedelta(minutes=30)}
        values["description"] = "虚构：短时强降雨，沿河住房受损。"
        disaster = disasters.register(duty, values, [town], is_demo=True)
    filled, filed = began + timedelta(minutes=70), began + timedelta(minutes=100)
    _fill(golden, disaster, figures, filled)
    with scene(duty, filed):
        report = disaster.reports.get(state="collecting")
        disasters.file_report(report, duty, "虚构：住房受损4户7间，无人员伤亡。", stable=True)
    with scene(clerk, filed + timedelta(hours=8)):
        for row in houses:
            columns = {"village": "虚构社", "people": row.people, "structure": "brick_wood", "rooms": row.rooms + 2}
            damage = {"collapsed": 0, "severe": 0, "general": 0, _NAMES[row.kind]: row.rooms}
            columns |= {"note": "", "is_sole": True, **damage}
            disasters.add_house(clerk, disaster, town, columns, Owner(*_person(next(serial))))
    _fill(golden, disaster, figures, filed + timedelta(hours=10))
    with scene(duty, filed + timedelta(hours=12)):
        report = disaster.reports.get(state="collecting")
        disasters.file_report(report, duty, "虚构：灾情已核定，倒损住房与台账一致。")
    disaster.refresh_from_db()
    return disaster


def _fill(golden: Golden, disaster: Disaster, figures: dict[str, Any], at: Any) -> None:
    sheet = Sheet.objects.select_related("report__disaster", "unit").get(
        report__disaster=disaster, report__state="collecting"
    )
    clerk = golden.cast.user("zhenjie")
    with scene(clerk, at):
        given = {code: Decimal(value) for code, value in figures.items()}
        disasters.fill(sheet, clerk, given, blank_is_zero=True)
