"""What others and the pages read: overdue matters, search, and the matrix of units and tasks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from bianwang.modules.committee.models import Assignment, Supervision, Task
from bianwang.modules.committee.workflow import COUNTED, PENDING
from bianwang.platform import access
from bianwang.platform.clock import now
from bianwang.platform.ui.search import LIMIT, Hit

MATRIX_TASKS = 30
"""So many tasks stand side by side at most; the newest."""


def overdue() -> Q:
    """Assignments or supervised matters in which the unit has not acted in time."""
    return Q(state__in=PENDING, due_at__lt=now())


def in_time() -> Q:
    """Reported done within the time limit."""
    return Q(state__in=COUNTED, submitted_at__lte=F("deadline"))


def came_due() -> Q:
    """The time limit has passed, or the unit reported before it did: what 按期办结率 is a share of."""
    return Q(state__in=COUNTED) & (Q(deadline__lt=now()) | Q(submitted_at__isnull=False))


def overdue_count(user: Any) -> int:
    """Assignments in the user's scope that are overdue."""
    return access.visible(user, Assignment, "committee.units").filter(overdue()).count()


def overdue_supervisions(user: Any) -> int:
    """Supervised matters in the user's scope that are overdue."""
    return access.visible(user, Supervision, "committee.units").filter(overdue()).count()


def search(user: Any, text: str) -> list[Hit]:
    """Assignments by number or title, the newest first; then supervised matters."""
    if not access.can(user, "committee.units"):
        return []
    match = Q(task__number__icontains=text) | Q(task__title__icontains=text)
    rows = access.visible(user, Assignment, "committee.units").filter(match).select_related("task", "unit")
    hits = [Hit(str(row), f"任务 · {row.state_row.name}", row.get_absolute_url()) for row in rows[:LIMIT]]
    match = Q(number__icontains=text) | Q(title__icontains=text)
    listed = access.visible(user, Supervision, "committee.units").filter(match).select_related("unit")
    hits += [
        Hit(str(row), f"督办 · {row.state_row.name} · {row.unit}", row.get_absolute_url()) for row in listed[:LIMIT]
    ]
    return hits


@dataclass(frozen=True)
class Cell:
    """How one unit stands with one task, in a word and a colour."""

    word: str
    colour: str
    url: str


@dataclass(frozen=True)
class Line:
    """One unit: a cell or None for every task, and how many are overdue."""

    unit: str
    unit_id: int
    cells: list[Cell | None]
    late: int


@dataclass(frozen=True)
class Matrix:
    """Units × tasks."""

    tasks: list[Task]
    lines: list[Line]


def matrix(user: Any, *, open_only: bool = True) -> Matrix:
    """The newest tasks and every unit that has one of them, in two queries."""
    tasks = access.visible(user, Task, "committee.overview")
    if open_only:
        tasks = tasks.filter(assignments__state__in=(*PENDING, "submitted", "passed")).distinct()
    chosen = list(tasks.order_by("-pk")[:MATRIX_TASKS])
    rows = access.visible(user, Assignment, "committee.units").filter(task__in=[task.pk for task in chosen])
    found: dict[tuple[int, str], dict[int, Assignment]] = {}
    for row in rows.select_related("unit").order_by("-unit__organisation__level", "unit__pinyin", "unit"):
        found.setdefault((row.unit_id, row.unit.name), {})[row.task_id] = row
    lines = []
    for (pk, name), mine in found.items():
        cells = [_cell(mine[task.pk]) if task.pk in mine else None for task in chosen]
        lines.append(Line(name, pk, cells, sum(_late(row) for row in mine.values())))
    return Matrix(chosen, lines)


def _late(row: Assignment) -> bool:
    return row.state in PENDING and row.due_at is not None and row.due_at < now()


def _cell(row: Assignment) -> Cell:
    state = row.state_row
    late = _late(row)
    word = f"{state.name}，逾期" if late else state.name
    return Cell(f"牵头，{word}" if row.is_lead else word, "red" if late else state.colour, row.get_absolute_url())
