"""What the district pack says of disaster statistics: `districts/<district>/disasters.yaml`, checked when read."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from bianwang.modules.disasters.checking import IndicatorSet
from bianwang.modules.disasters.heading import refuse_unknown
from bianwang.platform import packs
from bianwang.platform.workflow.errors import UnknownLimit


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of disaster as a county counts it (亚灾种); `group` is the kind of the yearly tables."""

    code: str
    name: str
    group: str
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    kinds: tuple[Kind, ...]
    sets: tuple[IndicatorSet, ...]


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack of this instance's district. Raises ConfigError with one sentence for a file that is wrong."""
    return packs.load("disasters.yaml", Pack, _check)


def read(raw: Any) -> Pack:
    """Check the file's content. Raises ConfigError."""
    return packs.read(raw, "disasters.yaml", Pack, _check)


def set_of(day: date) -> IndicatorSet:
    """The indicators in force on the day a disaster began; the latest where two overlap. Raises UnknownLimit."""
    found = packs.latest(pack().sets, day)
    if found is None:
        raise UnknownLimit(f"灾情统计指标在 {day} 没有有效的规定，请系统管理员在地区包的 disasters.yaml 中补充。")
    return found


def kind_name(code: str) -> str:
    """The words of a kind."""
    return next((kind.name for kind in pack().kinds if kind.code == code), code)


def kind_choices(day: date | None = None) -> list[tuple[str, str]]:
    """Codes and words: those in force on a day, or all there ever were, for filters."""
    rows = [kind for kind in pack().kinds if day is None or packs.is_in_force(kind, day)]
    return [(kind.code, f"{kind.name}（{kind.group}）") for kind in rows]


def indicator_choices() -> list[tuple[str, str]]:
    """Every indicator there ever was, for filters; the latest edition names it."""
    rows = sorted(pack().sets, key=lambda row: row.valid_from)
    return list({row.code: row.plain for rules in rows for row in rules.indicators}.items())


def _check(found: Pack) -> None:
    for rows in (found.kinds, found.sets):
        packs.refuse_twice((row.code, row.valid_from) for row in rows)
    for rules in found.sets:
        if wrong := rules.unknown():
            raise ValueError(f"指标集“{rules.code}”用到的指标“{wrong}”没有定义")
        refuse_unknown((*rules.head, *rules.foot))
