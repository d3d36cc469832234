"""The bureau, the towns that report, and whom a disaster concerns."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from bianwang.modules.disasters.models import Disaster
from bianwang.platform.places.models import Organisation, Territory

_Level = Organisation.Level


def towns() -> QuerySet[Organisation]:
    """Every town that can report (统计单位为乡镇), by code."""
    return Organisation.objects.filter(level=_Level.TOWN, is_active=True).order_by("code")


def places() -> QuerySet[Territory]:
    """Where a disaster can have happened: the district or one town."""
    return Territory.objects.filter(kind__in=(Territory.Kind.DISTRICT, Territory.Kind.TOWN)).order_by("code")


def readers(chosen: Iterable[Organisation]) -> QuerySet[Organisation]:
    """The bureau, these towns and the villages in them."""
    paths = [town.territory.path for town in chosen if town.territory]
    inside = Q(level=_Level.BUREAU) | Q(pk__in=[town.pk for town in chosen])
    for path in paths:
        inside |= Q(level=_Level.VILLAGE, territory__path__startswith=path)
    return Organisation.objects.filter(inside)


def struck(disaster: Disaster) -> QuerySet[Organisation]:
    """The towns that report on a disaster, by code."""
    return towns().filter(pk__in=disaster.concerned.order_by().values("pk"))
