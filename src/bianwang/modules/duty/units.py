"""The units that keep a duty, and whether somebody works at one of them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from bianwang.platform import access
from bianwang.platform.places.models import Organisation

_Level = Organisation.Level
LEVELS = (_Level.BUREAU, _Level.SUBORDINATE, _Level.COMMITTEE, _Level.DEPARTMENT, _Level.TOWN)


def units(user: Any, permission: str) -> QuerySet[Organisation]:
    """Units in which the user may use a permission."""
    rows = access.visible(user, Organisation, permission).filter(level__in=LEVELS, is_active=True)
    return rows.order_by("level", "pinyin", "pk")


def choices(user: Any) -> list[tuple[int, str]]:
    """Units in the user's scope, for filters."""
    return list(units(user, "duty.view").values_list("pk", "name"))
