"""To whom a warning can be passed on: towns, 管委会, departments, the villages and enterprises below them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.places.models import Enterprise, Organisation, Party, Territory

_Level = Organisation.Level


def upper_units() -> QuerySet[Organisation]:
    """Towns, 管委会 and departments in use, towns first."""
    levels = (_Level.TOWN, _Level.COMMITTEE, _Level.DEPARTMENT)
    return Organisation.objects.filter(level__in=levels, is_active=True).order_by("-level", "pinyin", "pk")


def villages(user: User, units: Iterable[Organisation]) -> list[Organisation]:
    """Villages in use below the towns among the units."""
    towns = [unit.pk for unit in units if unit.level == _Level.TOWN]
    rows = access.visible(user, Organisation, "weather.pass_on")
    return list(rows.filter(level=_Level.VILLAGE, parent__in=towns, is_active=True))


def enterprises(
    user: User, units: Iterable[Organisation], sectors: Sequence[str], risks: Sequence[str]
) -> list[Enterprise]:
    """Enterprises in use that lie in the area of one of the units."""
    governed = Territory.objects.filter(governed_by__in=[unit.pk for unit in units])
    inside = Q(pk__in=[])
    for path in governed.values_list("path", flat=True):
        inside |= Q(territories__path__startswith=path)
    here = Party.objects.filter(inside).order_by().values("pk")
    rows = access.visible(user, Enterprise, "weather.pass_on").filter(pk__in=here, is_active=True)
    rows = rows.filter(sector__in=sectors) if sectors else rows
    return list(rows.filter(risk__in=risks) if risks else rows)


def words(units: int, villages: int, enterprises: int) -> str:
    """To whom it goes, in words."""
    parts = (("镇街、管委会和部门", units, "个"), ("村社", villages, "个"), ("企业", enterprises, "家"))
    return "；".join(f"{name} {count} {unit}" for name, count, unit in parts if count)
