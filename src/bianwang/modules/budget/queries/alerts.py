"""What asks to be acted on today: money that rests, projects behind plan, papers that are due, unexplained rates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from bianwang.modules.budget.models import BudgetYear, Project, Publication
from bianwang.modules.budget.queries import funds, publications
from bianwang.modules.budget.queries.funds import Rest
from bianwang.modules.budget.queries.lines import Progress, progress, unexplained
from bianwang.platform import access
from bianwang.platform.clock import today


@dataclass(frozen=True)
class Unexplained:
    """A year that has passed and what in it was carried out too little without a reason."""

    year: BudgetYear
    words: tuple[str, ...]


@dataclass(frozen=True)
class Alerts:
    """Everything, each with its limit in the page."""

    rests: tuple[Rest, ...]
    behind: tuple[Progress, ...]
    papers: tuple[Publication, ...]
    unexplained: tuple[Unexplained, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.rests) + len(self.behind) + len(self.papers) + len(self.unexplained)


def alerts() -> Alerts:
    """All of today."""
    papers = Publication.objects.filter(publications.soon()).select_related("owner").order_by("due_on")
    return Alerts(tuple(funds.pressing()), tuple(behind()), tuple(papers), tuple(_unexplained(today())))


def behind() -> list[Progress]:
    """Projects of this year, in force, that are behind their plan today; the worst first."""
    day = today()
    rows = Project.objects.filter(line__year__year=day.year, line__year__state="approved")
    found = progress(rows.select_related("line__year", "office"), day)
    low = [row for row in found if row.colour in ("red", "yellow")]
    return sorted(low, key=lambda row: (row.colour != "red", row.standing.rate or 0))


def pressing(user: Any) -> Q:
    """Receipts that rest too long today, as a filter."""
    return Q(pk__in=[rest.receipt.pk for rest in funds.pressing()])


def lagging(user: Any) -> Q:
    """Projects behind their plan today, as a filter."""
    return Q(pk__in=[row.project.pk for row in behind()])


def pressing_count(user: Any) -> int:
    """For the home page."""
    return len(funds.pressing())


def lagging_count(user: Any) -> int:
    """For the home page."""
    return len(behind())


def papers_count(user: Any) -> int:
    """For the home page."""
    return access.visible(user, Publication, "budget.view").filter(publications.soon()).count()


def _unexplained(day: date) -> list[Unexplained]:
    years = BudgetYear.objects.filter(year__lt=day.year, state="approved")
    found = [Unexplained(year, tuple(unexplained(year))) for year in years]
    return [row for row in found if row.words]
