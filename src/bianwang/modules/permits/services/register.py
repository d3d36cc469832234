"""A job is entered, and changed until it is applied for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.permits import checks, levels, standard
from bianwang.modules.permits.models import Permit
from bianwang.modules.permits.services import signals
from bianwang.modules.permits.services.clock import settle
from bianwang.modules.permits.services.numbers import take
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Party, Zone
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.errors import Conflict

FIELDS = (
    "place",
    "longitude",
    "latitude",
    "content",
    "contractor",
    "workers",
    "guard",
    "base_level",
    "measure",
    "day_only",
    "is_large_space",
    "is_oxygen_rich",
    "is_explosive_area",
    "isolations",
    "parent",
    "planned_start",
    "planned_end",
)
"""Columns that the applicant fills in."""


@transaction.atomic
def register(user: User, zone: Zone, kind: str, values: Mapping[str, Any]) -> Permit:
    """Enter a job in a zone; `values` are columns of `FIELDS`. Its signals begin to exist, at 0.

    Raises PermissionDenied or Http404 (access door), ValidationError.
    """
    access.check(user, Zone, zone.pk, "permits.apply")
    Party.objects.select_for_update().get(pk=zone.owner_id)
    moment = now()
    settle(zone.owner_id, moment)
    permit = Permit(owner_id=zone.owner_id, zone=zone, kind=kind, created_by=user)
    _fill(permit, values)
    year = permit.planned_start.astimezone(SHANGHAI).year
    permit.number = take(permit.owner_id, kind, permit.kind_row.name, year)
    permit.due_at = permit.planned_start
    workflow.start(
        permit,
        by=user,
        verb="permits.register",
        changes={"kind": (None, permit.title), "zone": (None, zone.name), "content": (None, permit.content)},
    )
    for quantity in permit.kind_row.signals:
        signals.signal_of(permit, quantity)
    signals.refresh(permit, moment)
    return permit


@transaction.atomic
def change(permit: Permit, user: User, values: Mapping[str, Any]) -> bool:
    """Correct a job before it is applied for; False if nothing differs. Raises ValidationError, Conflict."""
    access.check(user, Permit, permit.pk, "permits.apply")
    fresh = Permit.objects.select_for_update().select_related("zone").get(pk=permit.pk)
    if fresh.state not in {"draft", "analysed"}:
        raise Conflict(f"作业票“{fresh.number}”现为“{fresh.state_row.name}”，不能再修改。")
    old = {name: getattr(fresh, name) for name in (*FIELDS, "level")}
    _fill(fresh, values)
    changes = {name: (before, getattr(fresh, name)) for name, before in old.items() if before != getattr(fresh, name)}
    if not changes:
        return False
    fresh.due_at = fresh.planned_start
    fresh.save(update_fields=[*changes, "due_at"])
    told = {name: (_plain(before), _plain(after)) for name, (before, after) in changes.items()}
    record("permits.change", fresh, owner=fresh.owner_id, changes=told)
    return True


def _fill(permit: Permit, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(permit, name, value)
    kind = standard.work_type(permit.kind, levels.day_of(permit.planned_start))
    if permit.planned_end <= permit.planned_start:
        raise ValidationError({"planned_end": "计划结束须晚于计划开始。"})
    try:
        permit.base_level = levels.base_level(kind, permit.base_level, permit.measure)
    except ValueError as error:
        raise ValidationError({"base_level" if kind.level_by == "chosen" else "measure": str(error)}) from error
    permit.level = levels.level_for(
        kind, permit.base_level, permit.planned_start, permit.planned_end, day_only=permit.day_only
    )
    _check(permit)


def _check(permit: Permit) -> None:
    permit.clean_fields(exclude={f.name for f in Permit._meta.fields} - set(FIELDS))
    if not permit.worker_names:
        raise ValidationError({"workers": "请填写作业人，一行一人：姓名 证件名称及编号。"})
    if permit.guard.name in permit.worker_names:
        raise ValidationError({"guard": f"监护人{permit.guard.name}不能同时是作业人，请另选监护人。"})
    if not access.scope_of(permit.guard, "permits.handle").includes(permit.owner_id):
        raise ValidationError({"guard": f"{permit.guard.name}不是本单位人员或没有办理作业票的权限，请另选监护人。"})
    if (permit.longitude is None) != (permit.latitude is None):
        raise ValidationError({"latitude": "经度和纬度须一起填写，或都留空。"})
    if permit.kind_row.plates and not permit.isolations.strip():
        raise ValidationError({"isolations": "请逐块填写盲板：位置、介质、规格。"})
    parent = permit.parent
    if parent is not None and (parent.owner_id != permit.owner_id or parent.kind not in permit.kind_row.follows):
        raise ValidationError({"parent": "随同的作业票须是本单位的动火或受限空间作业票。"})
    if sentence := checks.too_long(permit):
        raise ValidationError({"planned_end": sentence})


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
