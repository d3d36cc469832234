"""Who a session belongs to. Log-in itself is `sessions.begin`, the only way in."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend

from bianwang.platform.accounts.models import User


class AccountBackend(BaseBackend):
    """Finds admitted users only, so that disabling an account ends its sessions with their next request."""

    def get_user(self, user_id: int) -> User | None:
        """The user of a session, or None when the account may no longer be used."""
        return User.objects.admitted().filter(pk=user_id).first()
