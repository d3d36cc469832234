"""What the district pack says of standardisation: `districts/<district>/standardisation.yaml`, checked when read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import combinations
from typing import Any, TypeVar

import msgspec

from bianwang.platform import packs
from bianwang.platform.workflow.errors import UnknownLimit

FILE = "standardisation.yaml"


class Dated(msgspec.Struct, frozen=True, kw_only=True):
    """A row of law or policy."""

    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None

    def covers(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def basis(self) -> str:
        """Source, article and how sure they are."""
        return f"{self.source} {self.article}（{self.certainty}）"


class Element(msgspec.Struct, frozen=True):
    """One element of a scheme with its full marks."""

    code: str
    name: str
    full: Decimal


class Scheme(Dated, frozen=True, kw_only=True):
    """The standard that a self-rating follows."""

    code: str
    name: str
    elements: tuple[Element, ...]


class Level(Dated, frozen=True, kw_only=True):
    """One grade: its line, validity, and who grades; `here`: graded in this district."""

    code: str
    name: str
    line: Decimal
    years: int
    authority: str
    here: bool


class Procedure(Dated, frozen=True, kw_only=True):
    """Time limits of grading."""

    rating_months: int
    notice_days: int
    reminders: tuple[int, ...]
    reapply_months: int


class Ground(Dated, frozen=True, kw_only=True):
    """Why a grade is revoked."""

    code: str
    name: str


class BudgetLine(msgspec.Struct, frozen=True):
    """Where money comes from."""

    code: str
    name: str


class Policy(Dated, frozen=True, kw_only=True):
    """Subsidies of a period: the amount of each grade."""

    code: str
    name: str
    document: str
    budget_line: str
    amounts: Mapping[str, Decimal]


class AgencyRule(Dated, frozen=True, kw_only=True):
    """What a service visit needs."""

    experts: int


class Pack(msgspec.Struct, frozen=True):
    """The whole file."""

    schemes: tuple[Scheme, ...]
    levels: tuple[Level, ...]
    procedures: tuple[Procedure, ...]
    grounds: tuple[Ground, ...]
    budget_lines: tuple[BudgetLine, ...]
    policies: tuple[Policy, ...]
    agency_rules: tuple[AgencyRule, ...]


D = TypeVar("D", bound=Dated)


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack of this instance's district. Raises ConfigError with one sentence."""
    return packs.load(FILE, Pack, _check)


def read(raw: Any) -> Pack:
    """The checked content of a file. Raises ConfigError that names what is wrong."""
    return packs.read(raw, FILE, Pack, _check)


def scheme(day: date) -> Scheme:
    """The standard in force on a day. Raises UnknownLimit."""
    return _on(pack().schemes, day, "评定标准")


def scheme_of(code: str) -> Scheme:
    """A standard by code. Raises KeyError."""
    return {row.code: row for row in pack().schemes}[code]


def level(code: str, day: date) -> Level:
    """A grade's rules on a day. Raises UnknownLimit."""
    return _on([row for row in pack().levels if row.code == code], day, f"标准化等级“{code}”")


def lines(day: date) -> dict[str, Decimal]:
    """The line of each grade on a day."""
    return {row.code: row.line for row in pack().levels if row.covers(day)}


def procedure(day: date) -> Procedure:
    """The time limits in force on a day. Raises UnknownLimit."""
    return _on(pack().procedures, day, "定级程序")


def agency_rule(day: date) -> AgencyRule:
    """What a service visit needs on a day. Raises UnknownLimit."""
    return _on(pack().agency_rules, day, "技术服务")


def grounds(day: date) -> list[Ground]:
    """Grounds of revocation in force on a day."""
    return [row for row in pack().grounds if row.covers(day)]


def ground_name(code: str) -> str:
    """The words of a ground."""
    return next((row.name for row in pack().grounds if row.code == code), code)


def policy(day: date) -> Policy | None:
    """The subsidies of those graded on a day."""
    return next((row for row in pack().policies if row.covers(day)), None)


def policy_name(code: str) -> str:
    """The words of a policy."""
    return next((row.name for row in pack().policies if row.code == code), code)


def line_name(code: str) -> str:
    """The words of a budget line."""
    return next((row.name for row in pack().budget_lines if row.code == code), code)


def line_choices() -> list[tuple[str, str]]:
    """Budget lines for forms and filters."""
    return [(row.code, row.name) for row in pack().budget_lines]


def _on(rows: Iterable[D], day: date, what: str) -> D:
    found = next((row for row in rows if row.covers(day)), None)
    if found is None:
        raise UnknownLimit(f"{what}在 {day} 没有有效的规定，请系统管理员在地区包的 {FILE} 中补充。")
    return found


def _check(found: Pack) -> None:
    for words in _faults(found):
        raise ValueError(words)


def _faults(found: Pack) -> Iterable[str]:
    known = {row.code for row in found.budget_lines}
    for policy in found.policies:
        if policy.budget_line not in known:
            yield f"奖补政策“{policy.code}”的预算项目“{policy.budget_line}”没有列出"
        if any(amount <= 0 for amount in policy.amounts.values()):
            yield f"奖补政策“{policy.code}”的金额必须大于 0"
    for row in found.schemes:
        if not row.elements or any(element.full <= 0 for element in row.elements):
            yield f"评定标准“{row.code}”的每个要素都要有大于 0 的满分"
    groups: dict[str, list[Dated]] = {
        "评定标准": list(found.schemes),
        "定级程序": list(found.procedures),
        "奖补政策": list(found.policies),
        "技术服务规定": list(found.agency_rules),
    }
    for level in found.levels:
        groups.setdefault(f"等级“{level.code}”", []).append(level)
    for name, rows in groups.items():
        for first, second in combinations(rows, 2):
            if first.covers(second.valid_from) or second.covers(first.valid_from):
                yield f"{name}有两条在 {max(first.valid_from, second.valid_from)} 同时有效"
