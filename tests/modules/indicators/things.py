"""Indicators that tests start from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bianwang.modules.indicators import services
from bianwang.modules.indicators.models import Indicator, Scheme
from tests.people import World

YEAR = 2022


def drawn_up(world: World, template: str = "bishan") -> Scheme:
    """The ten indicators of 2022, not adopted."""
    return Scheme.objects.filter(year=YEAR).first() or services.start(world.who("finance"), YEAR, template)


def adopted(world: World) -> Scheme:
    """The same in force."""
    scheme = drawn_up(world)
    services.adopt(scheme, world.who("leader"))
    return Scheme.objects.get(pk=scheme.pk)


def values(**more: Any) -> dict[str, Any]:
    """An indicator as the form gives it."""
    return {
        "code": "extra",
        "name": "隐患整改率",
        "weight": Decimal(10),
        "direction": "at_least",
        "target": Decimal(98),
        "unit": "%",
        "rule": "proportional",
        "formula": "rectification_rate",
        **more,
    }


def qualitative(world: World, **more: Any) -> Indicator:
    """A qualitative indicator in place of one of the ten, in force."""
    scheme = drawn_up(world)
    services.remove_indicator(scheme.indicators.get(code="pilots"), world.who("finance"))
    given = values(code="quality", name="制度健全", direction="quality", rule="bands", target=None, formula="", unit="")
    row = services.save_indicator(scheme, world.who("finance"), {**given, **more})
    services.adopt(scheme, world.who("leader"))
    return row
