"""Plans of patrol, and the rounds that the loop makes of them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.patrol import drawing, queries, schedule
from bianwang.modules.patrol.models import Look, Plan, Round
from bianwang.modules.patrol.services.rounds import call
from bianwang.modules.sensing.models import Camera
from bianwang.platform import access, roles
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.jobs.services import each
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Organisation
from bianwang.platform.workflow import services as workflow

MANY = ("enterprises", "zones", "people")
"""What a plan names several of."""
_BACK_DAYS = 1
"""How many days back rounds are still made, when the loop did not run."""


@transaction.atomic
def save_plan(user: User, plan: Plan, values: Mapping[str, Any]) -> Plan:
    """Enter or change a plan; `values` are its columns and `MANY`. The form offers only what the user may choose.

    Raises PermissionDenied, Http404, ValidationError.
    """
    is_new = plan.pk is None
    if not is_new:
        access.check(user, Plan, plan.pk, "patrol.plan")
    unit: Organisation = values["unit"] if is_new else plan.unit.organisation
    access.check(user, Organisation, unit.pk, "patrol.plan")
    if not (values["enterprises"] or values["zones"] or values.get("town")):
        raise ValidationError("请选择要巡检的企业、区域，或整个镇街。")
    if unit.level not in roles.HELD_AT[values["role"]]:
        raise ValidationError({"role": f"“{unit}”没有{roles.NAMES[values['role']]}，请选择本单位的角色。"})
    before = {} if is_new else _told(plan)
    for name, value in values.items():
        if name not in MANY:
            setattr(plan, name, value)
    if is_new:
        plan.made_by, plan.since = user, now()
    plan.clean_fields(exclude=["made_by", "since", "unit"])
    plan.save()
    for name in MANY:
        getattr(plan, name).set(values[name])
    after = _told(plan)
    changes = {name: (before.get(name), after[name]) for name in after if before.get(name) != after[name]}
    record("patrol.plan_create" if is_new else "patrol.plan_change", plan, owner=plan.unit_id, changes=changes)
    return plan


@transaction.atomic
def switch_plan(plan: Plan, user: User, active: bool, reason: str) -> None:
    """Stop or resume a plan. Rounds that exist stay."""
    access.check(user, Plan, plan.pk, "patrol.plan")
    if plan.is_active == active:
        return
    plan.is_active = active
    plan.since = now() if active else plan.since
    plan.save(update_fields=["is_active", "since"])
    record("patrol.plan_switch", plan, owner=plan.unit_id, changes={"is_active": (not active, active)}, reason=reason)


def make_rounds(day: date | None = None) -> None:
    """Make the rounds that begin on a day (default: today) and are not made yet; also those of the day before."""
    last = day or today()
    days = [last - timedelta(days=back) for back in range(_BACK_DAYS, -1, -1)]
    each(list(Plan.objects.filter(is_active=True).select_related("unit")), lambda plan: _make_due(plan, days))


def make_round(plan: Plan, starts_at: datetime, ends_at: datetime, seed: str = "") -> Round | None:
    """One round with its cameras, drawn where only a share is looked at; None where the plan has no camera."""
    cameras = {row.pk: row for row in queries.cameras_of(plan)}
    if not cameras:
        return None
    seed = seed or secrets.token_hex(8)
    drawn = drawing.draw(seed, list(cameras), plan.share)
    made = Round(
        plan=plan,
        unit_id=plan.unit_id,
        starts_at=starts_at,
        ends_at=ends_at,
        due_at=ends_at,
        role=plan.role,
        assignee=_whose_turn(plan),
        method=drawing.METHOD,
        seed=seed,
        share=plan.share,
        candidates=json.dumps(sorted(cameras)),
        is_demo=plan.is_demo,
    )
    told = {"摄像机": (None, len(drawn)), "seed": (None, seed)}
    with transaction.atomic():
        workflow.start(made, verb="patrol.round", changes=told)
        if made.assignee is not None:
            call(made, made.assignee)
        chosen = [camera for pk, camera in cameras.items() if pk in drawn]
        Look.objects.bulk_create(_look(made, camera, place) for place, camera in enumerate(chosen, 1))
    return made


def _make_due(plan: Plan, days: Sequence[date]) -> None:
    windows = schedule.parse(plan.windows)
    for day in days:
        if day < plan.valid_from or (plan.valid_to is not None and day > plan.valid_to):
            continue
        weekly = plan.every == Plan.Every.WEEK
        for starts_at, ends_at in schedule.turns(day, weekly=weekly, weekdays=plan.weekdays, windows=windows):
            if ends_at > plan.since and not plan.rounds.filter(starts_at=starts_at).exists():
                make_round(plan, starts_at, ends_at)


def _whose_turn(plan: Plan) -> User | None:
    """Of those named, the next one: they take turns."""
    people = list(plan.people.order_by("pk"))
    return people[plan.rounds.count() % len(people)] if people else None


def _look(made: Round, camera: Camera, position: int) -> Look:
    return Look(round=made, camera=camera, owner_id=camera.owner_id, position=position, is_demo=made.is_demo)


def _told(plan: Plan) -> dict[str, str]:
    """What the ledger keeps of a plan."""
    names = ("name", "unit", "town", "share", "every", "weekdays", "windows", "role", "valid_from", "valid_to")
    told = {name: str(getattr(plan, name) or "") for name in names}
    return told | {name: "、".join(str(row) for row in getattr(plan, name).all()) for name in MANY}
