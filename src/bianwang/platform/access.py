"""The one access door: every object is reached for a user through `visible` or `get`.

What a user may do follows from the roles of his posts (manifests' permissions); how far he sees
follows from the parties at which he holds them:

- bureau, its offices and subordinate units see the whole district;
- a department sees what it supervises; a 管委会, town or village sees what lies in its territory;
- an enterprise sees itself.

Both belong together: a permission reaches only as far as the posts that give it, so a village clerk who is
also somebody's safety manager does not manage safety in the village. Without a permission, all business
posts count; the three administrators see no business rows.

A model says where its party is with `access_path`, the ORM path to a `Party` (``"owner"``,
``"alarm__owner"``; ``""`` for a party itself).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404

from bianwang.platform import roles
from bianwang.platform.places.models import Organisation, Party, Territory
from bianwang.platform.registry import permissions

if TYPE_CHECKING:
    from bianwang.platform.accounts.models import Post, User

M = TypeVar("M", bound=Model)

_WHOLE = frozenset({Organisation.Level.BUREAU, Organisation.Level.OFFICE, Organisation.Level.SUBORDINATE})


@dataclass(frozen=True)
class Scope:
    """What a user sees: everything, or own parties + supervised by them + inside their territories."""

    whole: bool = False
    parties: frozenset[int] = frozenset()
    territories: frozenset[int] = frozenset()

    def parties_query(self) -> QuerySet[Party, Any]:
        """Ids of the parties in scope, as a subquery without duplicates."""
        everyone = Party.objects.order_by()
        if self.whole:
            return everyone.values("pk")
        supervision = Party.supervisors.through._default_manager
        inside = Q(pk__in=self.parties) | Q(pk__in=supervision.filter(organisation__in=self.parties).values("party"))
        if self.territories:
            location = Party.territories.through._default_manager
            governed = Organisation.objects.filter(territory__in=self.territories).order_by()
            inside |= Q(pk__in=location.filter(territory__in=self.territories).values("party"))
            inside |= Q(pk__in=governed.values("pk"))
        return everyone.filter(inside).values("pk")

    def includes(self, party_id: int | None) -> bool:
        """Whether one party is in scope; rows of no party (None) belong to the bureau."""
        if self.whole:
            return True
        if party_id is None:
            return False
        return party_id in self.parties or self.parties_query().filter(pk=party_id).exists()


def role_codes(user: User | AnonymousUser) -> frozenset[str]:
    """Roles of the user's posts; empty for a stranger or a disabled account. Cached on the object."""
    held: frozenset[str] | None = getattr(user, "_role_codes", None)
    if held is None:
        held = frozenset(post.role for post in _posts(user))
        user._role_codes = held  # type: ignore[union-attr]
    return held


def scope_of(user: User | AnonymousUser, permission: str = "") -> Scope:
    """How far the user sees, or how far he may use `permission`. Cached on the user for the request.

    Raises KeyError for an unknown permission.
    """
    counted = permissions()[permission].roles if permission else roles.BUSINESS
    cache: dict[frozenset[str], Scope] | None = getattr(user, "_scopes", None)
    if cache is None:
        cache = {}
        user._scopes = cache  # type: ignore[union-attr]
    held = counted & role_codes(user)
    if held not in cache:
        cache[held] = _scope([post for post in _posts(user) if post.role in held])
    return cache[held]


def can(user: User | AnonymousUser, permission: str) -> bool:
    """Whether one of the user's roles has the permission. Raises KeyError for an unknown code."""
    return bool(permissions()[permission].roles & role_codes(user))


def require(user: User | AnonymousUser, *wanted: str) -> None:
    """Raise PermissionDenied unless the user has all the permissions."""
    for code in wanted:
        if not can(user, code):
            raise PermissionDenied(f"您没有“{permissions()[code].name}”的权限，如工作需要请联系安全管理员授权。")


def visible(user: User | AnonymousUser, model: type[M], *wanted: str) -> QuerySet[M]:
    """The rows of a model in the user's scope; with permissions, only where he may use all of them."""
    everything: QuerySet[M] = model._default_manager.all()
    path: str = model.access_path  # type: ignore[attr-defined]
    rows = everything
    for permission in wanted or ("",):
        scope = scope_of(user, permission)
        if not scope.whole:
            inside = everything.filter(**{f"{path or 'pk'}__in": scope.parties_query()})
            # A path through many rows (a rule's bindings) would repeat the object once for each.
            rows = rows.filter(pk__in=inside.order_by().values("pk")) if is_many(model, path) else rows & inside
    return rows


