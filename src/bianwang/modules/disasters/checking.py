"""The arithmetic of a report: sums, the relations that must hold, and what fell since the report before. No database.

>>> rule = Check(("dead", "missing"), "at_most", ("affected",), True, "死亡和失踪人口不能多于受灾人口")
>>> rule.holds({"dead": Decimal(1), "missing": Decimal(1), "affected": Decimal(2)})
True
>>> rule.holds({"dead": Decimal(2), "missing": Decimal(1), "affected": Decimal(2)})
False
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

Figures = Mapping[str, Decimal]
"""Values by indicator."""

MOST = Decimal(10) ** 11
"""A figure of more is a slip of the key."""


class Indicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One figure of the set. `grows`: it counts from the beginning, so it does not fall without a reason."""

    code: str
    name: str
    group: str
    unit: str
    decimals: int = 0
    grows: bool = False
    main: bool = False

    @property
    def plain(self) -> str:
        """The name without 其中："""
        return self.name.removeprefix("其中：")

    @property
    def is_part(self) -> bool:
        """Whether it is a part of the one above."""
        return self.name.startswith("其中：")


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One relation between sums of indicators; a hard one forbids to report, a soft one asks for a reason."""

    left: tuple[str, ...]
    op: Literal["at_most", "equal", "needs"]
    right: tuple[str, ...]
    hard: bool
    words: str

    def holds(self, figures: Figures) -> bool:
        """Whether the figures keep it."""
        left, right = plus(figures, self.left), plus(figures, self.right)
        if self.op == "at_most":
            return left <= right
        if self.op == "equal":
            return left == right
        return left == 0 or right > 0


class IndicatorSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The indicators and checks of one edition of the rules."""

    code: str
    name: str
    source: str
    article: str
    certainty: str
    valid_from: date
    indicators: tuple[Indicator, ...]
    checks: tuple[Check, ...]
    ledger: Mapping[Literal["collapsed", "severe", "general"], tuple[str, str]]
    """By damage of the household ledger: the indicators that count its rooms and its households."""
    deaths: Mapping[Literal["dead", "missing"], str]
    photos: int
    photos_certainty: str
    head: tuple[str, ...]
    foot: tuple[str, ...]
    """Rows above and below the table of the form (`heading`)."""
    valid_to: date | None = None

    def indicator(self, code: str) -> Indicator:
        """By its code. Raises KeyError."""
        for row in self.indicators:
            if row.code == code:
                return row
        raise KeyError(code)

    @property
    def groups(self) -> dict[str, list[Indicator]]:
        """The indicators under their heads, in order."""
        found: dict[str, list[Indicator]] = {}
        for row in self.indicators:
            found.setdefault(row.group, []).append(row)
        return found

    def unknown(self) -> str:
        """A code that a check or a ledger names and no indicator has; empty if all is well."""
        known = {row.code for row in self.indicators}
        named = [code for check in self.checks for code in (*check.left, *check.right)]
        named += [code for pair in self.ledger.values() for code in pair] + list(self.deaths.values())
        return next((code for code in named if code not in known), "")


@dataclass(frozen=True)
class Finding:
    """What is wrong with a report, as a sentence; a soft one may stand with a reason."""

    text: str
    hard: bool
    code: str = ""
    """The indicator at which a form shows it."""


def plus(figures: Figures, codes: Iterable[str]) -> Decimal:
    """The sum of some indicators."""
    return sum((figures.get(code, Decimal(0)) for code in codes), Decimal(0))


def total(tables: Iterable[Figures]) -> dict[str, Decimal]:
    """The sum of towns: an indicator that nobody gave is not there, and never zero."""
    found: dict[str, Decimal] = {}
    for table in tables:
        for code, value in table.items():
            found[code] = found.get(code, Decimal(0)) + value
    return found


def broken(figures: Figures, rules: IndicatorSet) -> list[Finding]:
    """The relations that do not hold."""
    found = []
    for check in rules.checks:
        if not check.holds(figures):
            sides = f"{_shown(figures, check.left, rules)}，{_shown(figures, check.right, rules)}"
            found.append(Finding(f"{check.words}：现为{sides}。", check.hard, check.left[0]))
    return found


def fallen(before: Figures, now: Figures, rules: IndicatorSet) -> list[Finding]:
    """Counting indicators that are less than in the report before."""
    found = []
    for row in rules.indicators:
        was, value = before.get(row.code), now.get(row.code, Decimal(0))
        if row.grows and was is not None and value < was:
            text = f"{row.plain}由上一报的 {show(was)} {row.unit}减为 {show(value)} {row.unit}。"
            found.append(Finding(text, False, row.code))
    return found


def misfit(value: Decimal, row: Indicator) -> str:
    """What is wrong with one value, as a sentence; empty if nothing is."""
    if value < 0:
        return f"{row.plain}不能是负数。"
    if value >= MOST:
        return f"{row.plain}过大，请核对单位是不是{row.unit}。"
    if value != round(value, row.decimals):
        return f"{row.plain}最多 {row.decimals} 位小数。" if row.decimals else f"{row.plain}须是整数。"
    return ""


def show(value: Decimal) -> str:
    """As people read it: 1,200 or 12.5.

    >>> show(Decimal("1200.00")), show(Decimal("12.50"))
    ('1,200', '12.5')
    """
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shown(figures: Figures, codes: Sequence[str], rules: IndicatorSet) -> str:
    rows = [rules.indicator(code) for code in codes]
    names = "、".join(row.plain for row in rows)
    joined = names if len(rows) == 1 else f"{names}合计"
    return f"{joined} {show(plus(figures, codes))} {rows[0].unit}"
