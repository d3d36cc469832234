"""Files of a district pack (`districts/<district>/`): laws, limits and kinds as data, with their days of validity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec
import yaml

import bianwang
from bianwang.platform.config import ConfigError, config

T = TypeVar("T")


class Dated(Protocol):
    """A row with the days on which it is in force, both inclusive; without `valid_to` it still is."""

    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


D = TypeVar("D", bound=Dated)


def path(name: str) -> Path:
    """Where a file of this instance's district lies."""
    return Path(bianwang.__file__).parent / "districts" / config().district / name


def parse(text: str) -> Any:
    """What a YAML text says; the parser in C needs an eighth of the time. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=yaml.CSafeLoader)


def load(name: str, kind: type[T], check: Callable[[T], None] | None = None, *, strict: bool = True) -> T:
    """A file of this instance's district as a `kind`, checked. Raises ConfigError that names file and fault.

    `strict` off: numbers may also be written as text or with a point where a Decimal is wanted.
    """
    try:
        raw = parse(path(name).read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise _unusable(name, error) from error
    return read(raw, name, kind, check, strict=strict)


def read(raw: Any, name: str, kind: type[T], check: Callable[[T], None] | None = None, *, strict: bool = True) -> T:
    """The content of a file as a `kind`; `check` raises ValueError in words. Raises ConfigError."""
    try:
        found = msgspec.convert(raw, kind, strict=strict)
        if check:
            check(found)
    except (msgspec.ValidationError, ValueError) as error:
        raise _unusable(name, error) from error
    return found


def is_in_force(row: Dated, day: date) -> bool:
    """Whether a row is in force on a day."""
    return row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)


def in_force(rows: Iterable[D], day: date) -> list[D]:
    """The rows in force on a day, the earlier ones first."""
    return sorted((row for row in rows if is_in_force(row, day)), key=lambda row: row.valid_from)


def latest(rows: Iterable[D], day: date) -> D | None:
    """The row in force on a day; of several that overlap the one that began last."""
    return max((row for row in rows if is_in_force(row, day)), key=lambda row: row.valid_from, default=None)


def refuse_twice(keys: Iterable[tuple[Any, ...]]) -> None:
    """ValueError where two rows have the same key; the last part of a key is the day from which the row holds."""
    twice = next((key for key, count in Counter(keys).items() if count > 1), None)
    if twice is not None:
        raise ValueError(f"“{' '.join(str(part) for part in twice[:-1])}”有两条同日生效，请删去一条")


def _unusable(name: str, error: Exception) -> ConfigError:
    return ConfigError(f"地区包文件 {name} 有误：{error}，请改正后重新启动。")
