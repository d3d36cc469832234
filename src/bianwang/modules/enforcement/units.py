"""Which units report visits, and in whose name a person does."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.places.models import Organisation, Party
from bianwang.platform.registry import permissions

_Level = Organisation.Level
LEVELS = (_Level.BUREAU, _Level.TOWN, _Level.DEPARTMENT, _Level.COMMITTEE)
"""Authorities; offices of the bureau report as the bureau."""


def units(user: Any, permission: str) -> QuerySet[Organisation]:
    """Units in whose name the user may report: for the bureau's people all, for others their own only."""
    rows = access.visible(user, Organisation, permission).filter(is_active=True, level__in=LEVELS)
    scope = access.scope_of(user, permission)
    return rows.order_by("pinyin") if scope.whole else rows.filter(pk__in=scope.parties).order_by("pinyin")


def unit_of(user: User, permission: str = "enforcement.report") -> Organisation | None:
    """The authority for which a person works, by his first post that may report; an office is its bureau."""
    post = user.posts.filter(role__in=permissions()[permission].roles).select_related("party").order_by("pk").first()
    found = Organisation.objects.filter(pk=post.party_id).first() if post else None
    while found is not None and found.level not in LEVELS:
        found = found.parent
    return found


def is_bureau(party: Party | int) -> bool:
    """Whether a unit is the bureau itself."""
    pk = party if isinstance(party, int) else party.pk
    return Organisation.objects.filter(Q(pk=pk), level=_Level.BUREAU).exists()


def certified() -> QuerySet[User]:
    """Officers with a certificate, who alone may make an inspection of law."""
    return User.objects.admitted().exclude(certificate="").order_by("pinyin", "pk")
