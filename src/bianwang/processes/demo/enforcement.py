"""A year's plan of inspections with visits, so that every figure of the module has something to count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from bianwang.modules.enforcement import services
from bianwang.modules.enforcement.models import Campaign, Plan, Visit
from bianwang.modules.enforcement.queries import statutory_days
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Enterprise, Party
from bianwang.platform.places.queries import bureau
from bianwang.processes.demo.cast import Cast

_OTHER_SHARE, _NON_SHARE = 0.45, 0.37
"""About as in the example of the method: what is left is somewhat less than a fifth."""
_SEED = "演示种子20260105"


def load(cast: Cast) -> None:
    """Enter the plan of the present year, approved, and what was visited until today; once."""
    if Plan.objects.exists():
        return
    enterprises, officers, leader = (
        list(cast.owners.values()),
        [cast.user("zhifa"), cast.user("zhifa2")],
        cast.user("kezhang"),
    )
    leader, town, reporter = cast.user("kezhang"), cast.organisation("500120003"), cast.user("zhenjie")
    day = today()
    direct = [row for row in enterprises if row.is_direct]
    with acting(officers[0], "本机"):
        plan = _plan(officers, direct, day.year)
        campaign = _campaign(officers[0], day.year)
    with acting(leader, "本机"):
        services.approve(plan, leader)
    with acting(officers[0], "本机"):
        _visits(officers, direct, day)
        _record(officers[0], bureau(), direct[0], _when(day, 20), [], kind="complaint", is_filed=True)
        _record(officers[0], bureau(), direct[1], _when(day, 12), [], kind="campaign", campaign=campaign)
    with acting(reporter, "本机"):
        near = access.visible(reporter, Enterprise, "enforcement.report").order_by("pk")[:3]
        for number, enterprise in enumerate(near):
            _record(reporter, town, enterprise, _when(day, 6 + number), [(reporter.name, "")], kind="patrol")


def _plan(officers: Sequence[User], direct: Sequence[Enterprise], year: int) -> Plan:
    statutory, people = statutory_days(year), len(officers)
    values = {
        "year": year,
        "statutory_days": statutory,
        "people": people,
        "other_days": round(statutory * people * _OTHER_SHARE),
        "other_note": "演示：举报核实、联合执法、宣传教育等。",
        "non_days": round(statutory * people * _NON_SHARE),
        "non_note": "演示：值班、学习会议、年休假等。",
        "is_demo": True,
    }
    plan = services.create(officers[0], bureau(), values, officers)
    for number, enterprise in enumerate(direct[:6]):
        item = {"kind": "key", "month": 2 * number + 1, "times": 1, "days": 2}
        services.add_items(plan, officers[0], [enterprise], item)
    rest = direct[6:]
    if len(rest) > 1 and len(officers) > 1:
        values = {"month": 6, "times": 1, "days": 2}
        services.make_draw(plan, officers[0], rest, {"": len(rest) - 1}, _SEED, values)
    return plan


def _campaign(user: User, year: int) -> Campaign:
    values = {
        "name": f"演示{year}年安全大检查",
        "first_day": date(year, 1, 1),
        "last_day": date(year, 12, 31),
        "note": "演示数据。",
        "is_demo": True,
    }
    return services.save_campaign(Campaign(), user, values)


def _visits(officers: Sequence[User], direct: Sequence[Enterprise], day: date) -> None:
    """Five of the planned enterprises were inspected; two of these want a recheck, one had it."""
    people = [(officer.name, officer.certificate) for officer in officers]
    for number, enterprise in enumerate(direct[:5]):
        when = _when(day, 10 * (number + 1) + 20)
        values: dict[str, Any] = {"is_statutory": True, "documents_complete": number != 3}
        if number < 2:
            values["recheck_by"] = when + timedelta(days=10)
        visit = _record(officers[0], bureau(), enterprise, when, people, kind="plan", **values)
        if number == 0:
            again = {"kind": "recheck", "recheck_of": visit, "is_statutory": True, "documents_complete": True}
            _record(officers[0], bureau(), enterprise, min(when + timedelta(days=8), day), people, **again)


def _record(
    user: User, unit: Party, enterprise: Enterprise, day: date, people: Sequence[tuple[str, str]], **values: Any
) -> Visit:
    given = {"date": day, "state": Visit.State.DONE, **values}
    return services.record_visit(user, unit, enterprise, given, people, is_demo=True)


def _when(day: date, ago: int) -> date:
    """So many days ago, but in the present year."""
    return max(day - timedelta(days=ago), date(day.year, 1, 1))
