"""Visits: entered by the unit that makes them, held against the ceiling of the enterprise; campaigns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model

from bianwang.modules.enforcement import ceilings, limits, units
from bianwang.modules.enforcement.ceilings import Made
from bianwang.modules.enforcement.limits import Key
from bianwang.modules.enforcement.models import Campaign, Plan, PlanItem, Visit, VisitHazard, VisitOfficer
from bianwang.modules.hazards.models import Hazard
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ledger.services import draft, record
from bianwang.platform.places.models import Enterprise, Party
from bianwang.platform.places.queries import bureau
from bianwang.platform.workflow.errors import Conflict

Person = tuple[str, str]
"""Name and certificate number, "" without one."""

_State, _Kind = Visit.State, Visit.Kind
_LEAST_OFFICERS = 2


@transaction.atomic
def record_visit(
    user: User,
    unit: Party,
    enterprise: Enterprise,
    values: Mapping[str, Any],
    people: Sequence[Person],
    *,
    is_demo: bool = False,
) -> Visit:
    """Enter a visit that was made, or plan one; `values` are columns of Visit.

    One that was made beyond the ceiling is kept and waits for approval; one that is planned beyond it is refused.
    Raises PermissionDenied or Http404 (access door), ValidationError.
    """
    _may_report(user, unit, enterprise)
    visit = Visit(unit_id=unit.pk, enterprise=enterprise, made_by=user, made_at=now(), is_demo=is_demo)
    visit.scope = scope_of(unit, enterprise)
    before = _apply(visit, values, people)
    record("enforcement.visit", visit, owner=unit.pk, changes=_changes(before, visit, people))
    _settle(visit)
    return visit


@transaction.atomic
def change_visit(visit: Visit, user: User, values: Mapping[str, Any], people: Sequence[Person]) -> Visit:
    """Correct or complete a visit."""
    access.check(user, Visit, visit.pk, "enforcement.report")
    fresh = Visit.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=visit.pk)
    if fresh.state == _State.VOID:
        raise Conflict("这次检查已作废，不能再改。")
    old_key, old_recheck = _key(fresh), fresh.recheck_of_id
    told = people_words((row.name, row.certificate) for row in fresh.officers.all())
    before = _apply(fresh, values, people)
    changes = _changes(before, fresh, people, told)
    if changes:
        record("enforcement.change_visit", fresh, owner=fresh.unit_id, changes=changes)
    _settle(fresh, old_key, old_recheck)
    return fresh


@transaction.atomic
def void(visit: Visit, user: User, reason: str) -> None:
    """Take a visit that was entered by mistake out of all figures; its row and the reason stay."""
    access.check(user, Visit, visit.pk, "enforcement.report")
    if not reason.strip():
        raise ValidationError({"reason": "请写明作废的理由。"})
    fresh = Visit.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=visit.pk)
    if fresh.state == _State.VOID:
        raise Conflict("这次检查已经作废。")
    told = {"state": (fresh.get_state_display(), "已作废")}
    fresh.state, fresh.is_over = _State.VOID, False
    fresh.save(update_fields=["state", "is_over"])
    record("enforcement.void", fresh, owner=fresh.unit_id, changes=told, reason=reason.strip())
    _settle(fresh)


@transaction.atomic
def approve_over(visit: Visit, user: User, note: str) -> None:
    """Approve afterwards that a visit was made beyond the ceiling, with the reason."""
    access.check(user, Visit, visit.pk, "enforcement.exceed")
    if not note.strip():
        raise ValidationError({"note": "请写明超频次检查的必要性。"})
    fresh = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if not fresh.is_over or fresh.over_at:
        raise Conflict("这次检查没有待审批的超频次，可能已有人办过，请刷新页面。")
    fresh.over_note, fresh.over_by, fresh.over_at = note.strip(), user, now()
    fresh.save(update_fields=["over_note", "over_by", "over_at"])
    record("enforcement.exceed", fresh, owner=fresh.unit_id, changes={"超频次": ("待审批", "已审批")}, reason=note)


@transaction.atomic
def note_hazards(visit: Visit, user: User, hazards: Sequence[Hazard]) -> None:
    """Keep which hazards were found at a visit."""
    access.check(user, Visit, visit.pk, "enforcement.report")
    VisitHazard.objects.bulk_create([VisitHazard(visit=visit, hazard=hazard) for hazard in hazards])
    if hazards:
        told = {"发现的隐患": (None, "、".join(hazard.number for hazard in hazards))}
        record("enforcement.found", visit, owner=visit.unit_id, changes=told)


@transaction.atomic
def save_campaign(campaign: Campaign, user: User, values: Mapping[str, Any]) -> Campaign:
    """Open or change a campaign. Raises ValidationError."""
    is_new = campaign.pk is None
    if is_new:
        campaign.owner_id = bureau().pk
    access.check(user, Party, campaign.owner_id, "enforcement.campaign")
    before = {} if is_new else {name: getattr(campaign, name) for name in values}
    for name, value in values.items():
        setattr(campaign, name, value)
    if campaign.last_day < campaign.first_day:
        raise ValidationError({"last_day": "结束日期不能早于开始日期。"})
    campaign.full_clean(exclude=["owner"])
    campaign.save()
    changes = {name: (before.get(name), value) for name, value in values.items() if before.get(name) != value}
    if changes:
        record("enforcement.campaign", campaign, owner=campaign.owner_id, changes=changes)
    return campaign


def scope_of(unit: Party, enterprise: Enterprise) -> str:
    """直管: the bureau's own visit to an enterprise that it supervises directly."""
    is_direct = enterprise.is_direct and units.is_bureau(unit)
    return Visit.Scope.DIRECT if is_direct else Visit.Scope.DISTRICT


