"""How a case moves: one step, what the step makes, and the limit that runs next, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model

from bianwang.modules.penalties import timing
from bianwang.modules.penalties.models import Case, Reminder
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.ledger.services import Changes
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow.services import advance


@transaction.atomic
def take(
    case: Case,
    code: str,
    user: User,
    *,
    reason: str = "",
    changes: Changes | None = None,
    make: Callable[[], object] | None = None,
    **fields: Any,
) -> None:
    """Take a step of the case, then `make` what belongs to it. Raises what the workflow raises."""
    advance(case, code, user, reason=reason, changes=changes, fields=fields)
    if make is not None:
        make()
    settle(case)


def settle(case: Case) -> None:
    """Keep the case's time limit at the first of its clocks; a reminder of another one is over."""
    due = timing.next_due(case)
    moment, code = (due.moment, due.code) if due else (None, "")
    if (case.due_at, case.due_clock) == (moment, code):
        return
    Case.objects.filter(pk=case.pk).update(due_at=moment, due_clock=code)
    case.due_at, case.due_clock = moment, code
    todo.reschedule(case, moment)
    for reminder in case.reminders.filter(closed_at__isnull=True):
        Reminder.objects.filter(pk=reminder.pk).update(closed_at=now())
        todo.close_for(reminder)


def saved(row: Model, *unset: str) -> None:
    """Save a new row whose columns make sense; `unset` are filled later."""
    row.clean_fields(exclude=list(unset))
    row.save(force_insert=True)


def checked_day(day: date | None, name: str, *, since: date | None = None) -> date:
    """A day on which something was done: today unless given, never in the future nor before `since`."""
    chosen = day or today()
    if chosen > today():
        raise ValidationError({name: "日期不能晚于今天。"})
    if since is not None and chosen < since:
        raise ValidationError({name: f"日期不能早于 {since}。"})
    return chosen


def written(text: str, name: str, words: str) -> str:
    """A text that must say something."""
    if len(text.strip()) < 2:
        raise ValidationError({name: words})
    return text.strip()
