"""Limits that have run out come to the heads of the office, and then to the leaders."""

from __future__ import annotations

from django.db.models import QuerySet

from bianwang.modules.penalties.models import Case, Reminder
from bianwang.modules.penalties.workflow import OPEN
from bianwang.platform.clock import now
from bianwang.platform.jobs.services import Outcome, each
from bianwang.platform.ledger.services import record
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow.queries import deadline, limit

_WHO = {Reminder.Level.HEAD: "penalties.approve", Reminder.Level.LEADER: "penalties.decide"}


def remind() -> Outcome:
    """Tell who has to know of every limit that has run out, each level once."""
    return each(overdue(), _remind)


def overdue() -> QuerySet[Case]:
    """Cases with a limit that has run out."""
    return Case.objects.filter(state__in=OPEN, due_at__lt=now()).order_by("due_at")


def _remind(case: Case) -> None:
    if case.due_at is None:
        return
    levels = [Reminder.Level.HEAD]
    if deadline(limit("penalties.escalate"), case.due_at) < now():
        levels.append(Reminder.Level.LEADER)
    for level in levels:
        key = {"case": case, "clock": case.due_clock, "due": case.due_at, "level": level}
        row, is_new = Reminder.objects.get_or_create(**key, defaults={"at": now()})
        if is_new:
            _tell(case, row, level)


def _tell(case: Case, row: Reminder, level: Reminder.Level) -> None:
    todo.open_for(
        row,
        title=f"逾期未办“{row.get_clock_display()}”：{case}",
        url=case.get_absolute_url(),
        owner=case.unit_id,
        permission=_WHO[level],
        due_at=case.due_at,
    )
    changes = {"reminder": (None, f"{row.get_clock_display()}逾期，提醒{level.label}")}
    record("penalties.overdue", case, owner=case.unit_id, changes=changes)
