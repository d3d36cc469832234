"""Plain tables: rows and columns that are the sums of others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from bianwang.audit import units
from bianwang.audit.arithmetic import Interval, agreement, is_near_miss, percent, plain, sum_agreement
from bianwang.audit.document import Cell
from bianwang.audit.facts import Facts
from bianwang.audit.grids import Grid, grids
from bianwang.audit.model import Figure, Relation, Verdict

_SUM: Final = re.compile("合计|总计|小计|共计|^总数")
_GRAND: Final = re.compile("^(?:合计|总计|共计|总数)")
_INSIDE: Final = re.compile("其中|比例|占比|率|%|单价|标准|人均|户均|得分|分值|序号|编号|年度指标|完成值")
_UNIT: Final = re.compile("（([^）]{1,6})）")
_FEWEST: Final = 2
_RATE: Final = re.compile("率|占比|比例|比重|%")


def check(facts: Facts) -> Iterator[Relation]:
    """Total rows and total columns."""
    for grid in grids(facts.reading):
        header = grid.row(0)
        if len(header) >= _FEWEST and not any(grid.figure(cell) for cell in header[1:]):
            yield from _rows(grid, header)
            yield from _columns(grid, header)
            yield from _rates(grid, header)


def _rows(grid: Grid, header: Sequence[Cell]) -> Iterator[Relation]:
    """The row 合计 against the rows above it, or below it, column by column."""
    labels = {row: grid.text(cells[0]) for row in range(1, grid.rows) if (cells := grid.row(row))}
    totals = [row for row, label in labels.items() if _GRAND.search(label)]
    if len(totals) != 1 or any("得分" in grid.text(cell) for cell in header):
        return
    rows = [row for row, label in labels.items() if row != totals[0] and not _SUM.search(label) and "其中" not in label]
    inside = [row for row, label in labels.items() if "其中" in label]
    if inside and totals[0] < inside[0]:
        rows = [row for row in rows if row >= inside[0]] + inside
    for cell in header[1:]:
        if _INSIDE.search(grid.text(cell)):
            continue
        total = grid.figure(grid.covering.get((totals[0], cell.column)))
        parts = [
            f for row in sorted(set(rows)) if (f := grid.figure(grid.covering.get((row, cell.column)))) is not None
        ]
        if total is not None and len(parts) >= _FEWEST:
            yield _told(grid, cell, total, parts)


def _columns(grid: Grid, header: Sequence[Cell]) -> Iterator[Relation]:
    """A column 合计 against the columns before it that are in its unit."""
    for place, cell in enumerate(header):
        if not _SUM.search(grid.text(cell)):
            continue
        unit = _UNIT.findall(grid.text(cell))
        before = [
            other
            for other in header[1:place]
            if not _INSIDE.search(grid.text(other)) and _UNIT.findall(grid.text(other)) == unit
        ]
        behind = [
            other
            for other in header[place + 1 :]
            if not _INSIDE.search(grid.text(other)) and _UNIT.findall(grid.text(other)) == unit
        ]
        parts_at = before if len(before) >= _FEWEST else behind
        for row in range(1, grid.rows):
            total = grid.figure(grid.covering.get((row, cell.column)))
            parts = [f for other in parts_at if (f := grid.figure(grid.covering.get((row, other.column)))) is not None]
            if total is not None and len(parts) >= _FEWEST and len(parts) == len(parts_at):
                yield _told(grid, cell, total, parts)


def _rates(grid: Grid, header: Sequence[Cell]) -> Iterator[Relation]:
    """A column of rates: the two columns that give it in most rows must give it in all."""
    numbers = [cell.column for cell in header if not _RATE.search(grid.text(cell))]
    for rate_at in (cell.column for cell in header if _RATE.search(grid.text(cell))):
        printed = {row: f for row in range(1, grid.rows) if (f := _at(grid, row, rate_at)) and f.kind == units.RATIO}
        best = max(
            ((a, b) for a in numbers for b in numbers if a != b),
            key=lambda pair: sum(_fits(grid, row, pair, rate) is not None for row, rate in printed.items()),
            default=None,
        )
        fitting = [row for row, rate in printed.items() if best and _fits(grid, row, best, rate) is not None]
        if best is None or len(fitting) < _FEWEST or len(fitting) * 2 <= len(printed):
            continue
        for row, rate in printed.items():
            above, below = _at(grid, row, best[0]), _at(grid, row, best[1])
            if above is not None and below is not None and below.base > 0:
                verdict = _fits(grid, row, best, rate)
                text = f"{plain(above.value)}/{plain(below.value)} = {percent(above.base / below.base)}"
                if verdict is None:
                    text = f"{text}，表中为 {rate.text}"
                    is_near = is_near_miss(above.base / below.base, rate)
                    verdict = Verdict.SUSPICIOUS if is_near else Verdict.CONTRADICTION
                yield grid.reading.relation("rate", verdict, [above, below, rate], text)


def _at(grid: Grid, row: int, column: int) -> Figure | None:
    return grid.figure(grid.covering.get((row, column)))


def _fits(grid: Grid, row: int, pair: tuple[int, int], rate: Figure) -> Verdict | None:
    above, below = _at(grid, row, pair[0]), _at(grid, row, pair[1])
    if above is None or below is None or below.base <= 0:
        return None
    within = Interval.of(above).over(Interval.of(below))
    return agreement(above.base / below.base, within, rate) if within else None


def _told(grid: Grid, header: Cell, total: Figure, parts: Sequence[Figure]) -> Relation:
    named = _UNIT.findall(grid.text(header))
    verdict = sum_agreement(total, parts, are_counts=bool(named) and not any("元" in unit for unit in named))
    computed = sum((part.base for part in parts), Decimal(0))
    text = f"{'+'.join(plain(part.value) for part in parts)} = {plain(computed)}，表中为 {plain(total.value)}"
    return grid.reading.relation("sum", verdict or Verdict.CONTRADICTION, [total, *parts], text)
