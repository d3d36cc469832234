"""Plans are drafted, issued, filed, assessed again and repealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.emergency.models import Plan, PlanKind
from bianwang.modules.emergency.pack.events import class_choices, plan_term
from bianwang.modules.emergency.workflow.plans import IN_FORCE
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.files.services import attach
from bianwang.platform.ledger.services import record
from bianwang.platform.places.queries import bureau
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.errors import Refused

PLAN_COLUMNS = ("title", "headquarters", "level", "version", "replaces")


@transaction.atomic
def draft_plan(
    user: User, values: Mapping[str, Any], kinds: Iterable[str], files: Iterable[Any] = (), *, is_demo: bool = False
) -> Plan:
    """Begin a plan. Raises PermissionDenied, ValidationError."""
    access.require(user, "emergency.prepare")
    plan = Plan(owner=bureau(), is_demo=is_demo, **values)
    chosen = _checked(plan, kinds)
    workflow.start(plan, by=user, verb="emergency.plan_draft", changes={"title": (None, plan.title)})
    PlanKind.objects.bulk_create([PlanKind(plan=plan, kind=kind) for kind in chosen])
    for file in files:
        attach(plan, file, user=user, label="预案文本")
    return plan


@transaction.atomic
def change_plan(
    plan: Plan, user: User, values: Mapping[str, Any], kinds: Iterable[str], files: Iterable[Any], reason: str
) -> None:
    """Put a draft right, and bring its text. Raises PermissionDenied, Http404, ValidationError, Refused."""
    access.check(user, Plan, plan.pk, "emergency.prepare")
    row = Plan.objects.select_for_update().get(pk=plan.pk)
    if row.state != "drafting":
        raise Refused(f"“{row}”{row.state_row.name}，不能再更正；要修改请退回，或编制新版本代替它。")
    before = {**{name: getattr(row, name) for name in PLAN_COLUMNS}, "kinds": row.kind_names}
    for name, value in values.items():
        setattr(row, name, value)
    chosen = _checked(row, kinds)
    row.save(update_fields=list(PLAN_COLUMNS))
    row.kinds.exclude(kind__in=chosen).delete()
    for kind in chosen:
        PlanKind.objects.get_or_create(plan=row, kind=kind)
    for file in files:
        attach(row, file, user=user, label="预案文本")
    after = {**{name: getattr(row, name) for name in PLAN_COLUMNS}, "kinds": row.kind_names}
    told = {name: (str(before[name]), str(after[name])) for name in after if before[name] != after[name]}
    record("emergency.plan_change", row, owner=row.owner_id, changes=told, reason=reason.strip())


@transaction.atomic
def issue_plan(plan: Plan, user: User, document: str, approved_on: date, issued_on: date) -> None:
    """It holds from now, and the plan that it replaces ends. Raises ValidationError, Refused, Conflict."""
    if not approved_on <= issued_on <= today():
        raise ValidationError({"issued_on": "发布日期不能早于批准日期，也不能晚于今天。"})
    fields = {
        "document": document.strip(),
        "approved_on": approved_on,
        "issued_on": issued_on,
        "review_on": _next_review(plan, issued_on),
    }
    workflow.advance(plan, "issue", user, fields=fields)
    old = plan.replaces
    if old and old.state in IN_FORCE:
        workflow.advance(old, "repeal", user, reason=f"由“{plan}”代替")


@transaction.atomic
def assess_plan(plan: Plan, user: User, assessed_on: date, result: str) -> None:
    """It was looked at again; the next time is counted from that day. Raises ValidationError, Refused, Conflict."""
    if plan.issued_on is None or not plan.issued_on <= assessed_on <= today():
        raise ValidationError({"assessed_on": "评估日期不能早于发布日期，也不能晚于今天。"})
    changes = {"assessed_on": (None, assessed_on.isoformat())}
    fields = {"review_on": _next_review(plan, assessed_on)}
    workflow.advance(plan, "assess", user, reason=result, fields=fields, changes=changes)


def _next_review(plan: Plan, day: date) -> date:
    """So many years later by the district's table; from the 29th of February the 28th."""
    years = plan_term(plan.kinds.values_list("kind", flat=True), day).years
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _checked(plan: Plan, kinds: Iterable[str]) -> list[str]:
    chosen = list(dict.fromkeys(kinds))
    if not chosen or set(chosen) - set(dict(class_choices())):
        raise ValidationError({"kinds": "请至少选择一个适用的事件类别。"})
    plan.clean_fields(exclude={"state", "state_since"})
    return chosen
