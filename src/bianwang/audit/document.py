"""A report as the auditor sees it: one text, in which everything has its offset, and the cells of its tables."""

from __future__ import annotations

from dataclasses import dataclass, field


class Unreadable(ValueError):
    """A file that cannot be audited; the message says in Chinese why, and what to do."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Text [start, end) of one cell; row and column count from 0, merged cells span several."""

    start: int
    end: int
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Cells in order of the text. A merged cell is here once, at its first row and column."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A paragraph, or a row of a table, is one line of `text`; cells of a row are parted by a tab."""

    text: str
    tables: tuple[Table, ...] = field(default=())
