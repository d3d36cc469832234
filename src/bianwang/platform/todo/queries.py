"""Whose turn it is: open and finished duties of a user, in the scope of each permission that he holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, DateTimeField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from bianwang.platform import access
from bianwang.platform.accounts.models import Post, User
from bianwang.platform.clock import now
from bianwang.platform.ledger.models import Entry
from bianwang.platform.registry import permissions
from bianwang.platform.todo.models import Todo
from bianwang.platform.workflow.errors import UnknownLimit
from bianwang.platform.workflow.models import Limit
from bianwang.platform.workflow.queries import limit

_SOON = timedelta(hours=24)
_NEVER = datetime(2999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Counts:
    """How many duties wait, and how urgent they are."""

    open: int
    overdue: int
    soon: int


def mine(user: User | AnonymousUser) -> QuerySet[Todo]:
    """Open duties of a user: his own, and those that anyone with the permission may take, where he holds it.

    The most urgent first; those without a limit last, on every database.
    """
    until = Coalesce("due_at", Value(_NEVER, DateTimeField()))
    return _for(user).filter(done_at__isnull=True).annotate(until=until).order_by("until", "pk")


def done(user: User) -> QuerySet[Todo]:
    """Finished duties that were the user's to do, the latest first."""
    return _for(user).filter(done_at__isnull=False).order_by("-done_at")


def counts(user: User) -> Counts:
    """Numbers for the header and the first page."""
    moment, rows = now(), mine(user)
    overdue = rows.filter(due_at__lt=moment).count()
    soon = rows.filter(due_at__gte=moment, due_at__lt=moment + soon_before()).count()
    return Counts(rows.count(), overdue, soon)


def soon_before() -> timedelta:
    """How long before its limit a duty counts as due soon (limit `todo.due_soon`, else 24 hours)."""
    try:
        row = limit("todo.due_soon")
    except UnknownLimit:
        return _SOON
    return timedelta(hours=float(row.value)) if row.unit == Limit.Unit.HOURS else _SOON


def with_reminders(rows: QuerySet[Todo]) -> QuerySet[Todo]:
    """Adds `reminded`: how often somebody urged the duty."""
    reminders = (
        Entry.objects.filter(object_type="todo.todo", object_id=OuterRef("pk"), verb="todo.remind")
        .order_by()
        .values("object_id")
        .annotate(times=Count("pk"))
        .values("times")
    )
    return rows.annotate(reminded=Subquery(reminders))


def colleagues(user: User) -> QuerySet[User]:
    """People among whom a user may hand duties over: those with a post at a party in his scope."""
    scope = access.scope_of(user, "todo.hand_over")
    posts = Post.objects.all() if scope.whole else Post.objects.filter(party__in=scope.parties_query())
    return User.objects.filter(pk__in=posts.values("user"))


def _for(user: User | AnonymousUser) -> QuerySet[Todo]:
    """Duties by permission: codes with the same reach are asked for together, so this stays one query."""
    # What a module that is switched off left open leads nowhere until it is back.
    held = Q(assignee=user, permission__in=permissions())
    reach: dict[access.Scope, list[str]] = {}
    for alike in _alike(access.role_codes(user)):
        reach.setdefault(access.scope_of(user, alike[0]), []).extend(alike)
    for scope, codes in reach.items():
        anyone = Q(assignee__isnull=True, permission__in=codes)
        held |= anyone if scope.whole else anyone & Q(owner__in=scope.parties_query())
    return Todo.objects.filter(held).select_related("owner", "assignee")


@lru_cache(maxsize=256)
def _alike(held: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    """The permissions of somebody with these roles; those that the same roles give reach equally far."""
    found: dict[frozenset[str], list[str]] = {}
    for code, permission in permissions().items():
        if giving := permission.roles & held:
            found.setdefault(giving, []).append(code)
    return tuple(tuple(codes) for codes in found.values())
