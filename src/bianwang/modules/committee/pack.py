"""What the district pack says of the committee's work: `districts/<district>/committee.yaml`, checked when read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, Protocol, TypeVar

import msgspec

from bianwang.modules.committee.scoring import Item
from bianwang.platform import packs
from bianwang.platform.workflow.errors import UnknownLimit

RECORDS = ("tasks", "receipts", "calls", "zero", "hazards", "visits", "supervisions")
"""What the platform can count for an item (`records.py`)."""


class Coded(packs.Dated, Protocol):
    """A dated rule with a code."""

    @property
    def code(self) -> str: ...


C = TypeVar("C", bound=Coded)


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
    return packs.load("committee.yaml", Pack, _check)


def read(raw: Any) -> Pack:
    """Check the file's content. Raises ConfigError."""
    return packs.read(raw, "committee.yaml", Pack, _check)


def in_force(rows: tuple[C, ...], code: str, day: date) -> C:
    """The row with this code that is in force on a day; the latest where two overlap. Raises UnknownLimit."""
    found = packs.latest((row for row in rows if row.code == code), day)
    if found is None:
        raise UnknownLimit(f"安委会规定“{code}”在 {day} 没有有效的内容，请系统管理员在地区包的 committee.yaml 中补充。")
    return found


def _check(found: Pack) -> None:
    for scheme in found.schemes:
        unknown = {item.record for item in scheme.checked()} - {"", *RECORDS}
        if unknown:
            raise ValueError(f"考核口径“{min(unknown)}”不认识，可用：{'、'.join(RECORDS)}")
