"""The one access door: every object is reached for a user through `visible` or `get`.

What a user may do follows from the roles of his posts (manifests' permissions); how far he sees
follows from the parties at which he holds them:

- bureau, its offices and subordinate units see the whole district;
- a department sees what it supervises; a 管委会, town or village sees what lies in its territory;
- an enterprise sees itself.

A model says where its party is with `access_path`, the ORM path to a `Party` (``"owner"``,
``"alarm__owner"``; ``""`` for a party itself).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404

from bianwang.platform.places.models import Organisation, Party, Territory
from bianwang.platform.registry import permissions

if TYPE_CHECKING:
    from bianwang.platform.accounts.models import User

M = TypeVar("M", bound=Model)

_WHOLE = {Organisation.Level.BUREAU, Organisation.Level.OFFICE, Organisation.Level.SUBORDINATE}


@dataclass(frozen=True)
class Scope:
    """What a user sees: everything, or own parties + supervised by + inside territories."""

    whole: bool
    parties: frozenset[int]
    territories: frozenset[int]

    def parties_query(self) -> QuerySet[Party]:
        """Ids of the parties in scope, as a subquery."""
        query = Q(pk__in=self.parties) | Q(supervisors__in=self.parties)
        if self.territories:
            query |= Q(territories__in=self.territories)
        return Party.objects.filter(query).order_by().values("pk").distinct()  # type: ignore[return-value]

    def includes(self, party_id: int) -> bool:
        """Whether one party is in scope."""
        return self.whole or party_id in self.parties or self.parties_query().filter(pk=party_id).exists()


def role_codes(user: User | AnonymousUser) -> frozenset[str]:
    """Roles of the user's posts; empty for a stranger or a disabled account. Cached on the object."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    return frozenset(post.role for post in _posts(user))


def scope_of(user: User | AnonymousUser) -> Scope:
    """The user's scope. Cached on the object, so it costs its queries once a request."""
    cached: Scope | None = getattr(user, "_scope", None)
    if cached is None:
        cached = _scope(_posts(user)) if user.is_authenticated and user.is_active else Scope(False, frozenset(), frozenset())
        user._scope = cached  # type: ignore[union-attr]
    return cached


def can(user: User | AnonymousUser, permission: str) -> bool:
    """Whether one of the user's roles has the permission. Raises KeyError for an unknown code."""
    return bool(permissions()[permission].roles & role_codes(user))


def require(user: User | AnonymousUser, *wanted: str) -> None:
    """Raise PermissionDenied unless the user has all the permissions."""
    for code in wanted:
        if not can(user, code):
            raise PermissionDenied(f"您没有“{permissions()[code].name}”的权限，如工作需要请联系本单位安全管理员授权。")


def visible(user: User | AnonymousUser, model: type[M]) -> QuerySet[M]:
    """The rows of a model that lie in the user's scope."""
    rows: QuerySet[M] = model._default_manager.all()
    scope = scope_of(user)
    if scope.whole:
        return rows
    path: str = model.access_path  # type: ignore[attr-defined]
    field = f"{path}__in" if path else "pk__in"
    return rows.filter(**{field: scope.parties_query()})


def get(user: User | AnonymousUser, model: type[M], pk: int, *wanted: str, related: Iterable[str] = ()) -> M:
    """One object for a user who holds the permissions.

    Raises PermissionDenied without the permission, Http404 outside the scope: a stranger does not
    learn whether the object exists.
    """
    require(user, *wanted)
    rows = visible(user, model)
    if related:
        rows = rows.select_related(*related)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(f"没有编号为 {pk} 的{model._meta.verbose_name}，或它不在您的管辖范围内。")
    return found


def users_with(permission: str, party_id: int) -> QuerySet[Any]:
    """Active users who hold the permission and have the party in scope, whoever that is."""
    from bianwang.platform.accounts.models import User

    party_territories = list(Territory.objects.filter(parties=party_id).values_list("path", flat=True))
    codes = {code for path in party_territories for code in path.strip("/").split("/")}
    in_scope = (
        Q(posts__party=party_id)
        | Q(posts__party__organisation__level__in=_WHOLE)
        | Q(posts__party__in=Party.objects.get(pk=party_id).supervisors.values("pk"))
        | Q(posts__party__organisation__territory__code__in=codes)
    )
    return User.objects.filter(in_scope, is_active=True, posts__role__in=permissions()[permission].roles).distinct()


def _posts(user: Any) -> list[Any]:
    cached: list[Any] | None = getattr(user, "_posts", None)
    if cached is None:
        cached = list(user.posts.select_related("party__organisation__territory"))
        user._posts = cached
    return cached


def _scope(posts: list[Any]) -> Scope:
    parties = {post.party_id for post in posts}
    paths = []
    for post in posts:
        if post.party.party_kind != Party.Kind.ORGANISATION:
            continue
        organisation = post.party.organisation
        if organisation.level in _WHOLE:
            return Scope(True, frozenset(parties), frozenset())
        if organisation.territory:
            paths.append(organisation.territory.path)
    inside = Q(pk__in=[])
    for path in paths:
        inside |= Q(path__startswith=path)
    territories = Territory.objects.filter(inside).values_list("pk", flat=True) if paths else []
    return Scope(False, frozenset(parties), frozenset(territories))
