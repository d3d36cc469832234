"""The district's register of enterprises: invented, with as many directly supervised ones as the plan has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from bianwang.platform.places.credit_code import check_character
from bianwang.platform.places.models import Enterprise, Organisation, Territory
from bianwang.platform.places.services import create_enterprises
from bianwang.processes.demo.golden.year import Golden, moment, pieces, scene

_FIRST, _SECOND = "金永兴恒宏华盛泰安瑞鑫达", "源丰诚信和顺昌隆茂康祥辉"
_TRADES = (
    ("industry", ("机械", "五金", "鞋业", "汽配", "玻璃", "家具", "纸品", "电子", "食品", "建材")),
    ("chemicals", ("加油站", "化工", "涂料", "气体", "树脂")),
    ("mine", ("石料", "页岩砖", "砂石", "石灰石", "建筑石材")),
    ("fireworks", ("烟花爆竹", "花炮")),
    ("other", ("商贸", "餐饮", "物流", "汽修", "养殖", "超市")),
)
_MOST = ("industry",) * 9 + ("other",) * 9 + ("chemicals", "mine")
_SCALES = ("micro", "small", "small", "medium", "small", "micro", "large")
_RISKS = ("blue", "yellow", "blue", "yellow", "orange", "blue", "yellow")
_IN_ZONE = 7
"""Every so manieth lies in the area of a 管委会 too."""


def load(golden: Golden) -> None:
    """Register those that the demo does not have."""
    with scene(golden.cast.user("kezhang"), moment(date(golden.data.year, 1, 4))):
        for piece in pieces(_rows(golden), 250):
            create_enterprises(piece)


def _rows(golden: Golden) -> Iterator[dict[str, Any]]:
    wanted, known = golden.data.enterprises, list(Enterprise.objects.order_by("pk"))
    towns = list(Territory.objects.filter(kind=Territory.Kind.TOWN).order_by("code"))
    zones = list(Organisation.objects.filter(level=Organisation.Level.COMMITTEE).order_by("code"))
    trades, chance = dict(_TRADES), golden.chance("enterprises")
    direct = _direct_sectors(golden, known)
    for number in range(wanted.total - len(known)):
        is_direct = number < len(direct)
        sector = direct[number] if is_direct else _MOST[number % len(_MOST)]
        town, areas = towns[number % len(towns)], []
        if number % _IN_ZONE == 0:
            areas = [zones[number // _IN_ZONE % len(zones)].territory]
        words = f"{_FIRST[number % 12]}{_SECOND[number // 12 % 12]}{_trade(trades[sector], number)}"
        code = f"91500120MADGN{number:04d}"
        yield {
            "name": f"演示{town.name[:2]}{words}有限公司",
            "credit_code": code + check_character(code),
            "sector": sector,
            "scale": _SCALES[number % len(_SCALES)],
            "risk": "orange" if is_direct else _RISKS[number % len(_RISKS)],
            "is_direct": is_direct,
            "address": f"重庆市璧山区{town.name}",
            "longitude": round(106.02 + chance.random() * 0.3, 4),
            "latitude": round(29.30 + chance.random() * 0.5, 4),
            "is_demo": True,
            "territories": [town, *areas],
        }


def _direct_sectors(golden: Golden, known: list[Enterprise]) -> list[str]:
    """Sectors of the directly supervised enterprises that are still to be registered."""
    left = dict(golden.data.enterprises.sectors)
    rest = golden.data.enterprises.direct
    for enterprise in known:
        if enterprise.is_direct:
            rest -= 1
            left[enterprise.sector] = left.get(enterprise.sector, 0) - 1
    found = [sector for sector, count in left.items() for _ in range(count)]
    return (found + ["industry"] * rest)[:rest]


def _trade(trades: tuple[str, ...], number: int) -> str:
    """Another where town, first and second syllable come round again (after 720), so that no two have one name."""
    return trades[(number + number // 720) % len(trades)]
