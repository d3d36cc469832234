"""What the district pack says of the committee's work: `districts/<district>/committee.yaml`, checked when read."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec
import yaml

import bianwang
from bianwang.platform.config import ConfigError, config
from bianwang.platform.workflow.errors import UnknownLimit


class Dated(Protocol):
    """A rule with the days on which it is in force."""

    @property
    def code(self) -> str: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


D = TypeVar("D", bound=Dated)


class Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code and its words: how a kind of paper is numbered."""

    code: str
    name: str
    words: str
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of risk notice."""

    code: str
    name: str


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    numbers: tuple[Word, ...]
    notices: tuple[Kind, ...]


def kind_name(code: str) -> str:
    """The words of a kind of notice."""
    return next((row.name for row in pack().notices if row.code == code), code)


def kind_choices() -> list[tuple[str, str]]:
    """Codes and words of kinds of notices."""
    return [(row.code, row.name) for row in pack().notices]


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack of this instance's district. Raises ConfigError with one sentence for a file that is wrong."""
    file = Path(bianwang.__file__).parent / "districts" / config().district / "committee.yaml"
    return read(yaml.safe_load(file.read_text("utf-8")))


def read(raw: Any) -> Pack:
    """Check the file's content. Raises ConfigError."""
    try:
        return msgspec.convert(raw, Pack)
    except (msgspec.ValidationError, ValueError) as error:
        raise ConfigError(f"地区包 committee.yaml 有误：{error}，请改正后重新启动。") from error


def in_force(rows: tuple[D, ...], code: str, day: date) -> D:
    """The row with this code that is in force on a day; the latest where two overlap. Raises UnknownLimit."""
    valid = [row for row in rows if row.code == code and row.valid_from <= day and not _over(row, day)]
    if not valid:
        raise UnknownLimit(f"安委会规定“{code}”在 {day} 没有有效的内容，请系统管理员在地区包的 committee.yaml 中补充。")
    return max(valid, key=lambda row: row.valid_from)


def _over(row: Dated, day: date) -> bool:
    return row.valid_to is not None and row.valid_to < day
