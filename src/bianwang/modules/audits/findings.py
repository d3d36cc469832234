"""Findings as a page and an export show them: numbered, in groups, with what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bianwang.audit.model import Relation, Verdict
from bianwang.modules.audits import kinds
from bianwang.modules.audits.models import Decision
from bianwang.modules.audits.reading import Reading


@dataclass(frozen=True)
class Finding:
    """One finding. `position` is its place in `Audit.findings`, `number` the one that people see."""

    number: int
    position: int
    relation: Relation
    decision: Decision | None = None

    @property
    def verdict(self) -> Verdict:
        """What was found."""
        return self.relation.verdict

    @property
    def label(self) -> str:
        """The verdict in Chinese."""
        return self.verdict.label

    @property
    def sign(self) -> str:
        """What marks it in the text, e.g. 矛3."""
        return f"{kinds.SIGNS[self.verdict]}{self.number}"

    @property
    def kind(self) -> str:
        """What it is about."""
        return kinds.name(self.relation.kind)

    @property
    def key(self) -> str:
        """The same in every version of the report."""
        return self.relation.key

    @property
    def quotes(self) -> list[tuple[str, str]]:
        """The quoted pieces, each with the anchor of its mark."""
        return [(quote.text, anchor(self.number, place)) for place, quote in enumerate(self.relation.quotes)]


@dataclass(frozen=True)
class Group:
    """The findings of one verdict; `shown` are those that pass the filter."""

    verdict: Verdict
    total: int
    shown: list[Finding] = field(default_factory=list)

    @property
    def meaning(self) -> str:
        """What the verdict asks of the reader."""
        return kinds.MEANINGS[self.verdict]

    @property
    def sign(self) -> str:
        """The character of its marks."""
        return kinds.SIGNS[self.verdict]

    @property
    def colour(self) -> str:
        """The badge's colour."""
        return kinds.COLOURS[self.verdict]


def anchor(number: int, quote: int = 0) -> str:
    """The id of a mark in the text."""
    return f"f{number}" if quote == 0 else f"f{number}-{quote + 1}"


def numbered(reading: Reading, decisions: Mapping[str, Decision]) -> list[Finding]:
    """All findings, the gravest verdict first, within it in order of the text."""
    found = enumerate(reading.audit.findings)
    ordered = sorted(found, key=lambda pair: (kinds.ORDER.index(pair[1].verdict), pair[0]))
    return [
        Finding(number, position, relation, decisions.get(relation.key))
        for number, (position, relation) in enumerate(ordered, 1)
    ]


def grouped(findings: Sequence[Finding], *, undecided_only: bool = False) -> list[Group]:
    """A group for each verdict, also an empty one."""
    groups = []
    for verdict in kinds.ORDER:
        every = [finding for finding in findings if finding.verdict == verdict]
        shown = [finding for finding in every if not (undecided_only and finding.decision)]
        groups.append(Group(verdict, len(every), shown))
    return groups


@dataclass(frozen=True)
class Comparison:
    """What a new version changed: findings that are gone, and new ones."""

    gone: list[Relation]
    new: list[Finding]


def compared(before: Reading, after: Reading, findings: Sequence[Finding]) -> Comparison:
    """Two versions of a report, by the keys of their findings."""
    old, new = before.keys(), after.keys()
    gone = [relation for key, relation in old.items() if key not in new]
    return Comparison(gone, [finding for finding in findings if finding.key not in old])
