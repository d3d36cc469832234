"""Check lists as data: which apply to a sector on a day, and what an answer to an item means. Pure: no Django.

A list is known by its version, `code@valid_from`; a changed law is a new version, so a version never changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

import msgspec

Kind = Literal["compliance", "yes_no", "number", "absent"]

WORDS: Mapping[Kind, Mapping[str, str]] = {
    "compliance": {"pass": "符合", "fail": "不符合", "na": "不涉及"},
    "yes_no": {"pass": "符合", "fail": "不符合"},
    "number": {"pass": "合格", "fail": "不合格", "na": "不涉及"},
    "absent": {"pass": "未发现", "fail": "存在", "na": "不涉及"},
}
"""What may be answered, and how it is said. `absent` are items that describe the fault itself."""


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing to look at, with the law behind it and the hazard that it becomes when it is not in order."""

    code: str
    text: str
    law: str
    article: str = ""
    category: Literal["1", "2", "3", "4"] = "4"
    level: Literal["general", "major"] = "general"
    criterion: str = ""
    """Code of the criterion of major hazards from which the item was taken."""
    answer: Kind = "compliance"
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def basis(self) -> str:
        """Law and article in one text."""
        return f"{self.law}{self.article}"

    @property
    def range_words(self) -> str:
        """What a reading has to keep to."""
        parts = [
            f"不低于 {self.low}" if self.low is not None else "",
            f"不高于 {self.high}" if self.high is not None else "",
        ]
        return "，".join(part for part in parts if part) + (f" {self.unit}" if self.unit else "")

    def verdict(self, value: str) -> str:
        """What a reading means. Raises ValueError for what is no number.

        >>> oxygen = Item(code="x", text="氧", law="l", answer="number", low=Decimal("19.5"), high=Decimal("23.5"))
        >>> [oxygen.verdict(value) for value in ("19.4", "19.5", "23.5", "23.51")]
        ['fail', 'pass', 'pass', 'fail']
        """
        try:
            number = Decimal(value.strip())
        except InvalidOperation as error:
            raise ValueError(f"“{self.text}”的读数“{value}”不是数字。") from error
        if not number.is_finite():
            raise ValueError(f"“{self.text}”的读数“{value}”不是数字。")
        low = self.low is not None and number < self.low
        high = self.high is not None and number > self.high
        return "fail" if low or high else "pass"


class CheckList(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The items of one sector or danger in one version."""

    code: str
    name: str
    about: str = ""
    sectors: tuple[str, ...] = ()
    """Sectors of enterprises that it is for; empty: all."""
    zones: tuple[str, ...] = ()
    """Kinds of zones whose presence at an enterprise suggests it."""
    optional: bool = False
    """Whether it waits to be chosen instead of applying by itself."""
    certainty: str
    valid_from: date
    valid_to: date | None = None
    items: tuple[Item, ...] = ()
    criteria: str = ""
    """First part of the sector of the criteria that are its items, instead of `items`."""

    @property
    def version(self) -> str:
        """Code and first day."""
        return f"{self.code}@{self.valid_from}"

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day, both ends included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def fits(self, sector: str) -> bool:
        """Whether it is for enterprises of a sector."""
        return not self.sectors or sector in self.sectors


class Faulty(ValueError):
    """The pack cannot be used; the message is one Chinese sentence."""


def parse(data: Any) -> tuple[CheckList, ...]:
    """The lists of a pack. Raises Faulty that names list and item."""
    try:
        lists = msgspec.convert(data["lists"], tuple[CheckList, ...], strict=False)
    except (msgspec.ValidationError, KeyError, TypeError) as error:
        raise Faulty(f"格式有误：{error}") from error
    seen: dict[str, list[CheckList]] = {}
    known: dict[str, str] = {}
    for row in lists:
        _check(row)
        for item in row.items:
            if known.setdefault(item.code, row.version) != row.version:
                raise Faulty(f"条目代码“{item.code}”在两张检查表里都有，请改成不同的代码。")
        for other in seen.setdefault(row.code, []):
            if row.holds(other.valid_from) or other.holds(row.valid_from):
                raise Faulty(f"检查表“{row.code}”有两版在同一天有效，请给旧版填 valid_to。")
        seen[row.code].append(row)
    return lists


def in_force(lists: Iterable[CheckList], day: date) -> list[CheckList]:
    """The versions that are valid on a day."""
    return [row for row in lists if row.holds(day)]


def _check(row: CheckList) -> None:
    where = f"检查表“{row.code}”"
    if row.valid_to is not None and row.valid_to < row.valid_from:
        raise Faulty(f"{where}的 valid_to 早于 valid_from。")
    if bool(row.items) == bool(row.criteria):
        raise Faulty(f"{where}须写 items 或 criteria，且只写一种。")
    codes = [item.code for item in row.items]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice:
        raise Faulty(f"{where}的条目“{twice}”写了两次。")
    for item in row.items:
        if item.answer == "number" and item.low is None and item.high is None:
            raise Faulty(f"{where}的条目“{item.code}”填读数，须写 low 或 high。")
        if item.low is not None and item.high is not None and item.high < item.low:
            raise Faulty(f"{where}的条目“{item.code}”的 high 小于 low。")
