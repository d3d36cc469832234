"""The units that keep a duty, and whether somebody works at one of them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
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


def own_unit(user: Any, permission: str) -> Organisation:
    """The unit for which the user acts: the bureau for its people, else the town, department or 管委会 itself.

    Raises PermissionDenied for somebody who holds the permission at none.
    """
    scope = access.scope_of(user, permission)
    rows = Organisation.objects.filter(is_active=True)
    rows = rows.filter(level=_Level.BUREAU) if scope.whole else rows.filter(pk__in=scope.parties, level__in=LEVELS)
    found = rows.order_by("pk").first()
    if found is None:
        raise PermissionDenied("您的岗位不在局、镇街、部门或管委会，不能代表单位办理，请联系安全管理员。")
    return found
