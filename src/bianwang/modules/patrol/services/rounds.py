"""Walking a round, and what time itself does to it."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from bianwang.modules.patrol.models import Look, Round
from bianwang.modules.patrol.services.looks import call_second
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.jobs.services import each
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.queries import limit

_AT_ONCE = 500


def call(round_: Round, user: User) -> None:
    """Put a round on one person's list."""
    todo.open_for(
        round_,
        title=f"{round_.state_row.name}：{round_}",
        url=round_.get_absolute_url(),
        owner=round_.unit_id,
        permission="patrol.walk",
        due_at=round_.due_at,
        assignee=user,
    )


@transaction.atomic
def start(round_: Round, user: User) -> None:
    """Begin a round; whoever begins it is who finishes it."""
    workflow.advance(round_, "start", user, fields={"walked_by": user, "started_at": now()})
    call(round_, user)


def finish(round_: Round, user: User) -> None:
    """End a round whose cameras have all been looked at; after its time it is late, which stays."""
    moment = now()
    fields = {"finished_at": moment, "minutes": _minutes(round_)}
    if moment > round_.ends_at and round_.late_at is None:
        fields["late_at"] = moment
    with transaction.atomic():
        workflow.advance(round_, "finish", user, fields=fields)
        for row in round_.looks.filter(second=Look.Second.WANTED).select_related("camera"):
            call_second(row)


def cancel(round_: Round, user: User, reason: str) -> None:
    """Call off a round that nobody has begun."""
    workflow.advance(round_, "cancel", user, reason=reason)


def note_late() -> None:
    """Note once each round whose time has passed, and give up those that nobody finished in the grace after it."""
    moment = now()
    waiting = Round.objects.filter(state__in=("planned", "walking"), ends_at__lt=moment).select_related("plan")
    each(list(waiting.filter(late_at__isnull=True).order_by("ends_at")[:_AT_ONCE]), _note)
    before = moment - timedelta(hours=float(limit("patrol.grace").value))
    each(list(waiting.filter(ends_at__lt=before).order_by("ends_at")[:_AT_ONCE]), _miss)


def _note(round_: Round) -> None:
    workflow.advance(round_, "late", None, fields={"late_at": now()})


def _miss(round_: Round) -> None:
    workflow.advance(round_, "miss", None)


def _minutes(round_: Round) -> int:
    """From begin to end, at least one."""
    begun = round_.started_at or now()
    return max(1, round((now() - begun).total_seconds() / 60))