def faults(visit: Visit, people: Sequence[Person], on: date) -> dict[str, str]:
    """What is wrong with a visit in itself, by field; also what an import checks each row with."""
    found = {}
    if visit.state == _State.DONE and visit.date > on:
        found["date"] = "已完成的检查，日期不能晚于今天；尚未检查的请选“未完成”。"
    numbers = {certificate for _, certificate in people if certificate}
    if visit.is_statutory and len(numbers) < _LEAST_OFFICERS:
        found["people"] = "执法检查须有至少两名执法人员，并写明各自的执法证号。"
    if visit.is_statutory and visit.kind == _Kind.SELF:
        found["is_statutory"] = "企业自查不是执法检查。"
    if visit.is_filed and visit.state != _State.DONE:
        found["is_filed"] = "尚未完成的检查不能立案。"
    if visit.kind == _Kind.CAMPAIGN and visit.campaign is None:
        found["campaign"] = "专项检查须选择所属的专项行动。"
    campaign = visit.campaign
    if campaign and not campaign.first_day <= visit.date <= campaign.last_day:
        found["campaign"] = f"“{campaign}”从 {campaign.first_day} 至 {campaign.last_day}，不含 {visit.date}。"
    if visit.recheck_by and visit.recheck_by < visit.date:
        found["recheck_by"] = "应复查日期不能早于检查日期。"
    return found | _recheck_faults(visit)


def people_words(people: Iterable[Person]) -> str:
    """Names with their certificates in one line."""
    return "；".join(f"{name} {certificate}".strip() for name, certificate in people)


def reflag(keys: Iterable[Key]) -> None:
    """Flag the visits that were made beyond the ceiling, in the order of their dates, and unflag the others."""
    wanted = set(keys)
    if not wanted:
        return
    enterprises = Enterprise.objects.in_bulk({enterprise for _, enterprise, _ in wanted})
    flagged: set[int] = set()
    every: set[int] = set()
    for (_, enterprise, _), rows in limits.visits_by_key(wanted, done_only=True).items():
        ceiling = limits.ceiling_of(enterprises[enterprise], rows[-1].day)
        every |= {row.key for row in rows}
        flagged |= ceilings.over(ceiling, rows) if ceiling else set()
    changed = list(Visit.objects.filter(pk__in=flagged, is_over=False))
    changed += Visit.objects.filter(pk__in=every - flagged, is_over=True)
    for visit in changed:
        visit.is_over = not visit.is_over
    Visit.objects.bulk_update(changed, ["is_over"])
    Entry.objects.bulk_create([_flag_entry(visit) for visit in changed])


def note_rechecks(originals: Iterable[int | None]) -> None:
    """Bring `rechecked_on` of visits in line with the rechecks that were made of them."""
    ids = {pk for pk in originals if pk}
    days: dict[int | None, date] = {}
    rows = Visit.objects.filter(recheck_of__in=ids, state=_State.DONE).order_by("-date")
    for original, day in rows.values_list("recheck_of", "date"):
        days[original] = day
    changed, entries = [], []
    for visit in Visit.objects.filter(pk__in=ids).select_related("enterprise"):
        if visit.rechecked_on != days.get(visit.pk):
            told = {"rechecked_on": (visit.rechecked_on, days.get(visit.pk))}
            visit.rechecked_on = days.get(visit.pk)
            changed.append(visit)
            entries.append(draft("enforcement.rechecked", visit, owner=visit.unit_id, changes=told))
    Visit.objects.bulk_update(changed, ["rechecked_on"])
    Entry.objects.bulk_create(entries)


