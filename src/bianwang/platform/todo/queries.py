"""Whose turn it is: open and finished duties of a user, in the scope of each permission that he holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.models import Entry
from bianwang.platform.registry import permissions
from bianwang.platform.todo.models import Todo
from bianwang.platform.workflow.errors import UnknownLimit
from bianwang.platform.workflow.models import Limit
from bianwang.platform.workflow.queries import limit

_SOON = timedelta(hours=24)


@dataclass(frozen=True)
class Counts:
    """How many duties wait, and how urgent they are."""

    open: int
    overdue: int
    soon: int


def mine(user: User) -> QuerySet[Todo]:
    """Open duties of a user: his own, and those that anyone with the permission may take, where he holds it."""
    return _for(user).filter(done_at__isnull=True)


def done(user: User) -> QuerySet[Todo]:
    """Finished duties that were the user's to do, the latest first."""
    return _for(user).filter(done_at__isnull=False).order_by("-done_at")


def counts(user: User) -> Counts:
    """Numbers for the header and the first page."""
    moment, rows = now(), mine(user)
    overdue = rows.filter(due_at__lt=moment).count()
    soon = rows.filter(due_at__gte=moment, due_at__lt=moment + soon_before()).count()
    return Counts(rows.count(), overdue, soon)


def is_mine(user: User, todo: Todo) -> bool:
    """Whether an open duty waits for this user."""
    return mine(user).filter(pk=todo.pk).exists()


def soon_before() -> timedelta:
    """How long before its limit a duty counts as due soon (limit `todo.due_soon`, else 24 hours)."""
    try:
        row = limit("todo.due_soon")
    except UnknownLimit:
        return _SOON
    return timedelta(hours=float(row.value)) if row.unit == Limit.Unit.HOURS else _SOON


def urgency(due_at: datetime | None) -> tuple[str, str]:
    """(word, colour) of a limit: 超期 red, 临期 orange, 正常 green; nothing without a limit."""
    if due_at is None:
        return "", "secondary"
    left = due_at - now()
    if left < timedelta():
        return "超期", "red"
    return ("临期", "orange") if left < soon_before() else ("正常", "green")


def reminders(todo: Todo) -> int:
    """How often somebody was reminded of this duty."""
    return Entry.objects.filter(object_type="todo.todo", object_id=todo.pk, verb="todo.remind").count()


def candidates(todo: Todo) -> QuerySet[User]:
    """Who may do this duty."""
    return access.users_with(todo.permission, todo.owner_id)


def _for(user: User) -> QuerySet[Todo]:
    """Duties by permission: codes with the same reach are asked for together, so this stays one query."""
    reach: dict[access.Scope, list[str]] = {}
    for code in permissions():
        if access.can(user, code):
            reach.setdefault(access.scope_of(user, code), []).append(code)
    held = Q(pk__in=[])
    for scope, codes in reach.items():
        anyone = Q(assignee__isnull=True, permission__in=codes)
        held |= anyone if scope.whole else anyone & Q(owner__in=scope.parties_query())
    return Todo.objects.filter(Q(assignee=user) | held).select_related("owner", "assignee")
