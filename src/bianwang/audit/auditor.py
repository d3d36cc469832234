"""An audit: every check over one reading; relations in order of the text, findings with the gravest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bianwang.audit.checks import (
    accounts,
    budgets,
    chains,
    changes,
    claims,
    counts,
    dates,
    echoes,
    flat_forms,
    form_money,
    form_points,
    grades,
    grants,
    groups,
    rates,
    repeats,
    scores,
    sums,
    tables,
    wording,
)
from bianwang.audit.document import Document
from bianwang.audit.facts import Facts
from bianwang.audit.model import Audit, Relation, Verdict
from bianwang.audit.reading import Reading

_CHECKS = (
    sums,
    tables,
    accounts,
    budgets,
    chains,
    changes,
    rates,
    scores,
    grades,
    flat_forms,
    form_money,
    form_points,
    counts,
    dates,
    grants,
    groups,
    repeats,
    echoes,
    claims,
    wording,
)
_ORDER = [Verdict.CONTRADICTION, Verdict.SUSPICIOUS, Verdict.UNSUPPORTED]


def audit(document: Document) -> Audit:
    """Read a document and check everything in it that can be checked."""
    facts = Facts(Reading.of(document))
    relations = tuple(sorted(_once(each for check in _CHECKS for each in check.check(facts)), key=_place))
    findings = [relation for relation in relations if relation.is_finding]
    findings.sort(key=lambda finding: _ORDER.index(finding.verdict))
    return Audit(tuple(map(facts.reading.in_document, facts.reading.figures)), relations, tuple(findings))


def _place(relation: Relation) -> tuple[int, str]:
    return min((quote.start for quote in relation.quotes), default=0), relation.kind


def _once(relations: Iterable[Relation]) -> Iterator[Relation]:
    """Each relation once, though two checks may come upon it."""
    told: set[tuple[str, tuple[tuple[int, int], ...]]] = set()
    for relation in relations:
        key = relation.kind, tuple((quote.start, quote.end) for quote in relation.quotes)
        if key not in told:
            told.add(key)
            yield relation
