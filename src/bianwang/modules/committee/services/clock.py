"""What time itself does: who does not act in time is reported upwards, step by step; reminders; the day's reports."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from bianwang.modules.committee.models import Assignment, Receipt, Supervision, ZeroReport
from bianwang.modules.committee.services.notices import remind_one
from bianwang.modules.committee.workflow import PENDING
from bianwang.platform.clock import now, today
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


def remind_before_due() -> None:
    """Remind once everybody whose answer to a risk notice is due soon."""
    soon = now() + timedelta(hours=int(limit("committee.remind").value))
    rows = Receipt.objects.filter(state__in=("delivered", "read"), due_at__lt=soon, reminders=0)
    each(list(rows.select_related("notice", "unit").order_by("due_at")[:_AT_ONCE]), remind_one)


def ask_for_reports() -> None:
    """Put the day's reports of key periods on the units' lists of duties."""
    rows = ZeroReport.objects.filter(day__lte=today(), asked_at__isnull=True, reported_at__isnull=True)
    each(list(rows.select_related("period", "unit").order_by("day")[:_AT_ONCE]), _ask)


@transaction.atomic
def _ask(row: ZeroReport) -> None:
    if ZeroReport.objects.filter(pk=row.pk, asked_at__isnull=True, reported_at__isnull=True).update(asked_at=now()):
        todo.open_for(
            row,
            title=f"零报告：{row}",
            url=row.get_absolute_url(),
            owner=row.unit_id,
            permission="committee.answer",
            due_at=row.due_at,
        )
