"""Opening and closing what waits for somebody, reminding, and handing over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet

from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ledger.services import record
from bianwang.platform.todo.models import Todo

_REMINDER_PAUSE = timedelta(hours=1)
_TOGETHER = 200
"""Rows in one statement."""


def open_for(
    obj: Model,
    *,
    title: str,
    url: str,
    owner: int,
    permission: str,
    due_at: datetime | None = None,
    assignee: User | None = None,
) -> Todo:
    """Put one duty on the list of whoever may use `permission` on things of `owner`, or of one person."""
    row = draft(obj, title=title, url=url, owner=owner, permission=permission, due_at=due_at, assignee=assignee)
    row.save(force_insert=True)
    return row


def draft(
    obj: Model,
    *,
    title: str,
    url: str,
    owner: int,
    permission: str,
    due_at: datetime | None = None,
    assignee: User | None = None,
) -> Todo:
    """The duty as `open_for` would write it, for those who open many at once with `open_all`."""
    return Todo(
        object_type=obj._meta.label_lower,
        object_id=obj.pk,
        url=url[:200],
        title=title[:200],
        owner_id=owner,
        permission=permission,
        assignee=assignee,
        created_at=now(),
        due_at=due_at,
    )


def open_all(drafts: Sequence[Todo]) -> None:
    """Open many duties in a few statements."""
    Todo.objects.bulk_create(drafts, batch_size=_TOGETHER)


def close_all(model: type[Model], keys: QuerySet[Any]) -> int:
    """Close every open duty about the objects whose numbers a query gives; returns how many."""
    rows = Todo.objects.filter(object_type=model._meta.label_lower, object_id__in=keys, done_at__isnull=True)
    return rows.update(done_at=now())


def close_for(obj: Model) -> int:
    """Close every open duty about an object; returns how many. The ledger tells what was done."""
    return _open_of(obj).update(done_at=now())


def reschedule(obj: Model, due_at: datetime | None) -> int:
    """Give the open duties about an object a new time limit."""
    return _open_of(obj).update(due_at=due_at)


@transaction.atomic
def remind(todo: Todo, by: User, text: str = "") -> None:
    """Urge whoever has to act (催办); everybody who sees the duty sees the reminder in the ledger.

    Raises PermissionDenied or Http404 through the access door, ValidationError for a duty that is done or
    was urged within the hour.
    """
    todo = access.get(by, Todo, todo.pk, "todo.remind")
    if todo.done_at is not None:
        raise ValidationError(f"“{todo.title}”已经办结，无需催办。")
    last = Entry.objects.filter(object_type="todo.todo", object_id=todo.pk, verb="todo.remind").order_by("-id").first()
    if last and last.at > now() - _REMINDER_PAUSE:
        raise ValidationError(f"“{todo.title}”一小时内已由{last.actor_name}催办过，请稍后再催。")
    record("todo.remind", todo, owner=todo.owner_id, reason=text.strip())


@transaction.atomic
def hand_over(leaver: User, successor: User, *, reason: str) -> int:
    """Give every open duty of a person who moves post to a colleague (交接); returns how many.

    All or none: raises ValidationError that names the first duty which the colleague may not do.
    """
    if leaver.pk == successor.pk:
        raise ValidationError("交接的双方不能是同一人。")
    if not reason.strip():
        raise ValidationError("交接必须写明理由。")
    todos = list(Todo.objects.select_for_update().filter(assignee=leaver, done_at__isnull=True))
    for todo in todos:
        if not access.scope_of(successor, todo.permission).includes(todo.owner_id):
            raise ValidationError(f"{successor.name}没有办理“{todo.title}”的权限，请先授予相应角色或选择其他同事。")
        Todo.objects.filter(pk=todo.pk).update(assignee=successor)
        record(
            "todo.hand_over",
            todo,
            owner=todo.owner_id,
            changes={"assignee": (leaver.name, successor.name)},
            reason=reason.strip(),
        )
    return len(todos)


def _open_of(obj: Model) -> QuerySet[Todo]:
    return Todo.objects.filter(object_type=obj._meta.label_lower, object_id=obj.pk, done_at__isnull=True)
