"""What the page of one report shows, gathered in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bianwang.audit.model import Figure, Relation, Verdict
from bianwang.modules.audits import kinds, layout, queries, reading
from bianwang.modules.audits.findings import Comparison, Finding, Group, compared, grouped, numbered
from bianwang.modules.audits.layout import Block
from bianwang.modules.audits.models import Audit, Version
from bianwang.modules.audits.reading import Reading
from bianwang.platform.ui.cells import Column

FINDING = (
    Column("number", "序号", kind="number"),
    Column("label", "结论"),
    Column("kind", "类别"),
    Column("quotes", "原文", lambda row: "\n".join(text for text, _ in row.quotes)),
    Column("arithmetic", "算式", "relation.arithmetic"),
    Column("effect", "影响", "relation.effect"),
    Column("decision", "处理", lambda row: str(row.decision) if row.decision else "未处理"),
    Column("reason", "理由", lambda row: row.decision.reason if row.decision else ""),
    Column("by", "处理人", lambda row: row.decision.by.name if row.decision else ""),
    Column("at", "处理时间", lambda row: row.decision.at if row.decision else None, kind="datetime"),
)
"""Columns of the exported table of findings."""


@dataclass(frozen=True)
class Checked:
    """A relation that holds or cannot be worked out, with links into the text."""

    kind: str
    label: str
    arithmetic: str
    quotes: list[tuple[str, str]]


@dataclass(frozen=True)
class Number:
    """One figure of the text, with a link to it."""

    figure: Figure
    place: str


@dataclass(frozen=True)
class Shown:
    """Everything on the page of one version."""

    audit: Audit
    version: Version
    versions: list[Version]
    blocks: list[Block]
    findings: list[Finding]
    groups: list[Group]
    consistent: list[Checked]
    unknown: list[Checked]
    numbers: list[Number]
    comparison: Comparison | None
    previous: Version | None

    @property
    def is_latest(self) -> bool:
        """Whether decisions can be made here."""
        return self.version.pk == self.audit.latest_id

    @property
    def undecided(self) -> int:
        """Findings about which nobody decided."""
        return sum(finding.decision is None for finding in self.findings)


def shown(audit: Audit, number: int = 0, *, undecided_only: bool = False) -> Shown | None:
    """A version of a report, 0 for the latest; None if there is no such version."""
    versions = list(audit.versions.defer("text", "tables").select_related("made_by", "file"))
    chosen = audit.versions.filter(number=number).select_related("made_by", "file").first() if number else audit.latest
    if chosen is None:
        return None
    read = reading.read(chosen)
    findings = numbered(read, queries.decisions(audit))
    laid_out = layout.blocks(read, findings)
    before = audit.versions.filter(number=chosen.number - 1).first()
    return Shown(
        audit=audit,
        version=chosen,
        versions=versions,
        blocks=laid_out,
        findings=findings,
        groups=grouped(findings, undecided_only=undecided_only),
        consistent=_checked(read, laid_out, Verdict.HOLDS, Verdict.ROUNDED),
        unknown=_checked(read, laid_out, Verdict.UNKNOWN),
        numbers=[Number(figure, layout.place(laid_out, figure.start)) for figure in read.audit.figures],
        comparison=compared(reading.read(before), read, findings) if before else None,
        previous=before,
    )


def rows_of(audit: Audit) -> tuple[Reading, list[Finding]]:
    """The latest version with its findings, for exports."""
    assert audit.latest is not None  # noqa: S101
    read = reading.read(audit.latest)
    return read, numbered(read, queries.decisions(audit))


def _checked(read: Reading, blocks: Sequence[Block], *wanted: Verdict) -> list[Checked]:
    return [_row(relation, blocks) for relation in read.audit.relations if relation.verdict in wanted]


def _row(relation: Relation, blocks: Sequence[Block]) -> Checked:
    quotes = [(quote.text, layout.place(blocks, quote.start)) for quote in relation.quotes]
    return Checked(kinds.name(relation.kind), relation.verdict.label, relation.arithmetic, quotes)
