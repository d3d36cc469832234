"""What is counted and found: overdue cases, search."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from bianwang.modules.penalties.models import Case
from bianwang.modules.penalties.workflow import OPEN
from bianwang.platform import access
from bianwang.platform.clock import now
from bianwang.platform.ui.search import LIMIT, Hit


def overdue() -> Q:
    """Cases one of whose limits has run out."""
    return Q(state__in=OPEN, due_at__lt=now())


def overdue_count(user: Any) -> int:
    """How many there are."""
    return access.visible(user, Case, "penalties.view").filter(overdue()).count()


def search(user: Any, text: str) -> list[Hit]:
    """Cases by number, name or respondent, the newest first."""
    match = Q(number__icontains=text) | Q(title__icontains=text) | Q(enterprise__name__icontains=text)
    rows = access.visible(user, Case, "penalties.view").filter(match).order_by("-pk")
    return [Hit(str(row), row.state_row.name, row.get_absolute_url()) for row in rows[:LIMIT]]
