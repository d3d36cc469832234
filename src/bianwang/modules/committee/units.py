"""The members of the safety committee (towns, departments, 管委会), and in whose name a person answers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from bianwang.platform import access
from bianwang.platform.places.models import Organisation

__all__ = ["LEVELS", "answers_for", "choices", "members"]

_Level = Organisation.Level
LEVELS = (_Level.TOWN, _Level.COMMITTEE, _Level.DEPARTMENT)


def members() -> QuerySet[Organisation]:
    """Active members, towns first: the committee's work reaches every one of them."""
    return Organisation.objects.filter(level__in=LEVELS, is_active=True).order_by("-level", "pinyin", "pk")


def choices(user: Any) -> list[tuple[int, str]]:
    """Members in the user's scope, for filters."""
    rows = access.visible(user, Organisation).filter(level__in=LEVELS).order_by("-level", "pinyin", "pk")
    return list(rows.values_list("pk", "name"))


def answers_for(user: Any, party_id: int) -> bool:
    """Whether the user works at the party itself: a town does not answer for the enterprises in it."""
    return party_id in access.scope_of(user, "committee.answer").parties
