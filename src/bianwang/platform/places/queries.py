"""Reads of parties and places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from bianwang.platform import access
from bianwang.platform.places.models import Enterprise, Organisation, Party, Territory
from bianwang.platform.registry import registry
from bianwang.platform.ui.search import LIMIT, Hit


def search(user: Any, text: str) -> list[Hit]:
    """Enterprises by name, pinyin, initials or credit code, then public bodies."""
    if not access.can(user, "places.view"):
        return []
    match = name_match(text)
    enterprises = access.visible(user, Enterprise, "places.view").filter(match | Q(credit_code__istartswith=text))[
        :LIMIT
    ]
    bodies = access.visible(user, Organisation, "places.view").filter(match)[:LIMIT]
    hits = [Hit(row.name, f"{row.credit_code} · {row.get_sector_display()}", party_url(row)) for row in enterprises]
    return hits + [Hit(row.name, row.get_level_display(), party_url(row)) for row in bodies]


def bureau() -> Organisation:
    """The bureau. Raises DoesNotExist before the district is loaded."""
    return Organisation.objects.get(level=Organisation.Level.BUREAU)


def name_match(text: str) -> Q:
    """Name or initials contain the text (people leave out the place that a name begins with), or pinyin begins so."""
    return Q(name__icontains=text) | Q(pinyin__startswith=text.lower()) | Q(initials__contains=text.lower())


def party_url(party: Party) -> str:
    """The page of a party of either kind."""
    name = "places:enterprise" if party.party_kind == Party.Kind.ENTERPRISE else "places:organisation"
    return reverse(name, args=[party.pk])


def count_enterprises(user: Any) -> int:
    """Enterprises in scope."""
    return enterprises(user).count()


def count_red(user: Any) -> int:
    """Enterprises of the highest risk in scope."""
    return enterprises(user).filter(risk=Enterprise.Risk.RED).count()


def enterprises(user: Any) -> QuerySet[Enterprise]:
    """Active enterprises in scope."""
    return access.visible(user, Enterprise, "places.view").filter(is_active=True)


def grades_are_kept() -> bool:
    """Whether 标准化等级 follows from certificates, so that nobody sets it by hand."""
    return "standardisation" in registry()


def places_for(user: Any, permission: str) -> QuerySet[Territory]:
    """Territories in which the user may register things: his own, or all below the district."""
    scope = access.scope_of(user, permission)
    rows = Territory.objects.exclude(kind=Territory.Kind.DISTRICT)
    return rows if scope.whole else rows.filter(pk__in=scope.territories)


def lies_in_scope(user: Any, permission: str, territories: Sequence[Territory], supervisors: Sequence[Party]) -> bool:
    """Whether a party with these territories and supervisors would be within the user's reach."""
    scope = access.scope_of(user, permission)
    return (
        scope.whole
        or any(place.pk in scope.territories for place in territories)
        or any(body.pk in scope.parties for body in supervisors)
    )
