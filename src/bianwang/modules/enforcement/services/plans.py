"""The annual plan: drafted, approved, amended by a next version. What was approved is never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from bianwang.modules.enforcement import limits, planning, units
from bianwang.modules.enforcement.ceilings import Made
from bianwang.modules.enforcement.models import Draw, Plan, PlanItem, PlanOfficer, PlanRemoval
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Enterprise, Party
from bianwang.platform.workflow.errors import Conflict

_State = Plan.State
_COPIED = (
    "owner_id",
    "year",
    "statutory_days",
    "people",
    "other_days",
    "other_note",
    "non_days",
    "non_note",
    "is_demo",
)
_ITEM = ("enterprise_id", "kind", "month", "times", "days", "draw_id", "officers")
_LEAST_OFFICERS = 2


@transaction.atomic
def create(user: User, owner: Party, values: Mapping[str, Any], officers: Iterable[User]) -> Plan:
    """Begin the plan of a year; `values` are columns of Plan. Raises ValidationError if the year has one."""
    access.check(user, Party, owner.pk, "enforcement.plan")
    versions = Plan.objects.filter(owner=owner, year=values["year"])
    if versions.exclude(state=_State.DISCARDED).exists():
        raise ValidationError({"year": f"{values['year']}年度已有检查计划，请打开它；已批准的用“调整计划”。"})
    number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
    plan = Plan(owner=owner, number=number, made_by=user, made_at=now(), **values)
    _save_checked(plan)
    _set_officers(plan, officers)
    told = {"year": (None, plan.year), "监督检查工作日": (None, plan.workdays.lines()[-1][1])}
    record("enforcement.plan", plan, owner=owner.pk, changes=told)
    return plan


@transaction.atomic
def change(plan: Plan, user: User, values: Mapping[str, Any], officers: Iterable[User]) -> Plan:
    """Change the arithmetic and the officers of a draft."""
    fresh = _draft(plan, user)
    before = {name: getattr(fresh, name) for name in values}
    for name, value in values.items():
        setattr(fresh, name, value)
    _save_checked(fresh)
    names = _set_officers(fresh, officers)
    changes = {name: (before[name], value) for name, value in values.items() if before[name] != value}
    if names[0] != names[1]:
        changes["执法人员"] = names
    if changes:
        record("enforcement.change_plan", fresh, owner=fresh.owner_id, changes=changes)
    return fresh


@transaction.atomic
def add_items(
    plan: Plan,
    user: User,
    enterprises: Sequence[Enterprise],
    values: Mapping[str, Any],
    *,
    draw: Draw | None = None,
    pairs: Mapping[int, str] | None = None,
) -> list[PlanItem]:
    """Put enterprises into a draft. `values` are kind, month, times, days; `pairs` the drawn officers by enterprise.

    Raises ValidationError for one that is in it already, or whose year would go beyond its ceiling.
    """
    fresh = _draft(plan, user)
    present = set(fresh.items.filter(enterprise__in=enterprises).values_list("enterprise__name", flat=True))
    if present:
        raise ValidationError({"enterprises": f"计划中已有：{'、'.join(sorted(present))}，请不要重复选择。"})
    refused = over_frequent(fresh, [(enterprise, values["times"]) for enterprise in enterprises])
    if refused:
        raise ValidationError({"enterprises": list(refused.values())})
    words = pairs or {}
    made = [
        PlanItem(plan=fresh, enterprise=enterprise, draw=draw, officers=words.get(enterprise.pk, ""), **values)
        for enterprise in enterprises
    ]
    for item in made:
        item.clean_fields(exclude=["plan", "enterprise", "draw"])
    PlanItem.objects.bulk_create(made)
    PlanRemoval.objects.filter(plan=fresh, enterprise__in=enterprises).delete()
    names = "、".join(enterprise.name for enterprise in enterprises)
    told = {"企业": (None, names[:1000]), "月份": (None, values["month"]), "次数": (None, values["times"])}
    record("enforcement.add_items", fresh, owner=fresh.owner_id, changes=told)
    return made


@transaction.atomic
def change_item(item: PlanItem, user: User, values: Mapping[str, Any]) -> PlanItem:
    """Change month, times or days of an enterprise in a draft."""
    fresh = _draft(item.plan, user)
    refused = over_frequent(fresh, [(item.enterprise, values["times"])])
    if refused:
        raise ValidationError({"times": list(refused.values())})
    changes = {name: (getattr(item, name), value) for name, value in values.items() if getattr(item, name) != value}
    for name, value in values.items():
        setattr(item, name, value)
    item.clean_fields(exclude=["plan", "enterprise", "draw"])
    item.save(update_fields=list(values))
    if changes:
        told = {"企业": (None, item.enterprise.name), **changes}
        record("enforcement.change_item", fresh, owner=fresh.owner_id, changes=told)
    return item


@transaction.atomic
def remove_item(item: PlanItem, user: User, reason: str) -> None:
    """Take an enterprise out of a draft. Where the version before has it, the reason is kept and must be given."""
    fresh = _draft(item.plan, user)
    reason = reason.strip()
    was_approved = (
        fresh.base_id is not None
        and PlanItem.objects.filter(plan=fresh.base_id, enterprise=item.enterprise_id).exists()
    )
    if (was_approved or item.draw_id) and not reason:
        raise ValidationError({"reason": "已批准或抽中的企业移出计划，须写明理由。"})
    if was_approved:
        PlanRemoval.objects.create(plan=fresh, enterprise_id=item.enterprise_id, reason=reason)
    name = item.enterprise.name
    item.delete()
    record("enforcement.remove_item", fresh, owner=fresh.owner_id, changes={"企业": (name, None)}, reason=reason)


@transaction.atomic
def amend(plan: Plan, user: User, reason: str) -> Plan:
    """Begin the next version from the approved one; it counts from its approval on."""
    access.check(user, Plan, plan.pk, "enforcement.plan")
    versions = _versions(plan)
    fresh = next(row for row in versions if row.pk == plan.pk)
    draft = next((row for row in versions if row.is_draft), None)
    if draft is not None:
        raise Conflict(f"已有一版草稿“{draft}”，请在它的基础上调整。")
    if fresh.state != _State.APPROVED:
        raise Conflict(f"“{fresh}”{fresh.get_state_display()}，请从现行的一版调整。")
    if not reason.strip():
        raise ValidationError({"reason": "请写明为什么调整计划。"})
    copied = {name: getattr(fresh, name) for name in _COPIED}
    number = max(row.number for row in versions) + 1
    made = Plan(base=fresh, number=number, reason=reason.strip(), made_by=user, made_at=now(), **copied)
    made.save(force_insert=True)
    people = [PlanOfficer(plan=made, user_id=row.user_id, certificate=row.certificate) for row in fresh.officers.all()]
    PlanOfficer.objects.bulk_create(people)
    rows = fresh.items.order_by("pk").values(*_ITEM)
    PlanItem.objects.bulk_create([PlanItem(plan=made, **row) for row in rows])
    record("enforcement.amend", made, owner=made.owner_id, changes={"上一版": (None, str(fresh))}, reason=made.reason)
    return made


@transaction.atomic
def discard(plan: Plan, user: User, reason: str) -> Plan:
    """Give a draft up. Its rows stay as they were, and so do its draws: what was published is not taken back."""
    fresh = _draft(plan, user)
    if not reason.strip():
        raise ValidationError({"reason": "请写明为什么废弃这份草稿。"})
    fresh.state = _State.DISCARDED
    fresh.save(update_fields=["state"])
    told = {"状态": ("草稿", "已废弃"), "企业数": (fresh.items.count(), None)}
    record("enforcement.discard", fresh, owner=fresh.owner_id, changes=told, reason=reason.strip())
    return fresh


@transaction.atomic
def approve(plan: Plan, user: User) -> Plan:
    """Put a draft in force; the version before is superseded. Raises ValidationError with everything that is wrong."""
    access.check(user, Plan, plan.pk, "enforcement.approve")
    versions = _versions(plan)
    fresh = next(row for row in versions if row.pk == plan.pk)
    if not fresh.is_draft:
        raise Conflict(f"“{fresh}”{fresh.get_state_display()}，可能已有人办过，请刷新页面。")
    found = lacks(fresh)
    if found:
        raise ValidationError(found)
    for row in versions:
        if row.state == _State.APPROVED:
            row.state = _State.SUPERSEDED
            row.save(update_fields=["state"])
    fresh.state, fresh.approved_by, fresh.approved_at = _State.APPROVED, user, now()
    fresh.save(update_fields=["state", "approved_by", "approved_at"])
    told = {"状态": ("草稿", "已批准"), "企业数": (None, fresh.items.count())}
    record("enforcement.approve", fresh, owner=fresh.owner_id, changes=told)
    return fresh


def lacks(plan: Plan) -> list[str]:
    """What a draft still needs before it can be approved."""
    items = list(plan.items.select_related("enterprise"))
    found = []
    if not items:
        found.append("计划中还没有企业。")
    if plan.officers.count() < _LEAST_OFFICERS:
        found.append("参加计划的持证执法人员不足两名。")
    scheduled, available = sum(item.times * item.days for item in items), plan.workdays.available
    if scheduled > available:
        found.append(f"已安排 {scheduled} 个工作日，超过监督检查工作日 {available} 个，请减少企业、次数或每次工作日。")
    if plan.base_id:
        before = set(PlanItem.objects.filter(plan=plan.base_id).values_list("enterprise", flat=True))
        explained = set(plan.removals.values_list("enterprise", flat=True))
        silent = planning.removed_without_reason(before, {item.enterprise_id for item in items}, explained)
        names = Enterprise.objects.filter(pk__in=silent).values_list("name", flat=True)
        found += [f"“{name}”移出计划，没有写理由。" for name in names]
    return found + list(over_frequent(plan, [(item.enterprise, item.times) for item in items]).values())


def over_frequent(plan: Plan, wanted: Sequence[tuple[Enterprise, int]]) -> dict[int, str]:
    """Enterprises whose year would go beyond the ceiling with so many planned inspections, and why. One query."""
    present = today()
    first, last = present.replace(year=plan.year, month=1, day=1), present.replace(year=plan.year, month=12, day=31)
    day = min(max(present, first), last)
    made = limits.visits_by_key((plan.owner_id, enterprise.pk, plan.year) for enterprise, _ in wanted)
    found = {}
    for enterprise, times in wanted:
        visits: list[Made] = made.get((plan.owner_id, enterprise.pk, plan.year), [])
        told = limits.refusal(enterprise, day, planned=times, visits=visits)
        if told:
            found[enterprise.pk] = told
    return found


def _draft(plan: Plan, user: User) -> Plan:
    access.check(user, Plan, plan.pk, "enforcement.plan")
    fresh = Plan.objects.select_for_update().get(pk=plan.pk)
    if not fresh.is_draft:
        raise Conflict(f"“{fresh}”{fresh.get_state_display()}，不能再改；请用“调整计划”另编一版。")
    return fresh


def _versions(plan: Plan) -> list[Plan]:
    """All versions of the plan's year, locked, so that two people cannot move them at once."""
    return list(Plan.objects.select_for_update().filter(owner=plan.owner_id, year=plan.year).order_by("number"))


def _save_checked(plan: Plan) -> None:
    plan.clean_fields(exclude=["owner", "base", "made_by", "approved_by"])
    if plan.workdays.available < 0:
        raise ValidationError({"non_days": f"监督检查工作日为负数：{plan.workdays.lines()[-1][1]}，请核对。"})
    plan.save()


def _set_officers(plan: Plan, officers: Iterable[User]) -> tuple[str, str]:
    chosen = list(units.certified().filter(pk__in=[user.pk for user in officers]))
    before = "、".join(str(row) for row in plan.officers.select_related("user").order_by("pk"))
    plan.officers.all().delete()
    rows = [PlanOfficer(plan=plan, user=user, certificate=user.certificate) for user in chosen]
    PlanOfficer.objects.bulk_create(rows)
    return before, "、".join(str(row) for row in rows)
