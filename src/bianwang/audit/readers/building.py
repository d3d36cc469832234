"""Puts a `Document` together, line by line and table by table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from bianwang.audit.document import Cell, Document, Table, Unreadable

MOST_TEXT: Final = 2_000_000
"""Characters of one report."""
_SEPARATORS: Final = re.compile("[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Placed:
    """Text of one cell and where it stands; row and column count from 0."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass
class Builder:
    """Lines go in, in reading order, and one `Document` comes out."""

    _parts: list[str] = field(default_factory=list)
    _tables: list[Table] = field(default_factory=list)
    _length: int = 0

    def line(self, text: str) -> None:
        """Add a paragraph; one without any text is left out."""
        cleaned = single_line(text)
        if cleaned:
            self._add(cleaned + "\n")

    def table(self, cells: Iterable[Placed]) -> None:
        """Add a table, whose cells come row by row; a row in which no cell begins has no line."""
        made: list[Cell] = []
        for _, row in groupby(cells, key=lambda cell: cell.row):
            for position, cell in enumerate(row):
                if position:
                    self._add("\t")
                start = self._length
                self._add(single_line(cell.text))
                made.append(Cell(start, self._length, cell.row, cell.column, cell.rows, cell.columns))
            self._add("\n")
        if made:
            self._tables.append(Table(tuple(made)))

    def document(self) -> Document:
        """Everything added so far."""
        return Document("".join(self._parts), tuple(self._tables))

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        limit_text(self._length)


def single_line(text: str) -> str:
    """The text without line ends, tabs and outer blanks."""
    return _SEPARATORS.sub(" ", text).strip(" \u3000\xa0\t\n\r\v\f")


def limit_text(length: int) -> None:
    """Refuse a report of more characters than anybody would write."""
    if length > MOST_TEXT:
        raise Unreadable(f"里的文字超过 {MOST_TEXT // 10_000} 万字，请拆成几份报告再上传。")
