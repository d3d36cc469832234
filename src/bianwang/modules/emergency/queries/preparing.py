"""What is read of headquarters, plans and drills, and by whom.

They are the district's. The bureau reads and opens all of them; a town reads what holds for it too: who sits in a
headquarters today, the plans in force, the drills that are not called off. Phones are masked for it there; on the
page of its own event it reads them in full.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet, Value

from bianwang.modules.emergency.models import Drill, Member, Plan
from bianwang.modules.emergency.models.headquarters import in_office
from bianwang.modules.emergency.workflow.plans import IN_FORCE
from bianwang.platform import access
from bianwang.platform.clock import today

READ, OPEN = "emergency.preparedness", "emergency.plans"
M = TypeVar("M", bound=Model)


def members(user: Any) -> QuerySet[Member]:
    """Seats of headquarters."""
    return _read(user, Member, in_office(today()))


def plans(user: Any) -> QuerySet[Plan]:
    """Plans with `may_open`, whether the user opens their pages."""
    return _read(user, Plan, Q(state__in=IN_FORCE)).annotate(may_open=Value(access.can(user, OPEN)))


def drills(user: Any) -> QuerySet[Drill]:
    """Drills with `may_open`, whether the user opens their pages."""
    return _read(user, Drill, ~Q(state="cancelled")).annotate(may_open=Value(access.can(user, OPEN)))


def may_call(user: Any) -> bool:
    """Whether phones of headquarters are shown in full at any time, not only during an event of one's own."""
    return access.scope_of(user, "emergency.phones").whole


def _read(user: Any, model: type[M], holds: Q) -> QuerySet[M]:
    if access.can(user, OPEN) or not access.can(user, READ):
        return access.visible(user, model, OPEN)
    return model._default_manager.filter(holds)
