"""Who and what takes part in the demo: every module's demo file is loaded with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bianwang.platform.accounts.models import User
from bianwang.platform.places.models import Enterprise, Organisation


@dataclass(frozen=True)
class Cast:
    """The people, units and enterprises of a district pack's demo."""

    district: str
    owners: Mapping[str, Enterprise]
    """Enterprises by their key in the pack."""
    _users: dict[str, User] = field(default_factory=dict, init=False)

    def user(self, username: str) -> User:
        """A demo account, the same object each time: it knows its posts. Raises DoesNotExist for an unknown one."""
        if username not in self._users:
            self._users[username] = User.objects.get(username=username)
        return self._users[username]

    def organisation(self, code: str) -> Organisation:
        """A unit by its code; `bureau` is the bureau. Raises DoesNotExist for an unknown one."""
        if code == "bureau":
            return Organisation.objects.get(level=Organisation.Level.BUREAU)
        return Organisation.objects.get(code=code)
