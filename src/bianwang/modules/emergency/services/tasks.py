"""Tasks are given to units, signed for and answered."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.emergency.models import Event, Task
from bianwang.modules.emergency.workflow.events import LIVE
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.places.models import Party
from bianwang.platform.workflow import queries as limits, services as workflow
from bianwang.platform.workflow.errors import Refused


@transaction.atomic
def give_task(
    user: User, event: Event, units: Iterable[Party], content: str, place: str = "", *, is_demo: bool = False
) -> list[Task]:
    """Give every unit the task; the limit to sign it begins now. Raises PermissionDenied, Http404, Refused."""
    access.check(user, Event, event.pk, "emergency.command")
    # Locked, so that nobody closes the event while a task goes out.
    target = Event.objects.select_for_update().get(pk=event.pk)
    if target.state not in LIVE:
        raise Refused(f"“{target}”{target.state_row.name}，不能再下达任务。")
    chosen = list(units)
    if not chosen:
        raise ValidationError({"units": "请选择承担单位。"})
    moment = now()
    due = limits.deadline(limits.limit(f"emergency.ack.{event.kind}", event.day), moment)
    found = []
    for unit in chosen:
        task = Task(
            event=event,
            owner_id=unit.pk,
            content=content.strip(),
            place=place.strip(),
            sent_by=user,
            sent_at=moment,
            sign_by=due,
            due_at=due,
            is_demo=is_demo,
        )
        workflow.start(task, by=user, verb="emergency.task_give", changes={"content": (None, task.content)})
        found.append(task)
    return found


def sign_task(task: Task, user: User, reason: str = "") -> None:
    """The unit has it. Raises PermissionDenied, Http404, Refused, Conflict."""
    workflow.advance(task, "sign", user, reason=reason, fields={"signed_by": user, "signed_at": now()})


def phone_task(task: Task, user: User, reason: str) -> None:
    """A unit without an account signed by phone; `reason` says who answered. Raises Refused, Conflict."""
    workflow.advance(task, "phone", user, reason=reason, fields={"signed_by": user, "signed_at": now()})


def answer_task(task: Task, user: User, step: str, feedback: str) -> None:
    """How far it is, or that it is done. Raises PermissionDenied, Http404, Refused, Conflict."""
    workflow.advance(task, step, user, fields={"feedback": feedback.strip()})
