"""What the district pack says of the committee's work: `districts/<district>/committee.yaml`, checked when read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

import msgspec
import yaml

import bianwang
from bianwang.modules.committee.scoring import Item
from bianwang.platform.config import ConfigError, config
from bianwang.platform.workflow.errors import UnknownLimit

RECORDS = ("tasks", "receipts", "calls", "zero", "hazards", "visits", "supervisions")
"""What the platform can count for an item (`records.py`)."""


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


class ItemRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a scheme, as it is written."""

    code: str
    name: str
    full: Decimal
    way: str
    levels: tuple[Literal["town", "committee", "department"], ...]
    record: str = ""
    deduction: Decimal = Decimal(0)


class Scheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A yearly assessment: its items, with full marks and how each is scored."""

    code: str
    name: str
    source: str
    article: str
    certainty: str
    valid_from: date
    items: tuple[ItemRow, ...]
    valid_to: date | None = None

    def checked(self) -> tuple[Item, ...]:
        """The items; ValueError in words for one that has no meaning."""
        return tuple(
            Item(row.code, row.name, row.full, row.way, row.record, row.levels, row.deduction) for row in self.items
        )


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    numbers: tuple[Word, ...]
    notices: tuple[Kind, ...]
    schemes: tuple[Scheme, ...]


def scheme_of(year: int) -> Scheme:
    """The scheme in force at the end of a year. Raises UnknownLimit."""
    return in_force(pack().schemes, "yearly", date(year, 12, 31))


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
        found = msgspec.convert(raw, Pack)
        for scheme in found.schemes:
            unknown = {item.record for item in scheme.checked()} - {"", *RECORDS}
            if unknown:
                raise ValueError(f"考核口径“{min(unknown)}”不认识，可用：{'、'.join(RECORDS)}")
        return found
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
