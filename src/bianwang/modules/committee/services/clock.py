"""What time itself does to the committee's papers: who does not act in time is reported upwards, step by step."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from bianwang.modules.committee.models import Assignment, Supervision
from bianwang.modules.committee.workflow import PENDING
from bianwang.platform.clock import now
from bianwang.platform.jobs.services import each
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow.queries import limit
from bianwang.platform.workflow.services import advance

_AT_ONCE = 200
_TO_WHOM = {1: "committee.assign", 2: "committee.decide"}
"""Who is told at each level of escalation."""


def escalate_overdue() -> None:
    """Tell the office once when a time limit has passed, and the leaders once when it has passed for days."""
    moment = now()
    long_ago = moment - timedelta(days=int(limit("committee.escalate").value))
    first = Q(escalation=0, due_at__lt=moment)
    second = Q(escalation=1, due_at__lt=long_ago)
    for model, related in ((Assignment, ("task", "unit")), (Supervision, ("unit",))):
        rows: Any = model._default_manager.filter(first | second, state__in=PENDING).select_related(*related)
        each(list(rows.order_by("due_at")[:_AT_ONCE]), _escalate)


@transaction.atomic
def _escalate(row: Assignment | Supervision) -> None:
    level = row.escalation + 1
    advance(row, "escalate", None, fields={"escalation": level})
    todo.open_for(
        row,
        title=f"逾期未办：{row}",
        url=row.get_absolute_url(),
        owner=row.unit_id,
        permission=_TO_WHOM[level],
        due_at=row.due_at,
    )
