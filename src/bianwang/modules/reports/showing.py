"""What the pages of a report show, gathered in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.safestring import SafeString, mark_safe

from bianwang.audit.model import Relation, Verdict
from bianwang.modules.reports import arithmetic, checking, drafting
from bianwang.modules.reports.building import Draft
from bianwang.modules.reports.charts import svg
from bianwang.modules.reports.material import Material, Quantity
from bianwang.modules.reports.models import Edit, Report
from bianwang.modules.reports.tree import Annex, Block, Chart, Document, Heading, Paragraph, Table, used


@dataclass(frozen=True)
class Shown:
    """A block as the page draws it. `edit` is what somebody made of the paragraph; `is_first` of its lines."""

    kind: str
    block: Block
    edit: Edit | None = None
    is_first: bool = True

    @property
    def drawing(self) -> SafeString:
        """A chart's SVG."""
        assert isinstance(self.block, Chart)  # noqa: S101
        return mark_safe(svg(self.block))  # noqa: S308 — our own drawing, its texts are escaped


@dataclass(frozen=True)
class Number:
    """A figure with its arithmetic."""

    quantity: Quantity

    @property
    def value(self) -> str:
        """With its unit."""
        return arithmetic.value(self.quantity)

    @property
    def working(self) -> str:
        """How it comes about."""
        return arithmetic.working(self.quantity)


def blocks(document: Document, edits: Mapping[str, Edit]) -> list[Shown]:
    """The document, block by block."""
    found, seen = [], set()
    for block in document.blocks:
        edit = edits.get(block.key)
        shown = edit if edit is not None and edit.state == Edit.State.WRITTEN else None
        found.append(Shown(_kind(block), block, shown, block.key not in seen))
        seen.add(block.key)
    return found


def _kind(block: Block) -> str:
    return {Heading: "heading", Paragraph: "paragraph", Table: "table", Chart: "chart"}[type(block)]


def annex(document: Document, code: str) -> Annex | None:
    """The form that was asked for, else the first."""
    chosen = next((row for row in document.annexes if row.code == code), None)
    return chosen or next(iter(document.annexes), None)


def numbers(document: Document, material: Material) -> list[Number]:
    """The figures that a document says."""
    return [Number(material.quantities[name]) for name in used(document) if name in material.quantities]


@dataclass(frozen=True)
class Page:
    """The draft of a report with all that stands beside it."""

    report: Report
    draft: Draft
    edits: Mapping[str, Edit]

    @cached_property
    def blocks(self) -> list[Shown]:
        """The text."""
        return blocks(self.draft.document, self.edits)

    @cached_property
    def faults(self) -> list[checking.Fault]:
        """What keeps it from being frozen."""
        return self.draft.faults

    @cached_property
    def hints(self) -> Sequence[Relation]:
        """What a reader would ask; it does not keep the report from being frozen."""
        found = checking.findings(self.draft.document)
        return [row for row in found if row.verdict is not Verdict.CONTRADICTION]

    @cached_property
    def dropped(self) -> list[tuple[Edit, str]]:
        """Paragraphs that are left out, with the words that the template has for them."""
        texts = self._texts
        rows = (row for row in self.edits.values() if row.state == Edit.State.DROPPED)
        return [(row, texts[row.key]) for row in rows if row.key in texts]

    @cached_property
    def orphans(self) -> list[Edit]:
        """What people wrote of paragraphs that the figures no longer bring up."""
        rows = (row for row in self.edits.values() if row.state == Edit.State.WRITTEN)
        return [row for row in rows if row.key not in self._texts]

    @cached_property
    def numbers(self) -> list[Number]:
        """The figures of the text."""
        return numbers(self.draft.document, self.draft.material)

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {row.key: row.text for row in drafting.sources(self.draft.template, self.draft.material)}


def references(material: Material) -> list[Number]:
    """Every figure that a paragraph may refer to."""
    return [Number(row) for row in material.quantities.values()]
