"""Who has to act for a shift: the people in it by their accounts; where none has one, anybody of the unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bianwang.modules.duty.models import Person
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.todo import services as todo


def stands_for(user: User, people: Sequence[Person], unit: int) -> bool:
    """Whether the user may act for these people of a unit."""
    accounts = {person.user_id for person in people if person.user_id}
    return user.pk in accounts if accounts else unit in access.scope_of(user, "duty.keep").parties


def ask(obj: Any, people: Sequence[Person], title: str, unit: int, due_at: datetime, permission: str) -> None:
    """Put it on the list of each who has an account, or else of whoever may do it at the unit itself, or at all."""
    assignees = [person.user for person in people if person.user]
    staff = assignees or list(access.users_with(permission, unit).filter(posts__party=unit).distinct())
    whom: list[User | None] = [*staff] or [None]
    for assignee in whom:
        todo.open_for(
            obj,
            title=title,
            url=obj.get_absolute_url(),
            owner=unit,
            permission=permission,
            due_at=due_at,
            assignee=assignee,
        )
