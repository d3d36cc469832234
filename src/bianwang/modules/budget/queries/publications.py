"""What had to be published, and what was in time."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q, QuerySet

from bianwang.modules.budget.models import Publication
from bianwang.platform.clock import today
from bianwang.platform.period import Period
from bianwang.platform.workflow.queries import limit

IN_TIME = Q(published_on__lte=F("due_on"))
WAITING = Q(published_on__isnull=True)


def due(period: Period) -> QuerySet[Publication]:
    """Papers whose last day lies in a period: each is due in one year only."""
    return Publication.objects.filter(period.days("due_on"))


def overdue() -> Q:
    """Not published and too late."""
    return WAITING & Q(due_on__lt=today())


def soon() -> Q:
    """Not published, and the last day is near or over."""
    return WAITING & Q(due_on__lte=today() + timedelta(days=int(limit("budget.publish_soon").value)))


def state(row: Publication) -> tuple[str, str]:
    """How a paper stands, in a word and its colour."""
    if row.published_on is None:
        return ("逾期未公开", "red") if row.due_on < today() else ("待公开", "blue")
    return ("按期公开", "green") if row.published_on <= row.due_on else ("逾期公开", "orange")
