"""Self-evaluation forms as tables: which row names the columns, and which rows hold money."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bianwang.audit.arithmetic import plain, sum_agreement
from bianwang.audit.document import Cell
from bianwang.audit.grids import Grid
from bianwang.audit.model import Figure, Relation, Verdict
from bianwang.audit.reading import Reading

BUDGET: Final = re.compile("年初预算|预算批复")
ADJUSTED: Final = re.compile("全年预算|调整后?预算|调整预算|预算数（A）|（A）|预算总额")
EXECUTED: Final = re.compile("执行数|决算数|（B）|支出数|实际支出")
RATE: Final = re.compile("执行率|B/A|支出率")
WEIGHT: Final = re.compile("^(?:分值|权重|标准分|满分|指标分值|分数)")
SCORE: Final = re.compile("^(?:自评)?得分(?!系数|率)|^自评分|^评分$|^实际得分")


@dataclass(frozen=True)
class Header:
    """A row that names columns."""

    row: int
    cells: Sequence[Cell]

    def column(self, grid: Grid, pattern: re.Pattern[str]) -> int | None:
        """The column that is called so."""
        return next((cell.column for cell in self.cells if pattern.search(grid.text(cell))), None)


def headers(grid: Grid, wanted: Sequence[re.Pattern[str]]) -> Iterator[Header]:
    for row in range(grid.rows):
        cells = grid.row(row)
        if all(any(pattern.search(grid.text(cell)) for cell in cells) for pattern in wanted):
            yield Header(row, cells)


def money_rows(grid: Grid, header: Header) -> list[int]:
    """The rows below that have a number in a money column, up to the next header."""
    column = header.column(grid, EXECUTED)
    found: list[int] = []
    for row in range(header.row + 1, grid.rows):
        cell = grid.covering.get((row, column or 0))
        if not found and row > header.row + 2:
            break  # the money is not entered: what follows are other rows
        if grid.figure(cell) is not None:
            found.append(row)
        elif found:
            break
    return found


def label(grid: Grid, row: int, before: int) -> str:
    return "".join(grid.text(cell) for cell in grid.row(row) if cell.column < before and grid.figure(cell) is None)


def at(grid: Grid, row: int, column: int | None) -> Figure | None:
    return None if column is None else grid.figure(grid.covering.get((row, column)))


def column_sum(reading: Reading, total: Figure, figures: Sequence[Figure], finer: Sequence[bool] = ()) -> Relation:
    verdict = sum_agreement(total, figures) or _nested(total, figures, finer)
    computed = sum((figure.base for figure in figures), Decimal(0))
    text = f"{'+'.join(plain(figure.value) for figure in figures)} = {plain(computed)}，表中总额为 {plain(total.value)}"
    effect = "" if verdict else "影响执行率"
    return reading.relation("sum", verdict or Verdict.CONTRADICTION, [total, *figures], text, effect)


def _nested(total: Figure, figures: Sequence[Figure], finer: Sequence[bool]) -> Verdict | None:
    """Rows that only say what another is made of (中央、市级 of 财政拨款) may stand among the parts."""
    rough = [figure for figure, is_finer in zip(figures, finer, strict=False) if not is_finer]
    return sum_agreement(total, rough) if rough and len(rough) < len(figures) else None
