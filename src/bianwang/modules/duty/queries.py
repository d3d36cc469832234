"""Who is on duty, and what is open: reads that others may use."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from bianwang.modules.duty.models import Contact, Handover, Matter, Person, Seat
from bianwang.modules.duty.models.people import Role
from bianwang.platform import access
from bianwang.platform.clock import now
from bianwang.platform.places.models import Party
from bianwang.platform.ui.search import LIMIT, Hit


def on_duty(unit: Party | int, moment: datetime | None = None) -> list[Seat]:
    """Who is on duty at a unit at a moment (default: now), leaders first; read from published rosters.

    Each seat brings its `person` (name, phone) and its `shift` with the post. A shift's end is not counted: at half
    past eight the next one is on duty.
    """
    rows = seats_at(moment).filter(shift__post__owner=unit.pk if isinstance(unit, Party) else unit)
    return sorted(rows, key=lambda seat: (seat.role != Role.LEADER, seat.shift.post_id, seat.pk))


def leader_on_duty(unit: Party | int, moment: datetime | None = None) -> Person | None:
    """Who leads a unit's duty at a moment (default: now); None when nobody is planned."""
    return next((seat.person for seat in on_duty(unit, moment) if seat.role == Role.LEADER), None)


def seats_at(moment: datetime | None = None) -> QuerySet[Seat]:
    """Seats of every unit in published shifts that run at a moment (default: now)."""
    at = moment or now()
    running = {"shift__starts_at__lte": at, "shift__ends_at__gt": at, "shift__roster__state": "published"}
    return Seat.objects.filter(**running).select_related("person__user", "shift__post__owner")


def late() -> Q:
    """Hand-overs that are not done though their time has passed."""
    return Q(state__in=("owed", "written"), due_at__lt=now())


def late_handover_count(user: Any) -> int:
    """Late hand-overs in the user's scope."""
    return access.visible(user, Handover, "duty.view").filter(late()).count()


def open_matter_count(user: Any) -> int:
    """Matters that go on, in the user's scope."""
    return access.visible(user, Matter, "duty.view").filter(closed_at__isnull=True).count()


def search(user: Any, text: str) -> list[Hit]:
    """People of the contact list by name, pinyin, title or unit; without their numbers."""
    if not access.can(user, "duty.view"):
        return []
    named = Q(name__icontains=text) | Q(pinyin__contains=text.lower()) | Q(initials__contains=text.lower())
    rows = access.visible(user, Contact, "duty.view").filter(named | Q(title__icontains=text) | Q(owner__name=text))
    found = rows.filter(is_active=True).select_related("owner").order_by("pinyin", "pk")[:LIMIT]
    return [Hit(row.name, f"通讯录 · {row.owner} {row.title}".rstrip(), row.get_absolute_url()) for row in found]
