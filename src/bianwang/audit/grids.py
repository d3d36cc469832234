"""Tables as grids of cells, and the figures in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bianwang.audit.document import Cell, Table
from bianwang.audit.model import Figure
from bianwang.audit.reading import Reading

_NUMBER_ONLY: Final = re.compile(r"[≥≤><=]?-?[\d,]+(?:\.\d+)?%?")


@dataclass(frozen=True)
class Grid:
    """One table; a cell stands at its first row and column only, `covering` finds merged ones too."""

    reading: Reading
    table: Table

    @cached_property
    def rows(self) -> int:
        """How many rows."""
        return max((cell.row + cell.rows for cell in self.table.cells), default=0)

    @cached_property
    def columns(self) -> int:
        """How many columns."""
        return max((cell.column + cell.columns for cell in self.table.cells), default=0)

    @cached_property
    def covering(self) -> dict[tuple[int, int], Cell]:
        """The cell at each row and column, merged ones at each of theirs."""
        found: dict[tuple[int, int], Cell] = {}
        for cell in self.table.cells:
            for row in range(cell.row, cell.row + min(cell.rows, 200)):
                for column in range(cell.column, cell.column + min(cell.columns, 60)):
                    found[row, column] = cell
        return found

    def text(self, cell: Cell | None) -> str:
        """The words of a cell, without spaces."""
        return "" if cell is None else re.sub(r"\s+", "", self.reading.plain[cell.start : cell.end])

    def row(self, number: int) -> list[Cell]:
        """The cells that begin in a row, by column."""
        return self._by_row.get(number, [])

    @cached_property
    def _by_row(self) -> dict[int, list[Cell]]:
        found: dict[int, list[Cell]] = {}
        for cell in self.table.cells:
            found.setdefault(cell.row, []).append(cell)
        return found

    def figure(self, cell: Cell | None) -> Figure | None:
        """The number of a cell that is nothing but a number."""
        if cell is None or not _NUMBER_ONLY.fullmatch(self.text(cell)):
            return None
        return next(iter(self.reading.between(cell.start, cell.end)), None)

    def first_figure(self, cell: Cell | None) -> Figure | None:
        """The first number of a cell, whatever else it says."""
        return None if cell is None else next(iter(self.reading.between(cell.start, cell.end)), None)


def grids(reading: Reading) -> Iterator[Grid]:
    """The tables of a document that have more than one row."""
    for table in reading.tables():
        grid = Grid(reading, table)
        if grid.rows > 1:
            yield grid
