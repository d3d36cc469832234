"""Who and what takes part in the demo: every module's demo file is loaded with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bianwang.platform.accounts.models import User
from bianwang.platform.places.models import Enterprise, Organisation


@dataclass(frozen=True)
class Cast:
    """The people, units and enterprises of a district pack's demo."""

    district: str
    owners: Mapping[str, Enterprise]
    """Enterprises by their key in the pack."""

    def user(self, username: str) -> User:
        """A demo account. Raises DoesNotExist for an unknown one."""
        return User.objects.get(username=username)

    def organisation(self, code: str) -> Organisation:
        """A unit by its code; `bureau` is the bureau. Raises DoesNotExist for an unknown one."""
        if code == "bureau":
            return Organisation.objects.get(level=Organisation.Level.BUREAU)
        return Organisation.objects.get(code=code)
