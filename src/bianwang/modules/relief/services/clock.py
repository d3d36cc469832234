"""What time itself does: who does not act in time is reported upwards, step by step."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from bianwang.modules.relief.models import Claim
from bianwang.modules.relief.workflow import TIMED
from bianwang.platform.clock import now
from bianwang.platform.jobs.services import each
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow.queries import limit
from bianwang.platform.workflow.services import advance

_AT_ONCE = 200
_TO_WHOM = {1: "relief.programme", 2: "relief.decide"}
"""Who is told at each level of escalation."""


def escalate_overdue() -> None:
    """Tell the relief office once when a time limit has passed, and the leaders once when it has passed for days."""
    moment = now()
    long_ago = moment - timedelta(days=int(limit("relief.escalate").value))
    wanted = Q(escalation=0, due_at__lt=moment) | Q(escalation=1, due_at__lt=long_ago)
    rows = Claim.objects.filter(wanted, state__in=TIMED).select_related("programme", "owner").order_by("due_at")
    each(list(rows[:_AT_ONCE]), _escalate)


@transaction.atomic
def _escalate(claim: Claim) -> None:
    level = claim.escalation + 1
    advance(claim, "escalate", None, fields={"escalation": level})
    todo.open_for(
        claim,
        title=f"救助逾期未办（{claim.state_row.name}）：{claim}",
        url=claim.get_absolute_url(),
        owner=claim.owner_id,
        permission=_TO_WHOM[level],
        due_at=claim.due_at,
    )