def get(user: User | AnonymousUser, model: type[M], pk: int, *wanted: str, related: Iterable[str] = ()) -> M:
    """One object for a user who holds the permissions there.

    Raises PermissionDenied without the permission, Http404 outside the scope: a stranger does not
    learn whether the object exists.
    """
    require(user, *wanted)
    found = visible(user, model, *wanted).select_related(*related or (None,)).filter(pk=pk).first()
    if found is None:
        raise _unseen(model, pk)
    return found


def check(user: User | AnonymousUser, model: type[Model], pk: int, *wanted: str) -> None:
    """`get` for whoever has the object already: raises the same, and reads no columns."""
    require(user, *wanted)
    if not visible(user, model, *wanted).filter(pk=pk).exists():
        raise _unseen(model, pk)


def users_with(permission: str, party_id: int) -> QuerySet[User]:
    """Active users who may use the permission on things of this party: `scope_of` seen from the other end."""
    from bianwang.platform.accounts.models import Post, User

    around = Territory.objects.filter(Q(parties=party_id) | Q(governed_by=party_id))
    codes = {code for path in around.values_list("path", flat=True) for code in path.split("/") if code}
    supervisors = Party.supervisors.through._default_manager.filter(party=party_id)
    posts = Post.objects.filter(
        Q(party=party_id)
        | Q(party__organisation__level__in=_WHOLE)
        | Q(party__in=supervisors.values("organisation"))
        | Q(party__organisation__territory__code__in=codes),
        role__in=permissions()[permission].roles,
        party__is_active=True,
    )
    return User.objects.admitted().filter(pk__in=posts.values("user"))


def owner_of(obj: Model) -> int | None:
    """Id of the party in whose scope an object lies; None for one that belongs to the bureau or to several."""
    path: str = obj.access_path  # type: ignore[attr-defined]
    if is_many(type(obj), path):
        return None
    if not path:
        return int(obj.pk)
    *before, last = path.split("__")
    for part in before:
        obj = getattr(obj, part)
    found: int | None = getattr(obj, f"{last}_id")
    return found


def forget(user: User) -> None:
    """Drop what this object remembers of its posts, after they changed."""
    user._posts = user._role_codes = user._scopes = None  # type: ignore[attr-defined]


def _unseen(model: type[Model], pk: int) -> Http404:
    return Http404(f"没有编号为 {pk} 的{model._meta.verbose_name}，或它不在您的管辖范围内。")


@lru_cache(maxsize=256)
def is_many(model: type[Model], path: str) -> bool:
    """Whether an ORM path runs through a relation with many rows."""
    current: Any = model
    for part in (part for part in path.split("__") if part not in ("", "pk")):
        field = current._meta.get_field(part)
        if field.one_to_many or field.many_to_many:
            return True
        current = field.related_model
    return False


def _posts(user: User | AnonymousUser) -> list[Post]:
    """The posts that count: at parties in use, and never an administrator's beside others."""
    cached: list[Post] | None = getattr(user, "_posts", None)
    if cached is None:
        cached = []
        if user.is_authenticated and user.is_admitted:
            rows = user.posts.filter(party__is_active=True).select_related("party__organisation__territory")
            cached = list(rows)
        held = {post.role for post in cached}
        if held & roles.ADMINISTRATORS and len(held) > 1:
            cached = []
        user._posts = cached  # type: ignore[union-attr]
    return cached


def _scope(posts: list[Post]) -> Scope:
    parties = frozenset(post.party_id for post in posts)
    paths = []
    for post in posts:
        if post.party.party_kind != Party.Kind.ORGANISATION:
            continue
        organisation = post.party.organisation
        if organisation.level in _WHOLE:
            return Scope(whole=True, parties=parties)
        if organisation.territory:
            paths.append(organisation.territory.path)
    if not paths:
        return Scope(parties=parties)
    inside = Q()
    for path in paths:
        inside |= Q(path__startswith=path)
    found = Territory.objects.filter(inside).values_list("pk", flat=True)
    return Scope(parties=parties, territories=frozenset(found))