def _may_report(user: User, unit: Party, enterprise: Enterprise) -> None:
    access.check(user, Party, unit.pk, "enforcement.report")
    access.check(user, Enterprise, enterprise.pk, "enforcement.report")
    if not units.units(user, "enforcement.report").filter(pk=unit.pk).exists():
        raise ValidationError({"unit": f"您不能以“{unit}”的名义报送检查，请选择本单位。"})


def _apply(visit: Visit, values: Mapping[str, Any], people: Sequence[Person]) -> dict[str, Any]:
    """Set, check and save; returns the values before."""
    before = {name: getattr(visit, name) for name in values} if visit.pk else dict.fromkeys(values)
    for name, value in values.items():
        setattr(visit, name, value)
    found = faults(visit, people, today())
    if found:
        raise ValidationError(found)
    # One enterprise at a time, so that two plans made at once cannot both fit under the ceiling.
    Enterprise.objects.select_for_update(of=("self",)).get(pk=visit.enterprise_id)
    if visit.state == _State.PLANNED:
        _check_ceiling(visit)
    visit.clean_fields(exclude=["unit", "enterprise", "made_by", "over_by", "recheck_of", "campaign"])
    visit.save()
    visit.officers.all().delete()
    VisitOfficer.objects.bulk_create([VisitOfficer(visit=visit, name=n, certificate=c) for n, c in people])
    return before


def _check_ceiling(visit: Visit) -> None:
    """Refuse to plan a visit beyond the ceiling. Raises ValidationError."""
    ceiling = limits.ceiling_of(visit.enterprise, visit.date)
    if ceiling is None or visit.kind in ceiling.exempt:
        return
    key = _key(visit)
    others = [row for row in limits.visits_by_key([key])[key] if row.key != visit.pk]
    mine = Made(visit.pk or 0, visit.date, visit.kind, f"{visit.date} 本次{visit.get_kind_display()}")
    items = PlanItem.objects.filter(plan__state=Plan.State.APPROVED, plan__owner=visit.unit_id)
    times = items.filter(plan__year=visit.date.year, enterprise=visit.enterprise_id).values_list("times", flat=True)
    told = limits.refusal(visit.enterprise, visit.date, planned=sum(times), visits=[*others, mine])
    if told:
        raise ValidationError({"date": told})


def _settle(visit: Visit, old_key: Key | None = None, old_recheck: int | None = None) -> None:
    """What follows for other visits from a change of this one."""
    reflag({_key(visit), old_key or _key(visit)})
    note_rechecks({visit.recheck_of_id, old_recheck})


def _key(visit: Visit) -> Key:
    return visit.unit_id, visit.enterprise_id, visit.date.year


def _recheck_faults(visit: Visit) -> dict[str, str]:
    earlier = visit.recheck_of
    if earlier is None:
        return {}
    if visit.kind != _Kind.RECHECK:
        return {"recheck_of": "只有类别为“复查”的检查才能对应一次原检查。"}
    is_itself = visit.pk is not None and earlier.pk == visit.pk
    if is_itself or earlier.enterprise_id != visit.enterprise_id or earlier.unit_id != visit.unit_id:
        return {"recheck_of": "复查只能对应本单位对同一企业的另一次检查。"}
    return {"recheck_of": "复查日期早于原检查日期，请核对。"} if visit.date < earlier.date else {}


def _changes(before: Mapping[str, Any], visit: Visit, people: Sequence[Person], told: str = "") -> dict[str, Any]:
    found = {
        name: (_plain(value), _plain(getattr(visit, name)))
        for name, value in before.items()
        if value != getattr(visit, name) and (value, getattr(visit, name)) not in {(None, ""), (None, False)}
    }
    now_told = people_words(people)
    return found | ({"检查人员": (told or None, now_told)} if told != now_told else {})


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Model | date) else value


def _flag_entry(visit: Visit) -> Entry:
    words = ("未超", "超频次") if visit.is_over else ("超频次", "未超")
    return draft("enforcement.flag", visit, owner=visit.unit_id, changes={"超频次": words})
