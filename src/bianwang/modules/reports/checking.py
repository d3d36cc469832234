"""A draft reads itself: what contradicts, what is missing, and what earns full points without a figure or evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bianwang.audit.auditor import audit
from bianwang.audit.document import Document as Readable
from bianwang.audit.model import Relation, Verdict
from bianwang.audit.readers.building import Builder, Placed
from bianwang.modules.reports import language
from bianwang.modules.reports.drafting import Written
from bianwang.modules.reports.material import OWED, Material, Quantity
from bianwang.modules.reports.tree import Document, Heading, Paragraph, Table, plain, used

_NAMED = 3
"""How many of the figures that lack the same are named."""


@dataclass(frozen=True)
class Fault:
    """Why a report cannot be frozen, in one sentence; `key` is the paragraph to be mended."""

    sentence: str
    key: str = ""


def readable(document: Document) -> Readable:
    """The document as the auditor reads it: lines, and the cells of its tables."""
    builder = Builder()
    for line in document.title:
        builder.line(line)
    for block in document.blocks:
        if isinstance(block, Heading):
            builder.line(plain(block.runs))
        elif isinstance(block, Paragraph):
            builder.line(block.mark + plain(block.runs))
        elif isinstance(block, Table):
            _table(builder, block)
    for annex in document.annexes:
        _table(builder, annex.table)
    return builder.document()


def findings(document: Document) -> tuple[Relation, ...]:
    """What the auditor finds in it, the gravest first."""
    return _findings(readable(document))


def faults(document: Document, material: Material, written: Mapping[str, Written]) -> list[Fault]:
    """Everything that keeps it from being frozen."""
    return [
        *_contradictions(document),
        *_typed(material, written),
        *_missing(document, material),
        *_unproved(material),
    ]


def lacking(document: Document, material: Material) -> list[Quantity]:
    """Figures that the document says and that have no value."""
    found = [material.quantities.get(name) for name in used(document)]
    return [quantity for quantity in found if quantity is not None and quantity.value is None]


def _contradictions(document: Document) -> Iterator[Fault]:
    for finding in findings(document):
        if finding.verdict is Verdict.CONTRADICTION:
            quotes = "".join(f"“{quote.text}”" for quote in finding.quotes[:4])
            yield Fault(f"前后矛盾：{finding.arithmetic}。见{quotes}", _key_of(document, finding))


def _key_of(document: Document, finding: Relation) -> str:
    """The paragraph in which a finding's first quote stands."""
    words = finding.quotes[0].text if finding.quotes else ""
    texts = (block for block in document.blocks if isinstance(block, Paragraph))
    return next((block.key for block in texts if words and words in block.mark + plain(block.runs)), "")


def _typed(material: Material, written: Mapping[str, Written]) -> Iterator[Fault]:
    for key, edit in written.items():
        for number in [] if edit.is_dropped else language.typed_numbers(edit.text):
            yield Fault(f"有手工写的数字：{language.suggestion(number, material.quantities)}", key)


def _missing(document: Document, material: Material) -> Iterator[Fault]:
    for reason, labels in _reasons(lacking(document, material)).items():
        names = "".join(f"“{label}”" for label in labels[:_NAMED])
        more = f"等 {len(labels)} 个数字" if len(labels) > _NAMED else ""
        yield Fault(f"{names}{more}没有数：{reason}")
    for block in document.blocks:
        if isinstance(block, Paragraph):
            for run in block.runs:
                if not run.figure and run.text.startswith(OWED):
                    yield Fault(f"还没有填写：{run.text}，请在“绩效指标”中补上", block.key)


def _reasons(lacking: list[Quantity]) -> dict[str, list[str]]:
    """What is to be entered, with the figures that wait for it."""
    found: dict[str, list[str]] = {}
    for quantity in lacking:
        found.setdefault(quantity.missing.rstrip("。") or "请登记相应的记录", []).append(quantity.label)
    return found


def _unproved(material: Material) -> Iterator[Fault]:
    for line in material.lines:
        quantity = material.quantities.get(line.figure)
        has_figure = quantity is not None and quantity.value is not None
        if line.is_full and not has_figure and not line.evidence:
            yield Fault(f"“{line.name}”得了满分，却没有数字，也没有佐证材料", f"indicator.{line.code}")


def _table(builder: Builder, table: Table) -> None:
    builder.line(table.title)
    placed, busy = [], set()
    for y, row in enumerate(table.rows):
        x = 0
        for cell in row:
            while (y, x) in busy:
                x += 1
            placed.append(Placed(cell.text, y, x, cell.rows, cell.columns))
            busy |= {(y + down, x + right) for down in range(cell.rows) for right in range(cell.columns)}
            x += cell.columns
    builder.table(placed)


@lru_cache(maxsize=16)
def _findings(document: Readable) -> tuple[Relation, ...]:
    return audit(document).findings
