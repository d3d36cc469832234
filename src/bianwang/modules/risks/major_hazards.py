"""Major hazard installations of dangerous chemicals (重大危险源): identification and grading by GB 18218-2018.

S = sum of q/Q; from 1 on a unit is one. R = alpha x sum of beta x q/Q decides the grade. q is the design maximum in
tonnes. A threshold or a factor that is not known is an error, never a default.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec

from bianwang.platform import packs

_FILE: Final = "major_hazard_sources.yaml"
_PLACES: Final = Decimal("0.0001")
_MOST: Final = Decimal(10) ** 9


class HazardClass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A class of danger (J1, W5.3): its threshold in t and its factor beta."""

    threshold: Decimal
    factor: Decimal


class Substance(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"hazard_class": "class"}):
    """A substance that the standard names; what it leaves out comes from its class."""

    name: str
    aliases: tuple[str, ...] = ()
    cas: str = ""
    threshold: Decimal | None = None
    factor: Decimal | None = None
    hazard_class: str = ""


class Exposure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The factor alpha from a number of people within 500 m on."""

    people: int
    factor: Decimal


class Grade(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"at_least": "from"}):
    """The grade from an R on."""

    at_least: Decimal
    grade: str


class Standard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tables of the standard."""

    source: str
    valid_from: date
    certainty: str
    exposure: tuple[Exposure, ...]
    grades: tuple[Grade, ...]
    classes: dict[str, HazardClass]
    substances: tuple[Substance, ...]

    def named(self, name: str) -> Substance | None:
        """The substance of a name or one of its other names."""
        wanted = name.strip()
        return next((each for each in self.substances if wanted == each.name or wanted in each.aliases), None)


class Unknown(ValueError):
    """Something is missing or wrong; the message says in Chinese what and where."""


class Share(NamedTuple):
    """One item: its name, amount q and threshold Q in t, and beta."""

    name: str
    amount: Decimal
    threshold: Decimal
    factor: Decimal


class Result(NamedTuple):
    """S, R and the grade ("" for a unit that is no major hazard), with the working."""

    s: Decimal
    r: Decimal
    alpha: Decimal
    grade: str
    shares: tuple[Share, ...]

    @property
    def is_major(self) -> bool:
        """Whether the unit is a major hazard."""
        return self.s >= 1

    @property
    def arithmetic(self) -> str:
        """The working in one line."""
        parts = " + ".join(f"{_plain(each.amount)}/{_plain(each.threshold)}" for each in self.shares)
        weighted = " + ".join(
            f"{_plain(each.factor)}×{_plain(each.amount)}/{_plain(each.threshold)}" for each in self.shares
        )
        s, r = (_plain(_rounded(number)) for number in (self.s, self.r))
        if not self.is_major:
            return f"S = {parts} = {s} < 1，不构成重大危险源"
        return f"S = {parts} = {s} ≥ 1，构成重大危险源；R = {_plain(self.alpha)}×（{weighted}） = {r}，{self.grade}"


@lru_cache(maxsize=1)
def standard() -> Standard:
    """The district's file. Raises ConfigError that names it and what is wrong."""
    return packs.load(_FILE, Standard, strict=False)


def identify(people: int, items: Sequence[Any], tables: Standard | None = None) -> Result:
    """Judge one unit: people within 500 m of the works' border, and items {name and/or class, q_t}.

    Raises Unknown for an item whose threshold or factor the tables do not give, and for impossible numbers.
    """
    found = tables or standard()
    if people < 0:
        raise Unknown("people_500m（500 m 范围内常住人口）不能小于 0。")
    if not items:
        raise Unknown("items 是空的，请写明单元内的危险化学品及其设计最大量。")
    shares = tuple(_share(found, place, item) for place, item in enumerate(items, 1))
    s = sum((each.amount / each.threshold for each in shares), Decimal(0))
    alpha = next(each.factor for each in found.exposure if people >= each.people)
    r = alpha * sum((each.factor * each.amount / each.threshold for each in shares), Decimal(0))
    grade = next(each.grade for each in found.grades if r >= each.at_least) if s >= 1 else ""
    return Result(s, r, alpha, grade, shares)


def _share(tables: Standard, place: int, item: Any) -> Share:
    where = f"items 第 {place} 项"
    if not isinstance(item, dict) or not (item.get("name") or item.get("class")):
        raise Unknown(f"{where}没有写 name（品名）或 class（危险性类别），请补充。")
    unknown = set(item) - {"name", "class", "q_t"}
    if unknown:
        raise Unknown(f"{where}有不认识的字段“{'、'.join(sorted(unknown))}”，只用 name、class、q_t。")
    name, code = str(item.get("name") or ""), str(item.get("class") or "")
    substance = tables.named(name) if name else None
    if name and substance is None and not code:
        raise Unknown(f"{where}“{name}”不在 {tables.source} 的品名表里，请写出它的危险性类别 class。")
    code = code or (substance.hazard_class if substance else "")
    if code and code not in tables.classes:
        raise Unknown(f"{where}的危险性类别“{code}”不在 {tables.source} 里，可用 {'、'.join(tables.classes)}。")
    by_class = tables.classes.get(code)
    threshold = (substance.threshold if substance else None) or (by_class.threshold if by_class else None)
    factor = (substance.factor if substance else None) or (by_class.factor if by_class else None)
    title = name or code
    known = _needed(threshold, "临界量 Q", where, title), _needed(factor, "校正系数 β", where, title)
    return Share(title, _amount(where, item.get("q_t")), *known)


def _needed(value: Decimal | None, what: str, where: str, title: str) -> Decimal:
    if value is None:
        raise Unknown(f"{where}“{title}”没有{what}，请写出它的危险性类别 class。")
    return value


def _amount(where: str, given: Any) -> Decimal:
    """A design maximum in tonnes."""
    if isinstance(given, bool) or not isinstance(given, (int, float, str)):
        raise Unknown(f"{where}没有写 q_t（设计最大量，吨），请补充。")
    try:
        amount = Decimal(str(given))
    except ArithmeticError as error:
        raise Unknown(f"{where}的 q_t“{given}”不是数字，请写吨数。") from error
    if not amount.is_finite() or not 0 <= amount <= _MOST:
        raise Unknown(f"{where}的 q_t“{given}”不是可能的量，请写不小于 0 的吨数。")
    return amount


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(_PLACES, ROUND_HALF_UP)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def working(result: Result) -> str:
    """The arithmetic step by step, one line an item, then S and R."""
    lines = [
        f"{each.name}：q/Q = {_plain(each.amount)}/{_plain(each.threshold)} = "
        f"{_plain(_rounded(each.amount / each.threshold))}，β = {_plain(each.factor)}，"
        f"β·q/Q = {_plain(_rounded(each.factor * each.amount / each.threshold))}"
        for each in result.shares
    ]
    return "\n".join([*lines, f"α = {_plain(result.alpha)}", result.arithmetic])


def as_json(result: Result) -> dict[str, Any]:
    """S, R, grade and working as plain values; numbers to four places."""
    return {
        "S": float(_rounded(result.s)),
        "R": float(_rounded(result.r)),
        "grade": result.grade or None,
        "is_major_hazard": result.is_major,
        "alpha": float(result.alpha),
        "arithmetic": result.arithmetic,
    }
