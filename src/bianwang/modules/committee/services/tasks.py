"""Tasks are given to units; each unit signs, works, reports; the bureau reviews and strikes off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.committee.models import Assignment, Task
from bianwang.modules.committee.services.writing import create, end_of, members_only, take_number
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.files.services import attach
from bianwang.platform.places.models import Party
from bianwang.platform.places.queries import bureau
from bianwang.platform.workflow.queries import deadline, limit
from bianwang.platform.workflow.services import advance, start


@transaction.atomic
def give(
    user: User,
    values: Mapping[str, Any],
    until: date,
    lead: Party,
    others: Iterable[Party] = (),
    files: Iterable[Any] = (),
    *,
    is_demo: bool = False,
) -> Task:
    """Give a task to a lead unit and others, until the end of a day. `values` are columns of Task.

    Every unit gets the task's files with its assignment. Raises PermissionDenied, ValidationError.
    """
    access.require(user, "committee.assign")
    if until < today():
        raise ValidationError({"until": "完成时限不能早于今天。"})
    units = members_only([lead, *(unit for unit in others if unit.pk != lead.pk)], "lead")
    moment, last = now(), end_of(until)
    task = Task(
        owner=bureau(),
        number=take_number("task"),
        deadline=last,
        made_by=user,
        made_at=moment,
        is_demo=is_demo,
        **values,
    )
    if task.source == Task.Source.MEETING and task.meeting is None:
        raise ValidationError({"meeting": "来源是会议议定的，请选择哪次会议。"})
    task.clean_fields()
    create(task, "committee.task", title=task.title, units="、".join(unit.name for unit in units))
    sign_by = min(deadline(limit("committee.sign", today()), moment), last)
    kept = list(files)
    for unit in units:
        row = Assignment(task=task, unit=unit, is_lead=unit.pk == lead.pk, deadline=last, due_at=sign_by)
        start(row, by=user, verb="committee.assign", changes={"deadline": (None, last)})
        _keep(row, user, kept, "任务文件")
    return task


def sign(row: Assignment, user: User, reason: str = "") -> None:
    """The unit has it; from now on the task's own time limit counts."""
    advance(row, "sign", user, reason=reason, fields={"signed_at": now(), "escalation": 0}, due_at=row.deadline)


@transaction.atomic
def report(row: Assignment, user: User, progress: str, files: Iterable[Any] = ()) -> None:
    """How far it is."""
    if not progress.strip():
        raise ValidationError({"progress": "请写明进展。"})
    _keep(row, user, files, "进展")
    advance(row, "report", user, fields={"progress": progress.strip()})


@transaction.atomic
def submit(row: Assignment, user: User, result: str, files: Iterable[Any] = ()) -> None:
    """The unit says that it is done; it is held against the time limit as of now."""
    if not result.strip():
        raise ValidationError({"result": "请写明完成情况。"})
    _keep(row, user, files, "完成情况")
    advance(row, "submit", user, fields={"result": result.strip(), "submitted_by": user, "submitted_at": now()})


def review(row: Assignment, user: User, reason: str = "") -> None:
    """Found good."""
    advance(row, "pass", user, reason=reason)


def return_(row: Assignment, user: User, reason: str) -> None:
    """Not good enough: the unit goes on, and its own time limit counts again."""
    fields = {"submitted_at": None, "submitted_by": None, "returns": row.returns + 1}
    advance(row, "return", user, reason=reason, fields=fields, due_at=row.deadline)


def close(row: Assignment, user: User, reason: str = "") -> None:
    """Strike it off."""
    advance(row, "close", user, reason=reason, fields={"closed_at": now()})


def postpone(row: Assignment, user: User, until: date, reason: str) -> None:
    """Another time limit for one unit."""
    last = end_of(until)
    if until < today():
        raise ValidationError({"until": "新的完成时限不能早于今天。"})
    due = last if row.signed_at else row.due_at
    advance(row, "postpone", user, reason=reason, fields={"deadline": last, "escalation": 0}, due_at=due)


def cancel(row: Assignment, user: User, reason: str) -> None:
    """The unit need not do it any more."""
    advance(row, "cancel", user, reason=reason)


def _keep(row: Assignment, user: User, files: Iterable[Any], label: str) -> None:
    for file in files:
        attach(row, file, user=user, label=label)
