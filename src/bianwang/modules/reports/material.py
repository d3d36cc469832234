"""What a report is written from: the year's figures and the evaluation as of a day, as plain data that can be kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from bianwang.modules.reports.tree import Run

if TYPE_CHECKING:
    from bianwang.modules.indicators.figures import Figure

TOTAL = "score.total"
EXECUTION = "execution"
OWED = "（待补："
_PARTS = ("name", "weight", "target", "actual", "score", "working", "reason", "measures")


class Rows(msgspec.Struct, frozen=True):
    """Rows behind a figure, and the list that shows them."""

    name: str
    count: int
    url: str


class Quantity(msgspec.Struct, frozen=True):
    """A figure as the report says and keeps it; `text` is the number as printed, without its unit."""

    id: str
    label: str
    value: Decimal | None
    unit: str
    text: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    query: str = ""
    rows: tuple[Rows, ...] = ()
    source: str = ""
    scope: str = ""
    note: str = ""
    missing: str = ""

    @property
    def count(self) -> int:
        """How many rows stand behind it."""
        return sum(row.count for row in self.rows)


class Line(msgspec.Struct, frozen=True):
    """One indicator of the evaluation."""

    code: str
    name: str
    level1: str
    level2: str
    unit: str
    direction: str
    opening: str
    """The target at the beginning of the year; `target` is the one that counts."""
    target: str
    weight: Decimal
    actual: str
    score: Decimal | None
    working: str
    reason: str
    measures: str
    office: str
    evidence: int
    is_core: bool = False
    is_execution: bool = False
    excluded: str = ""
    """Why it does not count."""
    figure: str = ""
    """Id of the figure that decides."""

    @property
    def ratio(self) -> Decimal | None:
        """得分系数: what it earned of its points, in per cent."""
        if self.score is None or not self.weight:
            return None
        return (100 * self.score / self.weight).quantize(Decimal("0.1"))

    @property
    def is_full(self) -> bool:
        """Whether it has all its points."""
        return self.score is not None and self.score >= self.weight


class Material(msgspec.Struct, frozen=True, dict=True):
    """Everything that may be referred to; `quantities` also holds score.<code> and score.total."""

    unit: str
    year: int
    on: date
    quantities: dict[str, Quantity]
    lines: tuple[Line, ...]
    grade: str
    total: Decimal | None

    @cached_property
    def words(self) -> Mapping[str, Run]:
        """What is said as it is: names, targets, reasons."""
        found = {
            "unit": Run(self.unit),
            "year": Run(str(self.year)),
            "year_before": Run(str(self.year - 1)),
            "on": Run(f"{self.on.year}年{self.on.month}月{self.on.day}日"),
            "grade": Run(self.grade or owed("等级")),
            "full": Run(points(self.full)),
        }
        for line in self.lines:
            found |= {f"{part}.{line.code}": run for part, run in _told(line).items()}
        spending = self.line(EXECUTION)
        told = _told(spending) if spending else {}
        return {f"{part}.{EXECUTION}": told.get(part, Run("—")) for part in _PARTS} | found

    @property
    def full(self) -> Decimal:
        """The points of all indicators that count."""
        return sum((line.weight for line in self.lines if not line.excluded), Decimal(0))

    def line(self, code: str) -> Line | None:
        """An indicator by its code; `execution` is the one of budget execution, whatever its own code."""
        if code == EXECUTION:
            return next((line for line in self.lines if line.is_execution), None)
        return next((line for line in self.lines if line.code == code), None)


def points(value: Decimal | None) -> str:
    """10, 8.1: points without idle zeros."""
    return "" if value is None else f"{value.normalize():f}"


def _told(line: Line) -> dict[str, Run]:
    """What may be said of an indicator, by the `_PARTS`."""
    return {
        "name": Run(line.name),
        "weight": Run(points(line.weight)),
        "target": Run(line.target),
        "actual": Run(line.actual, line.figure),
        "score": Run(points(line.score) or "—", f"score.{line.code}"),
        "working": Run(line.working),
        "reason": _explained(line, line.reason, "偏差原因"),
        "measures": _explained(line, line.measures, "改进措施"),
    }


def owed(what: str) -> str:
    """What stands in the text until somebody enters what is missing."""
    return f"{OWED}{what}）"


def _explained(line: Line, text: str, what: str) -> Run:
    """What people wrote of an indicator as a sentence; who has all the points owes none."""
    text = text.strip()
    if not text:
        return Run("" if line.is_full else owed(f"{line.name}的{what}"))
    return Run(text if text[-1] in "。！？" else f"{text}。")


def quantity(figure: Figure) -> Quantity:
    """A figure of the indicators module as it is kept."""
    return Quantity(
        id=figure.id,
        label=figure.label,
        value=_decimal(figure.value),
        unit=figure.unit,
        text=figure.text,
        numerator=_decimal(figure.numerator),
        denominator=_decimal(figure.denominator),
        query=figure.query,
        rows=tuple(Rows(row.name, row.count, row.url) for row in figure.rows),
        source=figure.source,
        scope=figure.scope,
        note=figure.note,
        missing=figure.missing,
    )


def gathered(unit: str, year: int, on: date, figures: Iterable[Figure], evaluation: Any) -> Material:
    """Figures and evaluation together; `evaluation` is `indicators.queries.Evaluation`."""
    lines = tuple(map(_line, evaluation.rows))
    total = _decimal(evaluation.total.points)
    # What an indicator's own arithmetic makes is no figure of the list, but the report may refer to it.
    own = [row.figure for row in evaluation.rows if row.figure]
    quantities = {figure.id: quantity(figure) for figure in (*own, *figures)}
    quantities |= {f"score.{line.code}": _score(line, quantities.get(line.figure)) for line in lines}
    made = Material(unit, year, on, quantities, lines, evaluation.grade, total)
    quantities[TOTAL] = _total(made)
    return made


def _line(row: Any) -> Line:
    return Line(
        code=row.code,
        name=row.name,
        level1=row.level1,
        level2=row.level2,
        unit=row.unit,
        direction=row.direction,
        opening=row.opening_text,
        target=row.target_text,
        weight=Decimal(row.weight),
        actual=row.actual_text,
        score=_decimal(row.score),
        working=row.working,
        reason=row.reason,
        measures=row.measures,
        office=str(row.office or ""),
        evidence=row.evidence,
        is_core=row.indicator.is_core,
        is_execution=row.indicator.is_execution,
        excluded=row.excluded,
        figure=row.figure.id if row.figure else "",
    )


def _total(material: Material) -> Quantity:
    return Quantity(
        id=TOTAL,
        label="自评总分",
        value=material.total,
        unit="分",
        text=points(material.total),
        numerator=material.total,
        denominator=material.full,
        query=" + ".join(points(line.score) for line in material.lines if line.score is not None),
        source="绩效指标",
        missing="" if material.total is not None else "还没有指标得分，不能合计。",
    )


def _score(line: Line, of: Quantity | None) -> Quantity:
    """The points of an indicator; the rows behind them are those of its figure."""
    return Quantity(
        id=f"score.{line.code}",
        label=f"{line.name}得分",
        value=line.score,
        unit="分",
        text=points(line.score),
        numerator=line.score,
        denominator=line.weight,
        query=line.working,
        rows=of.rows if of else (),
        source=of.source if of else "绩效指标",
        scope=of.scope if of else "",
        note=f"目标 {line.target}，实际 {line.actual}",
        missing="" if line.score is not None else f"“{line.name}”还没有得分。",
    )


def _decimal(value: Decimal | int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
