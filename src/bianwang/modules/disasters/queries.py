"""Reads of disasters for others."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from bianwang.modules.disasters.models import Disaster
from bianwang.platform import access
from bianwang.platform.ui.search import LIMIT, Hit

COUNTED = Q(is_exercise=False) & ~Q(phase=Disaster.Phase.REVOKED)
"""What statistics and relief are about: no exercise, nothing entered by mistake."""


def search(user: Any, text: str) -> list[Hit]:
    """Disasters by number or name, the newest first."""
    rows = access.visible(user, Disaster, "disasters.view").filter(Q(number__icontains=text) | Q(name__icontains=text))
    return [
        Hit(str(row), f"{row.kind_name} · {row.get_phase_display()}", row.get_absolute_url())
        for row in rows.order_by("-pk")[:LIMIT]
    ]
