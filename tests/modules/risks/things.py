"""Risk points and major hazard sources that tests start from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from bianwang.modules.risks import services
from bianwang.modules.risks.models import RiskPoint, Source
from bianwang.platform.clock import today
from tests.people import World


def values(**more: Any) -> dict[str, Any]:
    """A yellow point by LEC: D = 3 x 6 x 7 = 126."""
    return {
        "name": "喷漆房",
        "hazard": "溶剂蒸气积聚",
        "accidents": "火灾、爆炸",
        "method": "lec",
        "likelihood": Decimal(3),
        "exposure": Decimal(6),
        "consequence": Decimal(7),
        "controls": "通风联锁",
        "keeper": "周班长",
        "phone": "13800001111",
        "assessed_on": today(),
        **more,
    }


def point(world: World, who: str = "safety", **more: Any) -> RiskPoint:
    """A risk point of the plant."""
    return services.save_point(world.who(who), world.plant, values(**more))


def source(world: World, who: str = "safety", **more: Any) -> Source:
    """A third-grade source of the plant: 60 t of ammonia, ten people around."""
    given = {"name": "液氨罐区", "unit": "storage", "people": 10, "items": "液氨，60", **more}
    return services.save_source(world.who(who), world.plant, given)


def keeper(world: World, row: Source, level: str = "principal", since: date | None = None, **more: Any) -> Any:
    """Somebody who answers for it."""
    given = {"level": level, "name": "王厂长", "phone": "13900001111", "since": since or today(), **more}
    return services.set_keeper(world.who("safety"), row, given)
