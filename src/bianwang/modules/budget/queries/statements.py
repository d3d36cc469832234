"""Printed totals beside those of the lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bianwang.modules.budget.models import BudgetYear, Statement
from bianwang.modules.budget.queries.lines import Standing, standings, total

_FIGURES = {"opening": "opening", "adjusted": "adjusted", "final": "executed", "carry_over": "carry_over"}


@dataclass(frozen=True)
class Compared:
    """A printed total, that of the lines, and what rounding may explain. 元."""

    statement: Statement
    found: Decimal
    tolerance: Decimal

    @property
    def difference(self) -> Decimal:
        """Printed less found."""
        return self.statement.amount - self.found

    @property
    def found_text(self) -> str:
        """The sum of the lines as people read it."""
        return f"{self.found:,.2f}"

    @property
    def difference_text(self) -> str:
        """The difference with its sign."""
        return f"{self.difference:+,.2f}"

    @property
    def agrees(self) -> bool:
        """Whether rounding explains the difference."""
        return abs(self.difference) <= self.tolerance


def total_of(year: BudgetYear, kind: str) -> tuple[Decimal, int]:
    """What the lines of a year make of a kind of total now, and how many lines there are."""
    held = standings(year.lines.all())
    return _figure(total(held.values()), kind), len(held)


def compared(year: BudgetYear, on: date | None = None) -> list[Compared]:
    """Every printed total of a year beside that of the lines at the end of a day (none: now)."""
    held: Mapping[int, Standing] = standings(year.lines.all(), on)
    sums = total(held.values())
    return [Compared(row, _figure(sums, row.kind), row.tolerance(len(held))) for row in year.statements.all()]


def _figure(sums: Standing, kind: str) -> Decimal:
    found: Decimal = getattr(sums, _FIGURES[kind])
    return found
