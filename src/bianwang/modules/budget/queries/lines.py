"""What lines and projects hold, as of a day: always sums of their rows. 元."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet, Sum

from bianwang.modules.budget.models import Adjustment, BudgetYear, Line, Payment, Project
from bianwang.modules.budget.pace import WORDS, Colour, Marks, elapsed, expected, judged
from bianwang.modules.budget.printed import CENT, percent, shown_wan
from bianwang.platform.workflow.queries import limit

NOTHING = Decimal(0)
COUNTED = Q(year__state__in=("approved", "closed"))
"""Lines of years that the finance bureau has replied to; a draft is no budget yet."""

M = TypeVar("M", Line, Project)


@dataclass(frozen=True)
class Standing:
    """What was given, changed and spent."""

    opening: Decimal = NOTHING
    carried_in: Decimal = NOTHING
    changed: Decimal = NOTHING
    executed: Decimal = NOTHING

    @property
    def adjusted(self) -> Decimal:
        """调整预算数: what may be spent."""
        return self.opening + self.carried_in + self.changed

    @property
    def carry_over(self) -> Decimal:
        """结转结余: what is left."""
        return self.adjusted - self.executed

    @property
    def rate(self) -> Decimal | None:
        """执行率 in per cent, not rounded; none of nothing."""
        return 100 * self.executed / self.adjusted if self.adjusted else None

    def __add__(self, other: Standing) -> Standing:
        return Standing(
            self.opening + other.opening,
            self.carried_in + other.carried_in,
            self.changed + other.changed,
            self.executed + other.executed,
        )

    def __sub__(self, other: Standing) -> Standing:
        return Standing(
            self.opening - other.opening,
            self.carried_in - other.carried_in,
            self.changed - other.changed,
            self.executed - other.executed,
        )

    @property
    def wan(self) -> dict[str, str]:
        """Each figure in 万元, as people read it."""
        names = ("opening", "carried_in", "adjusted", "executed", "carry_over")
        return {name: shown_wan(getattr(self, name)) for name in names}

    @property
    def percent(self) -> str:
        """The rate as people read it."""
        return percent(self.rate)


@dataclass(frozen=True)
class Progress:
    """A project with what it holds and how that stands against its plan."""

    project: Project
    standing: Standing
    wanted: Decimal
    colour: Colour | None

    @property
    def planned(self) -> str:
        """What should be spent, as people read it."""
        return percent(self.wanted)

    @property
    def word(self) -> str:
        """The colour in words."""
        return WORDS.get(self.colour or "", "—")


def lines_of(year: int, subject: str = "") -> QuerySet[Line]:
    """Lines of a year that are in force, below a subject."""
    return Line.objects.filter(COUNTED, year__year=year, subject__startswith=subject)


def standings(lines: Iterable[Line], on: date | None = None) -> dict[int, Standing]:
    """What each line holds at the end of a day (none: now), with two queries."""
    rows = list(lines)
    changed, executed = _by("line", rows, on)
    return {
        row.pk: Standing(row.opening, row.carried_in, changed.get(row.pk, NOTHING), executed.get(row.pk, NOTHING))
        for row in rows
    }


def project_standings(projects: Iterable[Project], on: date | None = None) -> dict[int, Standing]:
    """What each project holds at the end of a day (none: now), with two queries."""
    rows = list(projects)
    changed, executed = _by("project", rows, on)
    return {
        row.pk: Standing(row.opening, NOTHING, changed.get(row.pk, NOTHING), executed.get(row.pk, NOTHING))
        for row in rows
    }


def standing(row: Line | Project, on: date | None = None) -> Standing:
    """What one line or project holds."""
    found = standings([row], on) if isinstance(row, Line) else project_standings([row], on)
    return found[row.pk]


def total(found: Iterable[Standing]) -> Standing:
    """The sum of several."""
    return sum(found, Standing())


def marks(on: date) -> Marks:
    """The ratios in force on a day."""
    return Marks(limit("budget.pace_red", on).value, limit("budget.pace_yellow", on).value)


def progress(projects: Iterable[Project], on: date) -> list[Progress]:
    """How projects (read with their line's year) stand against their plans at the end of a day."""
    rows, at = list(projects), marks(on)
    held = project_standings(rows, on)
    found = []
    for row in rows:
        wanted = expected(row.plan, row.line.year.year, on)
        found.append(Progress(row, held[row.pk], wanted, judged(held[row.pk].rate, wanted, at)))
    return found


def colour(standing: Standing, year: int, on: date) -> Colour | None:
    """How a line or source stands against the time of the year that has passed."""
    return judged(standing.rate, elapsed(year, on), marks(on))


def unexplained(year: BudgetYear) -> list[str]:
    """Lines and projects below the rate that asks for a reason at the year's end, without one, with their rates."""
    mark = limit("budget.year_end", date(year.year, 12, 31)).value * 100
    rows: list[Line | Project] = [*Line.objects.filter(year=year), *Project.objects.filter(line__year=year)]
    held = standings(row for row in rows if isinstance(row, Line))
    held_by_projects = project_standings(row for row in rows if isinstance(row, Project))
    found = []
    for row in rows:
        rate = (held if isinstance(row, Line) else held_by_projects)[row.pk].rate
        if rate is not None and rate < mark and not row.low_reason:
            found.append(f"{row.name}（{percent(rate)}）")
    return found


def summed(rows: QuerySet[Any], field: str = "amount") -> Decimal:
    """The exact sum of a column of money: SQLite adds in floating point, so the cent is restored."""
    return exact(rows.order_by().aggregate(total=Sum(field))["total"])


def exact(value: Decimal | None) -> Decimal:
    """A sum of money to the cent."""
    return (value or NOTHING).quantize(CENT)


def _by(name: str, rows: Sequence[Model], on: date | None) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
    """Adjustments and payments of lines or projects, summed by it."""
    until = Q(day__lte=on) if on else Q()
    keys = [row.pk for row in rows]
    return _sums(Adjustment, name, keys, until), _sums(Payment, name, keys, until)


def _sums(model: type[Adjustment | Payment], name: str, keys: list[int], until: Q) -> dict[int, Decimal]:
    rows = model._default_manager.filter(until, **{f"{name}__in": keys}).order_by()
    return {key: exact(amount) for key, amount in rows.values_list(name).annotate(found=Sum("amount"))}
