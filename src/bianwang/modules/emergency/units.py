"""Whose an event is: the town where it happened, else the bureau; and where things lie and people live."""

from __future__ import annotations

from collections import Counter

from django.db.models import QuerySet

from bianwang.platform.places.models import Organisation, Territory
from bianwang.platform.places.queries import bureau

_Level = Organisation.Level


def places() -> QuerySet[Territory]:
    """Where an event can have happened: the district or one town."""
    return Territory.objects.filter(kind__in=(Territory.Kind.DISTRICT, Territory.Kind.TOWN)).order_by("code")


def responders() -> QuerySet[Organisation]:
    """Units that can be given a task, by code."""
    levels = (_Level.TOWN, _Level.COMMITTEE, _Level.DEPARTMENT, _Level.SUBORDINATE)
    return Organisation.objects.filter(level__in=levels, is_active=True).order_by("level", "code")


def owner_of(territory: Territory) -> Organisation:
    """The town that governs a territory; the bureau for the whole district."""
    towns = Organisation.objects.filter(level=_Level.TOWN, is_active=True, territory=territory)
    return towns.order_by("code").first() or bureau()


def towns() -> QuerySet[Organisation]:
    """The towns and streets, by code."""
    return Organisation.objects.filter(level=_Level.TOWN, is_active=True).order_by("code")


def doers() -> QuerySet[Organisation]:
    """Units that can be made to do something better: the bureau and all that can be given a task."""
    return responders() | Organisation.objects.filter(level=_Level.BUREAU).order_by("level", "code")


def areas() -> QuerySet[Territory]:
    """The district, its towns and, after each, its villages."""
    kind = Territory.Kind
    return Territory.objects.filter(kind__in=(kind.DISTRICT, kind.TOWN, kind.VILLAGE)).order_by("code")


def homes() -> QuerySet[Territory]:
    """Where people live: towns and, after each, its villages."""
    return areas().exclude(kind=Territory.Kind.DISTRICT)


def named_areas() -> dict[str, Territory]:
    """Areas by name, as a sheet writes them; one village of several with a name only with its town before it."""
    rows = list(areas().select_related("parent"))
    often = Counter(row.name for row in rows)
    found = {row.name: row for row in rows if often[row.name] == 1}
    return found | {f"{row.parent.name}{row.name}": row for row in rows if row.parent}


def unknown_area(name: str) -> str:
    """What to do about a name that `named_areas` does not have."""
    return f"没有名为“{name}”的镇街或村社；有几个同名的，请在前面写上镇街，如“青杠街道石河村”。"
