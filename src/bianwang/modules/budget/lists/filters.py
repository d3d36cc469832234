"""Filters that need more than a column: below a subject, as of a day, behind plan, resting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

from bianwang.modules.budget import pack
from bianwang.modules.budget.models import BudgetYear, Project, Receipt
from bianwang.modules.budget.queries import funds, staff
from bianwang.modules.budget.queries.lines import progress
from bianwang.platform.clock import today
from bianwang.platform.ui.filters import Choice, Filter, Flag, Rows

COUNTED_STATES = ("approved", "closed")


def day_in(params: QueryDict, name: str) -> date | None:
    """A day in the URL, if it is one."""
    try:
        return date.fromisoformat(params.get(name, ""))
    except ValueError:
        return None


def years(user: Any) -> list[tuple[int, str]]:
    """The years that there are."""
    found = BudgetYear.objects.order_by("-year").values_list("year", flat=True).distinct()
    return [(year, f"{year}年") for year in found]


def year_filter(field: str) -> Choice:
    """One year; `field` is the path to its number."""
    return Choice("year", "年度", field=field, choices=years)


def counted(path: str) -> Flag:
    """Rows of years in force only; `path` leads to the year."""
    return Flag("counted", "不含编制中", where=Q(**{f"{path}__state__in": COUNTED_STATES}))


@dataclass(frozen=True)
class Below(Choice):
    """A subject with everything below it; `field` is the path to the code."""

    name: str = "subject"
    title: str = "科目"

    def apply(self, rows: Rows, params: QueryDict, user: Any) -> Rows:
        code = params.get(self.name, "")
        return rows.filter(**{f"{self.path}__startswith": code}) if code.isdecimal() else rows

    def options(self, model: type[Model], user: Any) -> Sequence[tuple[Any, Any]]:
        return [(row.code, f"{row.code} {row.name}") for row in pack.subjects(today().year)]


@dataclass(frozen=True)
class On(Filter):
    """The day that another filter looks at; today without one."""

    name: str = "on"
    title: str = "截至"
    control: ClassVar[str] = "date"

    def apply(self, rows: Rows, params: QueryDict, user: Any) -> Rows:
        return rows


@dataclass(frozen=True)
class Behind(Choice):
    """Projects by how they stand against their plan on the day of `On`."""

    name: str = "pace"
    title: str = "执行进度"
    choices: Any = (("low", "滞后（红和黄）"), ("red", "明显滞后（红）"), ("yellow", "滞后（黄）"), ("green", "正常"))

    def apply(self, rows: Rows, params: QueryDict, user: Any) -> Rows:
        wanted = params.get(self.name, "")
        if wanted not in dict(self.choices):
            return rows
        colours = ("red", "yellow") if wanted == "low" else (wanted,)
        found: QuerySet[Project] = rows.select_related("line__year")
        judged = progress(found, day_in(params, "on") or today())
        return rows.filter(pk__in=[row.project.pk for row in judged if row.colour in colours])


@dataclass(frozen=True)
class RestingOn(Filter):
    """Receipts that had rested too long on a day."""

    name: str = "rest_on"
    title: str = "滞留超期（截至）"
    control: ClassVar[str] = "date"

    def apply(self, rows: Rows, params: QueryDict, user: Any) -> Rows:
        day = day_in(params, self.name)
        if day is None:
            return rows
        resting: list[Receipt] = [rest.receipt for rest in funds.undisbursed(day)]
        return rows.filter(pk__in=[row.pk for row in resting])


def left_over(user: Any) -> Q:
    """Receipts of which something is still at the bureau today."""
    return Q(pk__in=[rest.receipt.pk for rest in funds.rests(today())])


@dataclass(frozen=True)
class LatestOn(Filter):
    """The last entry of each unit up to a day."""

    name: str = "latest_on"
    title: str = "截至这一天"
    control: ClassVar[str] = "date"

    def apply(self, rows: Rows, params: QueryDict, user: Any) -> Rows:
        day = day_in(params, self.name)
        return rows.filter(pk__in=staff.latest(day).order_by().values("pk")) if day else rows
