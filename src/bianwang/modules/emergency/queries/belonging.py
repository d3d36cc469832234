"""What an event brings with it: the headquarters and plans of its class, and its evacuation lists.

The event was reached through the door. Its headquarters and plans are read for everybody who reads the event,
because a town that fights a fire has to know whom to call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from bianwang.modules.emergency.evacuating import Count
from bianwang.modules.emergency.models import Event, Loss, Member, Plan
from bianwang.modules.emergency.models.headquarters import in_office
from bianwang.modules.emergency.pack.events import headquarters_name, kind_of
from bianwang.modules.emergency.queries import evacuees, preparing
from bianwang.modules.emergency.queries.shelters import Stay, stays
from bianwang.modules.emergency.workflow.plans import IN_FORCE
from bianwang.platform import access


@dataclass(frozen=True)
class Belonging:
    """What stands on the page of an event."""

    headquarters: str
    headquarters_url: str
    members: list[Member]
    may_call: bool
    plans: list[Plan]
    may_open: bool
    count: Count
    stays: list[Stay]
    """Where people go."""
    base: str
    """The roll call."""
    stated: int | None
    """How many evacuated people the latest losses state."""

    @property
    def differs(self) -> bool:
        """Whether what was stated is not what the lists say."""
        return self.stated is not None and self.count.ought > 0 and self.stated != self.count.moved


def of(event: Event, user: Any, last: Loss | None) -> Belonging:
    """Everything for one event."""
    kind = kind_of(event.kind)
    code = kind.headquarters if kind else ""
    may_read = access.can(user, preparing.READ)
    plans = Plan.objects.filter(kinds__kind=event.kind, state__in=IN_FORCE).order_by("level", "-issued_on", "-pk")
    return Belonging(
        headquarters=headquarters_name(code),
        headquarters_url=reverse("emergency:headquarters", args=[code]) if may_read and code else "",
        members=list(Member.objects.filter(in_office(event.day), headquarters=code).order_by("role", "pk")),
        may_call=access.scope_of(user, "emergency.phones").includes(event.owner_id),
        plans=list(plans),
        may_open=access.can(user, preparing.OPEN),
        count=evacuees.count(evacuees.people_of(user, event)),
        stays=stays(user, event),
        base=reverse("emergency:evacuation", args=[event.pk]),
        stated=last.evacuated if last else None,
    )
