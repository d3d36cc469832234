"""What the district pack says of disaster statistics: `districts/<district>/disasters.yaml`, checked when read."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

import bianwang
from bianwang.modules.disasters.checking import IndicatorSet
from bianwang.platform.config import ConfigError, config
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
    file = Path(bianwang.__file__).parent / "districts" / config().district / "disasters.yaml"
    return read(yaml.safe_load(file.read_text("utf-8")))


def read(raw: Any) -> Pack:
    """Check the file's content. Raises ConfigError."""
    try:
        found = msgspec.convert(raw, Pack)
        for rows in (found.kinds, found.sets):
            seen = Counter((row.code, row.valid_from) for row in rows)
            twice = next((code for (code, _), count in seen.items() if count > 1), "")
            if twice:
                raise ValueError(f"“{twice}”有两条同日生效，请删去一条")
        for rules in found.sets:
            if wrong := rules.unknown():
                raise ValueError(f"指标集“{rules.code}”用到的指标“{wrong}”没有定义")
        return found
    except (msgspec.ValidationError, ValueError) as error:
        raise ConfigError(f"地区包 disasters.yaml 有误：{error}，请改正后重新启动。") from error


def set_of(day: date) -> IndicatorSet:
    """The indicators in force on the day a disaster began; the latest where two overlap. Raises UnknownLimit."""
    valid = [row for row in pack().sets if in_force(row, day)]
    if not valid:
        raise UnknownLimit(f"灾情统计指标在 {day} 没有有效的规定，请系统管理员在地区包的 disasters.yaml 中补充。")
    return max(valid, key=lambda row: row.valid_from)


def kind_name(code: str) -> str:
    """The words of a kind."""
    return next((kind.name for kind in pack().kinds if kind.code == code), code)


def kind_choices(day: date | None = None) -> list[tuple[str, str]]:
    """Codes and words: those in force on a day, or all there ever were, for filters."""
    rows = [kind for kind in pack().kinds if day is None or in_force(kind, day)]
    return [(kind.code, f"{kind.name}（{kind.group}）") for kind in rows]


def indicator_choices() -> list[tuple[str, str]]:
    """Every indicator there ever was, for filters; the latest edition names it."""
    rows = sorted(pack().sets, key=lambda row: row.valid_from)
    return list({row.code: row.plain for rules in rows for row in rules.indicators}.items())


def in_force(row: Any, day: date) -> bool:
    """Whether a dated row is in force on a day."""
    return bool(row.valid_from <= day and (row.valid_to is None or day <= row.valid_to))
