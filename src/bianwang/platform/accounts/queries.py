"""Reads of accounts for pages and commands."""

from __future__ import annotations

from django.db.models import QuerySet

from bianwang.platform import roles
from bianwang.platform.accounts.models import Post, User
from bianwang.platform.config import config
from bianwang.platform.places.models import Enterprise, Party, Territory

DEMO_PASSWORD = "Qingshan-6371"  # noqa: S105 - printed in the README
"""Everybody's password in a demo instance; demo accounts are refused anywhere else."""


def users() -> QuerySet[User]:
    """All accounts with their posts: for administrators, whose permission the caller has checked."""
    return User.objects.prefetch_related("posts__party")


def demo_accounts() -> list[tuple[User, str]]:
    """Demo accounts with the post of each in words, in the order of the roles; none outside demo mode."""
    if config().mode != "demo":
        return []
    order = list(roles.NAMES)
    posts = Post.objects.filter(user__is_demo=True, user__is_active=True).select_related("user", "party")
    found: dict[int, tuple[User, str]] = {}
    for post in sorted(posts, key=lambda post: (order.index(post.role), post.user.username)):
        found.setdefault(post.user_id, (post.user, f"{post.get_role_display()} · {post.party.name}"))
    return list(found.values())


def district_name() -> str:
    """Name of the district that this instance serves; empty before `bian init`."""
    found = Territory.objects.filter(kind=Territory.Kind.DISTRICT).values_list("name", flat=True).first()
    return found or ""


def parties() -> QuerySet[Party]:
    """Parties in use at which posts can be held."""
    return Party.objects.filter(is_active=True)


def party_named(text: str) -> Party | None:
    """The one party in use with this name or credit code; None when there is none or more than one."""
    text = text.strip()
    owner = Enterprise.objects.filter(credit_code=text.upper(), is_active=True).first()
    if owner is not None:
        return owner
    found = list(parties().filter(name=text)[:2])
    return found[0] if len(found) == 1 else None
