"""What of the ledger a user may see live: the access door, asked for many events at once."""

from __future__ import annotations

from functools import lru_cache

from django.db.models import Max

from bianwang.platform import access
from bianwang.platform.access import Scope
from bianwang.platform.accounts.models import User
from bianwang.platform.places.models import Party
from bianwang.platform.registry import permissions


@lru_cache(maxsize=256)
def view_permission(module: str) -> str:
    """The permission that entries of a module need; where it has none to view, only the auditor sees them."""
    own = f"{module}.view"
    return own if own in permissions() else "ledger.view"


class Sight:
    """A user's scope as sets of party ids, read once and kept for some seconds. Used in one thread."""

    def __init__(self, user: User) -> None:
        self._user = user
        self._parties: dict[Scope, frozenset[int]] = {}
        self._newest = 0

    def sees(self, module: str, owner: int | None) -> bool:
        """Whether the user may see an entry of this module about this party (None: the bureau's own)."""
        permission = view_permission(module)
        if not access.can(self._user, permission):
            return False
        scope = access.scope_of(self._user, permission)
        if scope.whole or owner is None:
            return scope.whole
        if owner in scope.parties:
            return True
        if owner > self._newest:
            # A party that was registered after the sets were read.
            self._parties.clear()
            self._newest = max(owner, Party.objects.aggregate(newest=Max("pk"))["newest"] or 0)
        if scope not in self._parties:
            self._parties[scope] = frozenset(scope.parties_query().values_list("pk", flat=True))
        return owner in self._parties[scope]
