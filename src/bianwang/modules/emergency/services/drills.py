"""Drills are planned, held, evaluated, and what they showed is put right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.emergency.models import Drill, DrillItem
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.files.services import attach
from bianwang.platform.ledger.services import record
from bianwang.platform.places.queries import bureau
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.errors import Refused


@transaction.atomic
def plan_drill(user: User, values: Mapping[str, Any], *, is_demo: bool = False) -> Drill:
    """Enter a drill that is to be held. Raises PermissionDenied, ValidationError."""
    access.require(user, "emergency.prepare")
    drill = Drill(owner=bureau(), is_demo=is_demo, **values)
    if drill.event and not drill.event.is_exercise:
        raise ValidationError({"event": "只能关联登记为演练的事件。"})
    drill.clean_fields(exclude={"state", "state_since"})
    told = {"planned_on": (None, drill.planned_on.isoformat())}
    workflow.start(drill, by=user, verb="emergency.drill_plan", changes=told)
    return drill


@transaction.atomic
def hold_drill(drill: Drill, user: User, held_on: date, people: int, course: str, photos: Iterable[Any] = ()) -> None:
    """It has taken place. Raises ValidationError, Refused, Conflict."""
    if held_on > today():
        raise ValidationError({"held_on": "开展日期不能晚于今天。"})
    workflow.advance(drill, "hold", user, fields={"held_on": held_on, "people": people, "course": course.strip()})
    for photo in photos:
        attach(drill, photo, user=user, label="演练照片")


@transaction.atomic
def add_item(user: User, drill: Drill, values: Mapping[str, Any], *, is_demo: bool = False) -> DrillItem:
    """Something to put right. Raises PermissionDenied, Http404, ValidationError, Refused."""
    row = _locked(user, drill)
    item = DrillItem(drill=row, is_demo=is_demo, **values)
    item.clean_fields()
    item.save(force_insert=True)
    told = {name: (None, str(getattr(item, name))) for name in ("finding", "measure", "responsible", "due_on")}
    record("emergency.drill_item", item, owner=row.owner_id, changes=told)
    return item


@transaction.atomic
def finish_item(item: DrillItem, user: User, done_on: date, result: str) -> None:
    """It was put right. Raises PermissionDenied, Http404, ValidationError, Refused."""
    drill = _locked(user, item.drill)
    row = DrillItem.objects.select_for_update().get(pk=item.pk)
    if row.done_on:
        raise Refused(f"“{row}”已于 {row.done_on} 完成，不必再登记。")
    if done_on > today():
        raise ValidationError({"done_on": "完成日期不能晚于今天。"})
    row.done_on, row.result = done_on, result.strip()
    row.clean_fields()
    row.save(update_fields=["done_on", "result"])
    told = {"done_on": (None, done_on.isoformat()), "result": (None, row.result)}
    record("emergency.drill_item_done", row, owner=drill.owner_id, changes=told)


def _locked(user: User, drill: Drill) -> Drill:
    """The drill while something may still be found or put right."""
    access.check(user, Drill, drill.pk, "emergency.prepare")
    row = Drill.objects.select_for_update().get(pk=drill.pk)
    if row.state not in {"held", "evaluated"}:
        raise Refused(f"“{row}”{row.state_row.name}，不能登记整改事项。")
    return row
