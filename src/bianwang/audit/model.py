"""What an audit consists of: figures, the relations between them, and the findings."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

from bianwang.audit.normalise import normalise


class Verdict(StrEnum):
    """What was found out of a relation."""

    HOLDS = "holds"
    ROUNDED = "holds_rounded"
    CONTRADICTION = "contradiction"
    SUSPICIOUS = "suspicious"
    UNSUPPORTED = "unsupported"
    UNKNOWN = "not_recomputable"

    @property
    def label(self) -> str:
        """The verdict in Chinese."""
        return _LABELS[self]


_LABELS = {
    Verdict.HOLDS: "一致",
    Verdict.ROUNDED: "舍入范围内一致",
    Verdict.CONTRADICTION: "矛盾",
    Verdict.SUSPICIOUS: "存疑",
    Verdict.UNSUPPORTED: "缺少依据",
    Verdict.UNKNOWN: "无法复算",
}


class Role(StrEnum):
    """What a figure is for."""

    COUNT = "count"
    TARGET = "target"
    ACTUAL = "actual"
    WEIGHT = "weight"
    SCORE = "score"
    BUDGET = "budget"
    ADJUSTED = "adjusted"
    EXECUTED = "executed"
    CARRY_OVER = "carry_over"
    CHANGE = "change"
    SHARE = "share"


class Precision(StrEnum):
    """How far the printed number is meant."""

    EXACT = "exact"
    ABOUT = "about"
    OVER = "over"
    UNDER = "under"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the text at [start, end), unit included.

    `value` as printed, in `unit`; `base` in the base unit of its kind (元, 1, 1 of a ratio); `half` half a unit of the
    last printed place, in the base unit; `kind`: money, ratio, score, or the classifier of a count.
    """

    start: int
    end: int
    text: str
    value: Decimal
    unit: str
    kind: str
    base: Decimal
    half: Decimal
    precision: Precision = Precision.EXACT
    label: str = ""
    period: str = ""
    scope: str = ""
    section: str = ""
    role: Role = Role.COUNT
    sentence: int = 0
    clause: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of the text: `text` stands at [start, end)."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Relation:
    """Something that figures or statements say together, and whether it holds.

    `kind` as in `vocabulary.KINDS`; `arithmetic` shows the working; `effect` what a mistake would change.
    """

    kind: str
    verdict: Verdict
    quotes: tuple[Quote, ...]
    arithmetic: str
    effect: str = ""

    @property
    def key(self) -> str:
        """The same as long as the kind and the quoted words are the same, wherever they stand."""
        words = "\n".join([self.kind, *("".join(normalise(quote.text).split()) for quote in self.quotes)])
        return sha256(words.encode()).hexdigest()[:32]

    @property
    def is_finding(self) -> bool:
        """Whether somebody should look at it."""
        return self.verdict in (Verdict.CONTRADICTION, Verdict.SUSPICIOUS, Verdict.UNSUPPORTED)


@dataclass(frozen=True, slots=True)
class Audit:
    """Everything that was read and found, in order of the text."""

    figures: tuple[Figure, ...] = ()
    relations: tuple[Relation, ...] = ()
    findings: tuple[Relation, ...] = field(default=())
