"""Classes of fuel of the district pack: `districts/<district>/fire_spread.yaml`, checked when read."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import msgspec

from bianwang.modules.emergency.fire.plan import Fuel
from bianwang.platform import packs
from bianwang.platform.workflow.errors import UnknownLimit
from bianwang.spread import rothermel, wang


class FuelClass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What grows there, and what each law calls it."""

    code: int
    name: str
    wang: int
    rothermel: int
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class FirePack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    fuels: tuple[FuelClass, ...]


@lru_cache(maxsize=1)
def fire_pack() -> FirePack:
    """The pack of this instance's district. Raises ConfigError with one sentence for a file that is wrong."""
    return packs.load("fire_spread.yaml", FirePack, check)


def fuel_classes(day: date) -> list[FuelClass]:
    """The classes in force on a day. Raises UnknownLimit."""
    found = packs.in_force(fire_pack().fuels, day)
    if not found:
        raise UnknownLimit(f"可燃物类别在 {day} 没有有效的条目，请系统管理员在地区包的 fire_spread.yaml 中补充。")
    return found


def fuels(day: date) -> list[Fuel]:
    """The classes as a plan takes them."""
    return [Fuel(row.code, row.wang, row.rothermel) for row in fuel_classes(day)]


def fuel_name(code: int) -> str:
    """The words of a class, also of one that is no longer in force."""
    return next((row.name for row in fire_pack().fuels if row.code == code), str(code))


def check(found: FirePack) -> None:
    """Raise ValueError in words for a class that a law does not know."""
    for row in found.fuels:
        if not 0 < row.code < 100:
            raise ValueError(f"可燃物“{row.name}”的 code 应为 1 至 99")
        for law, known in (("wang", wang.FUELS), ("rothermel", rothermel.FUELS)):
            if getattr(row, law) not in {0, *known}:
                raise ValueError(f"可燃物“{row.name}”的 {law} 写了 {getattr(row, law)}，这条公式没有这一种")
    packs.refuse_twice((row.code, row.valid_from) for row in found.fuels)
