"""Opening and closing what waits for somebody."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Model, QuerySet

from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.todo.models import Todo


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
    return Todo.objects.create(
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


def close_for(obj: Model) -> int:
    """Close every open duty about an object; returns how many. The ledger tells what was done."""
    return _open_of(obj).update(done_at=now())


def reschedule(obj: Model, due_at: datetime | None) -> int:
    """Give the open duties about an object a new time limit."""
    return _open_of(obj).update(due_at=due_at)


def _open_of(obj: Model) -> QuerySet[Todo]:
    return Todo.objects.filter(object_type=obj._meta.label_lower, object_id=obj.pk, done_at__isnull=True)
