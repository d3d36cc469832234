"""Calls enter the books, are dispatched, verified, answered and closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from bianwang.modules.outreach.models import Call, PetitionSeries, Series
from bianwang.modules.outreach.rewards import first
from bianwang.modules.outreach.services import identity
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.places.models import Organisation, Party, Territory
from bianwang.platform.places.queries import bureau
from bianwang.platform.workflow.queries import deadline, limit
from bianwang.platform.workflow.services import advance, start

PREFIX = "12350"

HANDLERS = (
    Organisation.Level.OFFICE,
    Organisation.Level.SUBORDINATE,
    Organisation.Level.TOWN,
    Organisation.Level.DEPARTMENT,
    Organisation.Level.COMMITTEE,
)
"""To whom a report may be dispatched."""
_OURS = ("registered_by", "handler", "state", "state_since", "verify_by", "replied_at", "closed_at")
"""Columns that nobody enters."""


@transaction.atomic
def register(user: User, values: Mapping[str, Any], person: identity.Person | None = None) -> Call:
    """Enter a call; `values` are columns of Call. A report's time limit starts to run when it was received.

    Raises PermissionDenied, ValidationError.
    """
    access.require(user, "outreach.register")
    call = Call(registered_by=user, handler=bureau(), **{"received_at": now(), **values})
    if call.received_at > now():
        raise ValidationError({"received_at": "受理时间不能晚于现在。"})
    call.town = call.town or _town_of(call.unit)
    call.verify_by = call.due_at = _verify_by(call)
    call.number = take(Series, PREFIX, call.day.year)
    call.clean_fields(
        exclude=["state", "state_since", "verify_by", "replied_at", "closed_at", "registered_by", "handler"]
    )
    told: dict[str, tuple[Any, Any]] = {"category": (None, call.get_category_display())}
    if person:
        identity.check(person, (call.summary, call.place))
        told |= identity.TOLD
    start(call, by=user, verb="outreach.register", changes=told)
    if person:
        identity.put_away(call, person)
    return call


def correct(call: Call, user: User, values: Mapping[str, Any], reason: str) -> None:
    """Put right what was entered; only a report has a time limit."""
    new = {name: value for name, value in values.items() if getattr(call, name) != value}
    if not new:
        raise ValidationError("没有改动，不必更正。")
    if new.get("category", call.category) != call.category:
        until = _limit_from(call) if new["category"] == Call.Category.REPORT else None
        new["verify_by"] = until
    advance(call, "correct", user, reason=reason, fields=new, due_at=new.get("verify_by", call.verify_by))


def dispatch(call: Call, user: User, handler: Party, reason: str = "") -> None:
    """Hand a report to an office, a town, a department or a 管委会, which then sees it."""
    if not Organisation.objects.filter(pk=handler.pk, level__in=HANDLERS, is_active=True).exists():
        raise ValidationError({"handler": "只能交办给科室、下属单位、镇街、部门或管委会。"})
    advance(call, "dispatch", user, reason=reason, fields={"handler": Party.objects.get(pk=handler.pk)})


def recall(call: Call, user: User, reason: str) -> None:
    """Take it back, to be dispatched to somebody else; the time limit stays."""
    advance(call, "recall", user, reason=reason, fields={"handler": bureau()})


def extend(call: Call, user: User, reason: str) -> None:
    """More days for the verification, once."""
    days = int(limit("outreach.verify_extension", call.day).value)
    until = (call.verify_by or now()) + timedelta(days=days)
    advance(call, "extend", user, reason=reason, fields={"extended": True, "verify_by": until}, due_at=until)


def verify(call: Call, user: User, *, outcome: str, result: str, is_filed: bool = False, case_number: str = "") -> None:
    """Enter what was found; the clock of the reply starts."""
    if outcome not in Call.Outcome.values:
        raise ValidationError({"outcome": "请选择核查结论。"})
    if not result.strip():
        raise ValidationError({"result": "请写明核查情况。"})
    if is_filed and outcome == Call.Outcome.FALSE:
        raise ValidationError({"is_filed": "举报不属实，不能登记立案。"})
    number = case_number.strip() if is_filed else ""
    fields = {"outcome": outcome, "result": result.strip(), "is_filed": is_filed, "case_number": number}
    advance(call, "verify", user, fields=fields)


def file_case(call: Call, user: User, case_number: str) -> None:
    """A case was filed later on."""
    advance(call, "case", user, fields={"is_filed": True, "case_number": case_number.strip()})


def send_back(call: Call, user: User, reason: str) -> None:
    """The verification is not good enough; its own time limit counts again."""
    fields = {"outcome": "", "is_filed": False, "case_number": ""}
    advance(call, "return", user, reason=reason, fields=fields, due_at=call.verify_by)


def reply(call: Call, user: User, text: str) -> None:
    """Tell whoever reported."""
    if not text.strip():
        raise ValidationError({"reply": "请写明答复内容；匿名举报无法答复的，写明原因。"})
    advance(call, "reply", user, fields={"reply": text.strip(), "replied_at": now()})


def finish(call: Call, user: User, text: str) -> None:
    """Answer what is no report, and be done with it."""
    if not text.strip():
        raise ValidationError({"reply": "请写明答复或处理情况。"})
    moment = now()
    advance(call, "finish", user, fields={"reply": text.strip(), "replied_at": moment, "closed_at": moment})


def close(call: Call, user: User, reason: str = "") -> None:
    """Everything is done."""
    advance(call, "close", user, reason=reason, fields={"closed_at": now()})


def revoke(call: Call, user: User, reason: str) -> None:
    """Withdraw what was entered by mistake."""
    advance(call, "revoke", user, reason=reason)


@transaction.atomic
def mark_duplicate(call: Call, user: User, other: Call) -> None:
    """Say that somebody reported the same before: only the first gets a reward."""
    if other.pk == call.pk or not other.is_report or other.duplicate_of_id is not None:
        raise ValidationError({"first": "请选择最先的那件举报。"})
    if first(((call.received_at, call.pk), (other.received_at, other.pk))) != other.pk:
        raise ValidationError({"first": f"{other.number} 比这件来得晚，请在那一件上标记。"})
    advance(call, "duplicate", user, fields={"duplicate_of": other})


def _town_of(unit: Party | None) -> Territory | None:
    return unit.territories.filter(kind=Territory.Kind.TOWN).first() if unit else None


def _verify_by(call: Call) -> Any:
    return _limit_from(call) if call.is_report else None


def _limit_from(call: Call) -> Any:
    return deadline(limit("outreach.verify", call.day), call.received_at)


def take(series: type[Series] | type[PetitionSeries], prefix: str, year: int) -> str:
    """The next number of a year, given again if the caller's transaction fails."""
    rows = series._default_manager
    if not rows.filter(year=year).update(last=F("last") + 1):
        rows.get_or_create(year=year)
        rows.filter(year=year).update(last=F("last") + 1)
    return f"{prefix}〔{year}〕{rows.get(year=year).last}"
