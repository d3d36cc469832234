"""The district's figures over a period: each a measure of a module, or arithmetic over other figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from bianwang.modules.indicators import formula
from bianwang.modules.indicators.pack import FigureRow, figure_rows
from bianwang.platform import measures
from bianwang.platform.measures import Measured, Number, Rows
from bianwang.platform.period import Period


@dataclass(frozen=True)
class Figure:
    """One number of the report: how it comes about, and the rows behind it. `missing` says why there is none."""

    id: str
    label: str
    value: Number | None
    unit: str
    places: int
    numerator: Number | None
    denominator: Number | None
    query: str
    rows: tuple[Rows, ...]
    source: str
    scope: str = ""
    note: str = ""
    missing: str = ""

    @property
    def text(self) -> str:
        """The value as printed: rounded half up to its places, without grouping; a dash for none."""
        return printed(self.value, self.places)


def printed(value: Number | None, places: int) -> str:
    """A number as the report prints it."""
    if value is None:
        return "—"
    return f"{Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"


def compute(period: Period, wanted: set[str] | None = None) -> dict[str, Figure]:
    """All figures over a period, or the wanted ones with those that their formulas need; each measure is taken once."""
    rows = figure_rows()
    needed = _needed(rows, wanted)
    found: dict[str, Figure] = {}
    for row in rows:
        if row.id in needed:
            found[row.id] = _calculated(row, found) if row.formula else _measured(row, period)
    return found


def _needed(rows: list[FigureRow], wanted: set[str] | None) -> set[str]:
    if wanted is None:
        return {row.id for row in rows}
    needed = set(wanted)
    for row in reversed(rows):
        if row.id in needed and row.formula:
            needed |= formula.names(row.formula)
    return needed


def _measured(row: FigureRow, period: Period) -> Figure:
    taken = measures.take(row.measure, period, row.arguments)
    known = measures.measures().get(row.measure)
    arguments = ", ".join(f"{name}={value}" for name, value in row.arguments.items())
    return _figure(row, taken, f"{row.measure}({arguments})", known.source if known else "")


def _calculated(row: FigureRow, found: Mapping[str, Figure]) -> Figure:
    inputs = [found[name] for name in sorted(formula.names(row.formula))]
    values = {figure.id: Decimal(figure.value) for figure in inputs if figure.value is not None}
    missing = next((figure.missing or f"“{figure.label}”还没有数。" for figure in inputs if figure.value is None), "")
    value = None if missing else formula.evaluate(row.formula, values)
    if value is None and not missing:
        missing = "算式的除数为零，没有结果。"
    rows = tuple(dict.fromkeys(part for figure in inputs for part in figure.rows))
    source = "、".join(dict.fromkeys(figure.source for figure in inputs))
    return _figure(row, Measured(value, rows, missing=missing), row.formula, source)


def _figure(row: FigureRow, taken: Measured, query: str, source: str) -> Figure:
    return Figure(
        row.id,
        row.label,
        taken.value,
        row.unit,
        row.places,
        taken.numerator,
        taken.denominator,
        query,
        taken.rows,
        source,
        taken.scope,
        taken.note,
        taken.missing,
    )
