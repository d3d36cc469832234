"""A report as a document: headings, paragraphs whose figures are references, tables and charts. Pure data.

The same tree becomes a Word file, a PDF and a web page (`rendering/`), is what the auditor reads (`checking.py`), and
is kept as JSON in a frozen version.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec


class Run(msgspec.Struct, frozen=True, omit_defaults=True):
    """Some words; those that say a figure carry its id."""

    text: str
    figure: str = ""


Runs = tuple[Run, ...]


class Heading(msgspec.Struct, frozen=True, omit_defaults=True, tag="heading"):
    """一、… (level 1), （一）… (level 2)."""

    key: str
    level: int
    runs: Runs


class Paragraph(msgspec.Struct, frozen=True, omit_defaults=True, tag="paragraph"):
    """Text; `mark` is the number before it (1. or 一是), which nobody types."""

    key: str
    runs: Runs
    mark: str = ""


class Cell(msgspec.Struct, frozen=True, omit_defaults=True):
    """One cell with what it spans; `align` is left, center or right."""

    runs: Runs
    columns: int = 1
    rows: int = 1
    is_head: bool = False
    align: str = "center"

    @property
    def text(self) -> str:
        """Its words."""
        return plain(self.runs)


class Table(msgspec.Struct, frozen=True, omit_defaults=True, tag="table"):
    """Rows of the cells that begin in them; `widths` are the columns' parts of the whole width."""

    key: str
    title: str
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]
    unit: str = ""


class Bar(msgspec.Struct, frozen=True, omit_defaults=True):
    """One bar: its name, how long it is, and what stands at its end."""

    label: str
    value: Decimal | None
    text: str
    figure: str = ""


class Chart(msgspec.Struct, frozen=True, omit_defaults=True, tag="chart"):
    """Horizontal bars; `full` is the value of the whole width."""

    key: str
    title: str
    bars: tuple[Bar, ...]
    full: Decimal


Block = Heading | Paragraph | Table | Chart


class Annex(msgspec.Struct, frozen=True):
    """A form that stands on a wide page of its own."""

    code: str
    name: str
    table: Table


class Document(msgspec.Struct, frozen=True):
    """A whole report; each part of `title` is a line."""

    title: tuple[str, ...]
    blocks: tuple[Block, ...]
    annexes: tuple[Annex, ...]


def plain(runs: Runs) -> str:
    """The words of runs."""
    return "".join(run.text for run in runs)


def used(document: Document) -> list[str]:
    """Ids of the figures that a document says, each once, in order."""
    blocks = (*document.blocks, *(annex.table for annex in document.annexes))
    return list(dict.fromkeys(name for block in blocks for name in _figures(block) if name))


def _figures(block: Block) -> Iterator[str]:
    if isinstance(block, Heading | Paragraph):
        yield from (run.figure for run in block.runs)
    elif isinstance(block, Table):
        yield from (run.figure for row in block.rows for cell in row for run in cell.runs)
    else:
        yield from (bar.figure for bar in block.bars)
