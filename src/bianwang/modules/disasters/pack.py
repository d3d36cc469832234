"""What the district pack says of disaster statistics: `districts/<district>/disasters.yaml`, checked when read."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

import bianwang
from bianwang.platform.config import ConfigError, config


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


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack of this instance's district. Raises ConfigError with one sentence for a file that is wrong."""
    file = Path(bianwang.__file__).parent / "districts" / config().district / "disasters.yaml"
    return read(yaml.safe_load(file.read_text("utf-8")))


def read(raw: Any) -> Pack:
    """Check the file's content. Raises ConfigError."""
    try:
        return msgspec.convert(raw, Pack)
    except (msgspec.ValidationError, ValueError) as error:
        raise ConfigError(f"地区包 disasters.yaml 有误：{error}，请改正后重新启动。") from error


def kind_name(code: str) -> str:
    """The words of a kind."""
    return next((kind.name for kind in pack().kinds if kind.code == code), code)


def kind_choices(day: date | None = None) -> list[tuple[str, str]]:
    """Codes and words: those in force on a day, or all there ever were, for filters."""
    rows = [kind for kind in pack().kinds if day is None or in_force(kind, day)]
    return [(kind.code, f"{kind.name}（{kind.group}）") for kind in rows]


def in_force(row: Any, day: date) -> bool:
    """Whether a dated row is in force on a day."""
    return bool(row.valid_from <= day and (row.valid_to is None or day <= row.valid_to))
