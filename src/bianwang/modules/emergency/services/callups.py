"""Resources are called to an event, arrive and come back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.emergency.models import CallUp, Event, Resource, Task
from bianwang.modules.emergency.nearest import distance_km
from bianwang.modules.emergency.services.tasks import give_task
from bianwang.modules.emergency.units import responders
from bianwang.modules.emergency.workflow.events import LIVE
from bianwang.modules.emergency.workflow.resources import OUT
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.errors import Conflict, Refused


def is_by_phone(resource: Resource) -> bool:
    """Whether it is called by phone only: its unit cannot be given a task here."""
    return bool(resource.outside_unit) or not responders().filter(pk=resource.owner_id).exists()


@transaction.atomic
def call_up(
    user: User,
    event: Event,
    resource: Resource,
    *,
    quantity: int,
    content: str,
    place: str = "",
    answered_by: str = "",
    is_demo: bool = False,
) -> CallUp:
    """Call a resource to an event: a task for its unit, or who answered the phone.

    Raises PermissionDenied, Http404, ValidationError, Refused; Conflict for who comes second.
    """
    access.check(user, Event, event.pk, "emergency.command")
    access.check(user, Resource, resource.pk, "emergency.resources")
    # Both rows are locked, so that the event stays open and a shared resource is called to it once.
    target = Event.objects.select_for_update().get(pk=event.pk)
    if target.state not in LIVE:
        raise Refused(f"“{target}”{target.state_row.name}，不能再调用资源。")
    row = Resource.objects.select_for_update().select_related("owner").get(pk=resource.pk)
    _check(row, quantity, content, answered_by)
    _take(row, target)
    moment = now()
    task = None if is_by_phone(row) else _task(user, target, row, content, place, is_demo=is_demo)
    callup = CallUp(
        event=target,
        resource=row,
        owner_id=row.owner_id,
        task=task,
        quantity=quantity,
        content=content.strip(),
        answered_by=answered_by.strip(),
        distance=_distance(target, row),
        called_by=user,
        called_at=moment,
        is_demo=is_demo,
    )
    callup.clean_fields(exclude={"state", "state_since"})
    changes = {"resource": (None, row.name), "quantity": (None, quantity), "answered_by": (None, callup.answered_by)}
    workflow.start(callup, by=user, verb="emergency.callup", changes=changes)
    return callup


def note_arrival(callup: CallUp, user: User, step: str, at: datetime | None = None, reason: str = "") -> None:
    """It is there; `at` may lie back, when somebody enters it later. Raises ValidationError, Refused, Conflict."""
    moment = at or now()
    if not callup.called_at <= moment <= now():
        raise ValidationError({"at": "到达时间不能早于调用时间，也不能晚于现在。"})
    workflow.advance(callup, step, user, reason=reason, fields={"arrived_at": moment})


@transaction.atomic
def release(callup: CallUp, user: User, step: str, at: datetime | None = None, reason: str = "") -> None:
    """It is back and can be called again. Raises PermissionDenied, Http404, ValidationError, Refused, Conflict."""
    moment = at or now()
    if not (callup.arrived_at or callup.called_at) <= moment <= now():
        raise ValidationError({"at": "归建时间不能早于调用和到达时间，也不能晚于现在。"})
    spent = int((moment - callup.called_at).total_seconds() // 60)
    workflow.advance(callup, step, user, reason=reason, fields={"released_at": moment, "minutes": spent})
    resource = Resource.objects.get(pk=callup.resource_id)
    if not resource.kind_row.shared:
        workflow.advance(resource, "free", None, fields={"state_note": ""})


@transaction.atomic
def release_all(user: User, callups: list[CallUp]) -> int:
    """What is still out of these is back; returns how many. Raises PermissionDenied, Http404, Conflict."""
    rows = [row for row in callups if row.state in OUT]
    for row in rows:
        release(row, user, "enter_release")
    return len(rows)


def _check(row: Resource, quantity: int, content: str, answered_by: str) -> None:
    errors: dict[str, str] = {}
    if not 1 <= quantity <= max(row.quantity, 1):
        errors["quantity"] = f"请填 1 至 {max(row.quantity, 1)} {row.kind_row.unit}。"
    if not content.strip():
        errors["content"] = "请写明任务内容。"
    if is_by_phone(row) and not answered_by.strip():
        errors["answered_by"] = f"“{row.unit_name}”在平台上收不到任务，请先电话通知，并写明谁接的电话。"
    if errors:
        raise ValidationError(errors)


def _take(row: Resource, event: Event) -> None:
    """The resource is out now; one that serves several events is not called to the same twice."""
    if not row.kind_row.shared:
        workflow.advance(row, "call", None, fields={"state_note": str(event)})
    elif row.state != "available":
        raise Refused(f"“{row}”现为“{row.state_row.name}”，不能调用。")
    elif CallUp.objects.filter(event=event, resource=row, released_at=None).exists():
        raise Conflict(f"“{row}”已调用到“{event}”，还没有归建，不必再调用。")


def _task(user: User, event: Event, row: Resource, content: str, place: str, *, is_demo: bool) -> Task:
    [task] = give_task(user, event, [row.owner], f"调用{row.name}：{content.strip()}", place, is_demo=is_demo)
    return task


def _distance(event: Event, row: Resource) -> Decimal | None:
    if event.longitude is None or event.latitude is None or row.longitude is None or row.latitude is None:
        return None
    km = distance_km(event.longitude, event.latitude, row.longitude, row.latitude)
    return Decimal(str(round(km, 1)))
