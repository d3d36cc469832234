"""Accidents enter the books, and their figures change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from bianwang.modules.accidents.models import Accident, Casualty, Series
from bianwang.modules.accidents.pack import grade_of, kind_choices, kind_name
from bianwang.modules.accidents.services import reports
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.files.services import attach
from bianwang.platform.places.models import Party, Territory
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.queries import deadline, limit

PREFIX = "璧事"


@transaction.atomic
def register(user: User, owner: Party, values: Mapping[str, Any], files: Iterable[Any] = ()) -> Accident:
    """Enter an accident; `values` are columns of Accident. It is graded, and the report chain starts to run.

    Raises PermissionDenied or Http404 (access door), ValidationError.
    """
    access.check(user, Party, owner.pk, "accidents.register")
    accident = Accident(owner_id=owner.pk, registered_by=user, **{"received_at": now(), **values})
    _check_times(accident)
    _check_kind(accident.kind)
    accident.loss = Decimal(accident.loss)
    accident.town = accident.town or owner.territories.filter(kind=Territory.Kind.TOWN).first()
    accident.title = accident.title or _title(accident, owner)
    accident.grade = grade_of(accident.deaths, accident.injuries, accident.loss, accident.day).code
    accident.supplement_by = _supplement_by(accident)
    accident.investigate_by = deadline(limit("accidents.investigation", accident.day), accident.occurred_at)
    accident.due_at = accident.investigate_by
    accident.number = _take(accident.day.year)
    accident.clean_fields(exclude=["state", "state_since", "closed_at"])
    told = {"title": (None, accident.title), "grade": (None, accident.grade), "deaths": (None, accident.deaths)}
    workflow.start(accident, by=user, verb="accidents.register", changes=told)
    for file in files:
        attach(accident, file, user=user, label="scene")
    reports.owe(accident)
    if accident.source == Accident.Source.ENTERPRISE:
        reports.enterprise_reported(accident, user)
    return accident


@transaction.atomic
def change_figures(
    accident: Accident, user: User, values: Mapping[str, Any], *, changed_at: datetime, reason: str
) -> None:
    """Deaths, serious injuries or losses are other than told: grade again, and owe supplements.

    Casualties that change after the time limit of the supplement are not of this accident any more.
    Raises ValidationError, Refused, Conflict.
    """
    new = {name: values[name] for name in ("deaths", "injuries", "loss") if values[name] != getattr(accident, name)}
    if not new:
        raise ValidationError("伤亡与损失没有变化，不必更新。")
    if not accident.occurred_at <= changed_at <= now():
        raise ValidationError({"changed_at": "变化时间不能早于事故发生，也不能晚于现在。"})
    people = bool({"deaths", "injuries"} & set(new))
    if people and changed_at > accident.supplement_by:
        last = accident.supplement_by.astimezone(SHANGHAI).date()
        raise ValidationError({"changed_at": f"伤亡变化已过补报期限（{last}），按规定不再计入本起事故。"})
    counts = {name: new.get(name, getattr(accident, name)) for name in ("deaths", "injuries", "loss")}
    grade = grade_of(day=accident.day, **counts).code
    if grade != accident.grade:
        new["grade"] = grade
    told = {"changed_at": (None, changed_at)}
    workflow.advance(accident, "change", user, reason=reason, fields=new, changes=told)
    if people:
        reports.owe_supplements(accident)
    reports.owe(accident, since=now())


@transaction.atomic
def correct(accident: Accident, user: User, values: Mapping[str, Any], reason: str) -> None:
    """Put right what was entered: title, town, place, kind, traffic, work safety, source, description."""
    new = {name: value for name, value in values.items() if getattr(accident, name) != value}
    if not new:
        raise ValidationError("没有改动，不必更正。")
    _check_kind(new.get("kind", accident.kind))
    code = reports.supplement_limit(
        new.get("kind", accident.kind), is_traffic=new.get("is_traffic", accident.is_traffic)
    )
    until = deadline(limit(code, accident.day), accident.occurred_at)
    if until != accident.supplement_by:
        new["supplement_by"] = until
    workflow.advance(accident, "correct", user, reason=reason, fields=new)


@transaction.atomic
def add_casualty(accident: Accident, user: User, values: Mapping[str, Any]) -> Casualty:
    """Enter a person; the ledger tells no name."""
    row = Casualty(accident=accident, **values)
    row.clean_fields()
    workflow.advance(accident, "casualty", user, changes={"casualty": (None, str(row))})
    row.save()
    return row


@transaction.atomic
def revoke(accident: Accident, user: User, reason: str) -> None:
    """Withdraw what was entered by mistake."""
    workflow.advance(accident, "revoke", user, reason=reason)
    reports.drop(accident)


def _check_times(accident: Accident) -> None:
    errors: dict[str, str] = {}
    known = accident.known_at or accident.occurred_at
    if accident.occurred_at > now():
        errors["occurred_at"] = "发生时间不能晚于现在。"
    elif not accident.occurred_at <= known <= now():
        errors["known_at"] = "单位负责人接报时间不能早于事故发生，也不能晚于现在。"
    elif not accident.occurred_at <= accident.received_at <= now():
        errors["received_at"] = "区局接报时间不能早于事故发生，也不能晚于现在。"
    if errors:
        raise ValidationError(errors)


def _check_kind(code: str) -> None:
    if code not in dict(kind_choices()):
        raise ValidationError({"kind": "请选择事故类别（GB 6441）。"})


def _supplement_by(accident: Accident) -> datetime:
    code = reports.supplement_limit(accident.kind, is_traffic=accident.is_traffic)
    return deadline(limit(code, accident.day), accident.occurred_at)


def _title(accident: Accident, owner: Party) -> str:
    day = accident.day
    return f"{owner.name}“{day.month}·{day.day}”{kind_name(accident.kind)}事故"[:120]


def _take(year: int) -> str:
    """The next number of a year, given again if the caller's transaction fails."""
    if not Series.objects.filter(year=year).update(last=F("last") + 1):
        Series.objects.get_or_create(year=year)
        Series.objects.filter(year=year).update(last=F("last") + 1)
    return f"{PREFIX}〔{year}〕{Series.objects.get(year=year).last}"
