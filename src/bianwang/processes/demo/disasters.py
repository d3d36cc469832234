"""Disasters of the demo district: a flood from the first report to the last, and a hail that is being reported."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from bianwang.modules.disasters import services
from bianwang.modules.disasters.identity import Person
from bianwang.modules.disasters.models import Disaster, Sheet
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.context import acting
from bianwang.platform.personal import check_character
from bianwang.platform.places.models import Organisation, Territory
from bianwang.processes.demo.cast import Cast

_FLOOD = {
    "affected": 326, "relocated": 41, "central": 12, "scattered": 29, "need_living": 48, "severe_rooms": 4,
    "severe_homes": 2, "general_rooms": 3, "general_homes": 2, "crops_hit": "38.50", "crops_lost": "2.10",
    "loss": "96.40", "loss_home": "7.60", "loss_farming": "61.80", "loss_works": "27.00",
}  # fmt: skip
_HOUSES = (
    ("演示户甲", "石河村2组", 3, "brick_wood", 4, {"severe": 2}),
    ("演示户乙", "石河村2组", 2, "earth", 3, {"severe": 2}),
    ("演示户丙", "石河村5组", 4, "brick_concrete", 6, {"general": 2}),
    ("演示户丁", "石河村6组", 1, "brick_wood", 3, {"general": 1}),
)


def load(cast: Cast) -> None:
    """Enter them, once."""
    if Disaster.objects.exists():
        return
    town, other = cast.organisation("500120003"), cast.organisation("500120100")
    _flood(cast, town)
    _hail(cast, town, other)


def _flood(cast: Cast, town: Organisation) -> None:
    """First report, stable, ledger, verified."""
    duty, clerk = cast.user("zhiban"), cast.user("zhenjie")
    disaster = _registered(duty, [town], kind="flood", hours=2, description="演示：持续强降雨，沿河低洼处进水。")
    _fill(disaster, town, clerk, _FLOOD | {"now": 41, "now_central": 12, "now_scattered": 29})
    _file(disaster, duty, "演示：凌晨持续强降雨，沿河低洼处进水，已转移安置41人，无人员伤亡。", stable=True)
    with acting(clerk, "本机"):
        for serial, (name, village, people, structure, rooms, damage) in enumerate(_HOUSES):
            columns = {"village": village, "people": people, "structure": structure, "rooms": rooms, "note": "",
                       "collapsed": 0, "severe": 0, "general": 0, "is_sole": serial < 2, **damage}  # fmt: skip
            first = f"50022719700101{serial:03d}"
            who = Person(name, first + check_character(first))
            services.add_house(clerk, disaster, town, columns, who)
    _fill(disaster, town, clerk, _FLOOD)
    _file(disaster, duty, "演示：灾情已核定，倒损住房与台账一致。")


def _hail(cast: Cast, town: Organisation, other: Organisation) -> None:
    """One town has answered, the other not yet."""
    disaster = _registered(
        cast.user("zhiban"), [town, other], kind="hail", hours=1, description="演示：短时冰雹，部分菜地和瓦房受损。"
    )
    hail = {"affected": 85, "general_rooms": 6, "general_homes": 5, "crops_hit": "12.30", "loss": "15.20",
            "loss_home": "1.20", "loss_farming": "14.00"}  # fmt: skip
    _fill(disaster, town, cast.user("zhenjie"), hail)


def _registered(duty: User, towns: list[Organisation], *, hours: int, **values: Any) -> Disaster:
    began = now() - timedelta(hours=hours)
    given = {
        "name": "",
        "territory": Territory.objects.get(kind=Territory.Kind.DISTRICT),
        "began_at": began,
        "ended_at": began + timedelta(minutes=40),
        "known_at": began + timedelta(minutes=30),
        **values,
    }
    with acting(duty, "本机"):
        return services.register(duty, given, towns, is_demo=True)


def _fill(disaster: Disaster, town: Organisation, clerk: User, values: dict[str, Any]) -> None:
    sheet = Sheet.objects.select_related("report__disaster", "unit").get(
        report__disaster=disaster, report__state="collecting", unit=town
    )
    given = {code: Decimal(value) for code, value in values.items()}
    with acting(clerk, "本机"):
        services.fill(sheet, clerk, given, blank_is_zero=True)


def _file(disaster: Disaster, duty: User, narrative: str, *, stable: bool = False) -> None:
    with acting(duty, "本机"):
        services.file_report(disaster.reports.get(state="collecting"), duty, narrative, stable=stable)
    disaster.refresh_from_db()
