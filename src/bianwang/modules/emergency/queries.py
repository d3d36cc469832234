"""Reads of events for others, and counts for tiles."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from bianwang.modules.emergency.models import Event
from bianwang.modules.emergency.workflow import LIVE
from bianwang.platform import access
from bianwang.platform.ui.search import LIMIT, Hit

COUNTED = Q(is_exercise=False) & ~Q(state__in=("merged", "revoked"))
"""What figures are about: no exercise, merged ones once, nothing entered by mistake."""
GOING_ON = Q(state__in=LIVE, is_exercise=False)
"""Events in earnest that are worked on."""


def search(user: Any, text: str) -> list[Hit]:
    """Events by number, name or place, the newest first."""
    wanted = Q(number__icontains=text) | Q(name__icontains=text) | Q(place__icontains=text)
    rows = access.visible(user, Event, "emergency.view").filter(wanted)
    return [
        Hit(str(row), f"{row.kind_name} · {row.state_row.name}", row.get_absolute_url())
        for row in rows.order_by("-pk")[:LIMIT]
    ]


def live_count(user: Any) -> int:
    """Events that are worked on, without exercises."""
    return access.visible(user, Event, "emergency.view").filter(GOING_ON).count()
