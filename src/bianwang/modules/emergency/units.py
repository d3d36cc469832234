"""Whose an event is: the town where it happened, else the bureau."""

from __future__ import annotations

from django.db.models import QuerySet

from bianwang.platform.places.models import Organisation, Territory

_Level = Organisation.Level


def bureau() -> Organisation:
    """The bureau."""
    return Organisation.objects.get(level=_Level.BUREAU)


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
