"""What the district pack says of budgets: `districts/<district>/budget.yaml`, checked when read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal

import msgspec

from bianwang.platform import packs
from bianwang.platform.calendar.queries import add_working_days
from bianwang.platform.workflow.errors import UnknownLimit

FILE = "budget.yaml"
LEVELS = {3: "类", 5: "款", 7: "项"}
"""Digits of a subject's code and what they make it."""


class Dated(msgspec.Struct, frozen=True, kw_only=True):
    """A row of law or policy."""

    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None

    @property
    def basis(self) -> str:
        """Source, article and how sure they are."""
        return f"{self.source}，{self.article}（{self.certainty}）"


class Subject(Dated, frozen=True, kw_only=True):
    """One functional subject (功能分类科目)."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> set[str]:
        """What it is called, with and without 支出."""
        return {_bare(name) for name in (self.name, *self.aliases)}


class PublicationRule(Dated, frozen=True, kw_only=True):
    """How many days after which event a paper has to be published."""

    kind: Literal["budget", "final", "performance"]
    clock: Literal["reply", "approval"]
    name: str
    days: int


class PeriodRule(Dated, frozen=True, kw_only=True):
    """Whether a last day that is a holiday moves to the next working day."""

    moves: bool


class Pack(msgspec.Struct, frozen=True):
    """The whole file."""

    subjects: tuple[Subject, ...]
    publications: tuple[PublicationRule, ...]
    periods: tuple[PeriodRule, ...]


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack of this instance's district. Raises ConfigError with one sentence."""
    return packs.load(FILE, Pack, _check)


def read(raw: Any) -> Pack:
    """The checked content of a file. Raises ConfigError that names what is wrong."""
    return packs.read(raw, FILE, Pack, _check)


def subjects(year: int) -> list[Subject]:
    """The subjects of a year, by code."""
    return sorted(packs.in_force(pack().subjects, date(year, 12, 31)), key=lambda row: row.code)


def subject(text: str, year: int) -> Subject | None:
    """The subject of a year that a code or a name means, with or without 支出."""
    wanted = text.strip()
    return next((row for row in subjects(year) if row.code == wanted or _bare(wanted) in row.names), None)


def name_of(code: str) -> str:
    """What a subject is called now, or its code."""
    return next((row.name for row in reversed(pack().subjects) if row.code == code), code)


def publication_rule(kind: str, clock: str, day: date) -> PublicationRule:
    """The rule for a paper whose clock starts on a day. Raises UnknownLimit."""
    rows = [row for row in pack().publications if (row.kind, row.clock) == (kind, clock)]
    found = packs.latest(rows, day)
    if found is None:
        raise UnknownLimit(f"公开期限在 {day} 没有有效的规定，请系统管理员在地区包的 {FILE} 中补充。")
    return found


def period_rule(day: date) -> PeriodRule:
    """How a period that starts on a day ends. Raises UnknownLimit."""
    found = packs.latest(pack().periods, day)
    if found is None:
        raise UnknownLimit(f"期间计算在 {day} 没有有效的规定，请系统管理员在地区包的 {FILE} 中补充。")
    return found


def last_day(kind: str, clock: str, started: date) -> date:
    """Until when a paper has to be published: the first day is not counted, a holiday at the end moves it."""
    last = started + timedelta(days=publication_rule(kind, clock, started).days)
    return add_working_days(last, 0) if period_rule(started).moves else last


def _bare(name: str) -> str:
    return name.strip().removesuffix("支出")


def _check(found: Pack) -> None:
    for words in _faults(found):
        raise ValueError(words)


def _faults(found: Pack) -> Iterator[str]:
    packs.refuse_twice((row.code, row.valid_from) for row in found.subjects)
    packs.refuse_twice((row.kind, row.clock, row.valid_from) for row in found.publications)
    packs.refuse_twice(("期间规则", row.valid_from) for row in found.periods)
    codes = {row.code for row in found.subjects}
    for row in found.subjects:
        if len(row.code) not in LEVELS or not row.code.isdecimal():
            yield f"科目代码“{row.code}”应为 3、5 或 7 位数字"
        elif len(row.code) > 3 and row.code[:-2] not in codes:
            yield f"科目“{row.code}”的上级“{row.code[:-2]}”没有列出"
    yield from _ambiguous(found.subjects)
    if any(rule.days <= 0 for rule in found.publications):
        yield "公开期限的日数必须大于 0"


def _ambiguous(rows: Iterable[Subject]) -> Iterator[str]:
    """A name that means two subjects at once would put money into the wrong line."""
    seen: dict[str, Subject] = {}
    for row in rows:
        for name in row.names:
            other = seen.setdefault(name, row)
            if other.code != row.code:
                yield f"科目名称“{name}”同时指“{other.code}”和“{row.code}”"
