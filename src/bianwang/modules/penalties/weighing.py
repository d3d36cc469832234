"""The discretion worksheet of a case: what the law of its day gives, what the present law gives, which is lighter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from bianwang.modules.penalties.discretion import (
    KINDS,
    NONE,
    Circumstance,
    Proposal,
    Range,
    assess,
    lighter,
    step_of,
    valid_on,
)
from bianwang.modules.penalties.pack import (
    FirstOffence,
    Version,
    bands_on,
    circumstances_on,
    conduct,
    first_offence,
)

BESIDE = frozenset({"warning", "notice", "fine", "confiscate"})
"""Penalties that may always stand beside what the range names."""


@dataclass(frozen=True)
class Option:
    """One law with the band it gives."""

    code: str
    """`old`: the law of the day of the conduct; `new`: the law of today."""
    day: date
    version: Version | None
    """None: the conduct was not punishable then."""
    range: Range | None
    proposal: Proposal
    first: FirstOffence | None
    is_applicable: bool = True
    """Whether it is the one to apply (从旧兼从轻)."""

    @property
    def title(self) -> str:
        """Which law."""
        when = "违法行为终了时的规定" if self.code == "old" else "作出决定时的规定"
        return f"{when}：{self.version or '没有处罚规定'}"

    @property
    def amounts(self) -> str:
        """The band in yuan."""
        return f"{self.proposal.low:,.2f} 至 {self.proposal.high:,.2f}"

    @property
    def kinds(self) -> frozenset[str]:
        """Penalties that it allows."""
        return BESIDE | frozenset(self.range.kinds if self.range else ())

    @property
    def kinds_words(self) -> str:
        """Penalties that it adds to the fine."""
        return "、".join(KINDS[kind] for kind in (self.range.kinds if self.range else ()))


def options(case: Any, today: date) -> list[Option]:
    """One option, or two when the law has changed since the conduct ended."""
    old = _option("old", case, case.conduct_to or today)
    new = _option("new", case, today)
    if (new.version, new.proposal.weight) == (old.version, old.proposal.weight):
        return [old]
    chosen = lighter(old.proposal, new.proposal)
    return [replace(row, is_applicable=row.code == chosen) for row in (old, new)]


def option(case: Any, code: str, today: date) -> Option:
    """The chosen one. Raises ValueError."""
    for row in options(case, today):
        if row.code == code:
            return row
    raise ValueError("请选择适用的规定。")


def circumstances(case: Any, day: date) -> list[Circumstance]:
    """The case's circumstances as the law of a day knows them."""
    codes = set(filter(None, case.circumstances.split(",")))
    return [row for row in circumstances_on(day) if row.code in codes]


def check(option: Option, kinds: frozenset[str], fine: Decimal, confiscated: Decimal = Decimal(0)) -> Iterator[str]:
    """What is wrong with a penalty under a law; the band itself only binds with a discussion (`is_outside`)."""
    if option.proposal.code == NONE:
        if kinds or fine or confiscated:
            yield "按所选规定不予处罚，不能选择处罚种类或者填写金额。"
        return
    if not kinds <= option.kinds:
        wrong = "、".join(KINDS[kind] for kind in KINDS if kind in kinds - option.kinds)
        yield f"所选规定没有“{wrong}”，请核对处罚种类。"
    if ("fine" in kinds) != (fine > 0):
        yield "选择了罚款须填写金额，没有罚款的金额填 0。"
    if ("confiscate" in kinds) != (confiscated > 0):
        yield "选择了没收违法所得须填写金额，没有的金额填 0。"
    least = Decimal(0) if option.proposal.code == "reduced" or option.range is None else option.range.low
    if option.range is not None and fine and not least <= fine <= option.range.high:
        yield f"罚款 {fine:,} 元不在法定幅度 {least:,} 至 {option.range.high:,} 元之内。"


def is_outside(option: Option, fine: Decimal) -> bool:
    """Whether a fine leaves the band, which needs a discussion."""
    return option.proposal.code != NONE and not option.proposal.low <= fine <= option.proposal.high


def _option(code: str, case: Any, day: date) -> Option:
    rule = conduct(case.conduct)
    version = next(iter(valid_on(rule.versions, day)), None)
    range_ = version.range_for(case.respondent_kind, overdue=case.overdue) if version else None
    first = first_offence(case.conduct, day)
    if range_ is None:
        why = f"{version}对这种情形没有规定处罚" if version else "当时没有对该行为规定处罚"
        nothing = Proposal(NONE, "不予处罚", Decimal(0), Decimal(0), (why,))
        return Option(code, day, version, None, nothing, first)
    step = step_of(case.degree, rule.measure.steps)
    found = assess(range_, bands_on(day), step, circumstances(case, day), first_listed=first is not None)
    return Option(code, day, version, range_, found, first)
