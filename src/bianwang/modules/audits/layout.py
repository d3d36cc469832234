"""A document as a page shows it: headings, paragraphs and tables, cut where findings and figures begin and end."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from bianwang.audit import structure
from bianwang.audit.document import Document, Table
from bianwang.audit.marking import Piece, pieces
from bianwang.audit.normalise import normalise
from bianwang.modules.audits import kinds
from bianwang.modules.audits.findings import Finding, anchor
from bianwang.modules.audits.reading import Reading

_LONGEST_HEADING: Final = 45
_SENTENCE_END: Final = re.compile("[。；;！？]")
_DEEPEST: Final = 3


class Part(NamedTuple):
    """Text that is either a figure or not."""

    text: str
    is_figure: bool


@dataclass(frozen=True)
class Mark:
    """Text under the same findings; without any it is plain text."""

    parts: list[Part]
    findings: tuple[Finding, ...] = ()
    anchors: tuple[str, ...] = ()
    """Ids of the quotes that begin here."""
    begins: tuple[Finding, ...] = ()
    """The findings of which a quote begins here: their signs stand before the text."""
    quotes: tuple[tuple[int, int], ...] = ()
    """The quotes that it is part of: (number of the finding, place of the quote)."""

    @property
    def verdict(self) -> str:
        """The gravest of its findings."""
        return min((finding.verdict for finding in self.findings), key=kinds.ORDER.index).value


@dataclass(frozen=True)
class Cell:
    """One cell of a table; columns count from 0."""

    marks: list[Mark]
    column: int
    rows: int
    columns: int
    is_number: bool


@dataclass(frozen=True)
class Block:
    """A heading (level 1 to 3), a paragraph (level 0), or a table (`rows`); `start` is where it begins in the text."""

    number: int
    start: int
    level: int = 0
    marks: list[Mark] | None = None
    rows: list[list[Cell]] | None = None


def blocks(reading: Reading, findings: Sequence[Finding]) -> list[Block]:
    """The whole document, in order."""
    return list(_Layout(reading, findings).blocks())


def place(blocks: Sequence[Block], offset: int) -> str:
    """The id of the block in which an offset lies."""
    found = bisect_right(blocks, offset, key=lambda block: block.start) - 1
    return f"p{blocks[max(found, 0)].number}" if blocks else ""


class _Layout:
    """One pass over a document; each anchor is given once."""

    def __init__(self, reading: Reading, findings: Sequence[Finding]) -> None:
        self._document = reading.document
        self._pieces = list(pieces(self._document.text, reading.audit))
        self._ends = [piece.end for piece in self._pieces]
        self._findings = {finding.position: finding for finding in findings}
        self._levels = _heading_levels(self._document.text)
        self._told: set[str] = set()

    def blocks(self) -> Iterator[Block]:
        """Lines outside tables, and tables."""
        tables = sorted(_spans(self._document), key=lambda span: span[0])
        number = 0
        for start, end in _lines(self._document.text):
            inside = next((span for span in tables if span[0] <= start < span[1]), None)
            if inside is not None:
                if start == inside[0]:
                    number += 1
                    yield Block(number, start, rows=self._rows(inside[2]))
            elif self._document.text[start:end].strip():
                number += 1
                yield Block(number, start, self._levels.get(start, 0), self.marks(start, end))

    def marks(self, start: int, end: int) -> list[Mark]:
        """Text [start, end), cut."""
        cut = groupby(self._cut(start, end), key=lambda piece: piece.findings)
        return [self._mark(found, list(run)) for found, run in cut]

    def _cut(self, start: int, end: int) -> Iterator[Piece]:
        for number in range(bisect_right(self._ends, start), len(self._pieces)):
            piece = self._pieces[number]
            if piece.start >= end:
                break
            left, right = max(piece.start, start), min(piece.end, end)
            yield piece._replace(text=self._document.text[left:right], start=left, end=right)

    def _mark(self, positions: tuple[int, ...], run: list[Piece]) -> Mark:
        parts = [Part(piece.text, piece.is_figure) for piece in run]
        start, end = run[0].start, run[-1].end
        found = tuple(self._findings[position] for position in positions)
        quotes = [
            (finding, number)
            for finding in found
            for number, quote in enumerate(finding.relation.quotes)
            if quote.start < end and start < quote.end
        ]
        new = [(finding, number) for finding, number in quotes if anchor(finding.number, number) not in self._told]
        anchors = tuple(anchor(finding.number, number) for finding, number in new)
        self._told.update(anchors)
        begins = {finding.number: finding for finding, _ in new}
        within = tuple((finding.number, number) for finding, number in quotes)
        return Mark(parts, found, anchors, tuple(begins.values()), within)

    def _rows(self, table: Table) -> list[list[Cell]]:
        cells = table.cells
        rows: list[list[Cell]] = [[] for _ in range(max(cell.row for cell in cells) + 1)]
        for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
            text = self._document.text[cell.start : cell.end]
            made = Cell(self.marks(cell.start, cell.end), cell.column, cell.rows, cell.columns, _is_number(text))
            rows[cell.row].append(made)
        return rows


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _spans(document: Document) -> Iterator[tuple[int, int, Table]]:
    """The whole lines that each table takes up."""
    text = document.text
    for table in document.tables:
        if table.cells:
            first, last = min(cell.start for cell in table.cells), max(cell.end for cell in table.cells)
            end = text.find("\n", last)
            yield text.rfind("\n", 0, first) + 1, len(text) if end < 0 else end, table


def _heading_levels(text: str) -> dict[int, int]:
    """Where headings begin, with their level: a title on the first line, numbered lines without a sentence."""
    ends = dict(_lines(text))
    heads = [
        section
        for section in structure.read(normalise(text)).sections
        if section.level < _DEEPEST and _is_heading(text[section.start : ends.get(section.start, section.start)])
    ]
    outer = min((section.level for section in heads), default=0)
    levels = {section.start: 2 if section.level == outer else 3 for section in heads}
    first = next(((start, end) for start, end in _lines(text) if text[start:end].strip()), None)
    if first and first[0] not in levels and _is_heading(text[slice(*first)]):
        levels[first[0]] = 1
    return levels


def _is_heading(line: str) -> bool:
    return 0 < len(line.strip()) <= _LONGEST_HEADING and not _SENTENCE_END.search(line) and "\t" not in line


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[-+≥≤]?[\d,，.]+ ?[%‰]?|[—-]", text.strip()))
