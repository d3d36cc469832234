"""Disasters enter the books, are put right, and withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from bianwang.modules.disasters.models import Disaster, Report, Series
from bianwang.modules.disasters.pack import kind_choices, kind_name
from bianwang.modules.disasters.services.reports import drop_open, open_report
from bianwang.modules.disasters.units import readers, towns as reporting_towns
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Organisation
from bianwang.platform.workflow.errors import Refused

PREFIX = "璧灾"
COLUMNS = ("name", "kind", "territory", "began_at", "ended_at", "description", "has_response", "event")
"""What can be put right afterwards."""


@transaction.atomic
def register(
    user: User, values: Mapping[str, Any], towns: Iterable[Organisation], *, is_demo: bool = False
) -> Disaster:
    """Enter a disaster that strikes some towns; `values` are columns. Raises PermissionDenied, ValidationError."""
    access.require(user, "disasters.register")
    moment = now()
    struck = _reporting(towns)
    disaster = Disaster(registered_by=user, registered_at=moment, is_demo=is_demo, **{"known_at": moment, **values})
    _check(disaster)
    disaster.name = disaster.name or _name(disaster)
    disaster.number = _take(disaster.day.year)
    disaster.clean_fields()
    disaster.save(force_insert=True)
    disaster.concerned.set(readers(struck))
    told = {"name": disaster.name, "kind": disaster.kind_name, "towns": "、".join(str(town) for town in struck)}
    record("disasters.register", disaster, owner=None, changes={name: (None, text) for name, text in told.items()})
    open_report(disaster, Report.Kind.INITIAL, disaster.known_at, user)
    return disaster


@transaction.atomic
def correct(disaster: Disaster, user: User, values: Mapping[str, Any], reason: str) -> None:
    """Put right what was entered. Raises PermissionDenied, Http404, ValidationError, Refused."""
    row = _open_row(disaster, user)
    changes = {
        name: (getattr(row, name), values[name])
        for name in COLUMNS
        if name in values and getattr(row, name) != values[name]
    }
    if not changes:
        raise ValidationError("没有改动，不必更正。")
    if not reason.strip():
        raise ValidationError({"reason": "请写明更正的理由。"})
    for name, (_, value) in changes.items():
        setattr(row, name, value)
    _check(row)
    row.clean_fields()
    row.save(update_fields=list(changes))
    record("disasters.correct", row, owner=None, changes=changes, reason=reason.strip())


@transaction.atomic
def revoke(disaster: Disaster, user: User, reason: str) -> None:
    """Withdraw what was entered by mistake; it stays in the books and counts nowhere."""
    row = _open_row(disaster, user)
    if not reason.strip():
        raise ValidationError({"reason": "请写明撤销的理由。"})
    before = row.get_phase_display()
    drop_open(row)
    row.phase = Disaster.Phase.REVOKED
    row.save(update_fields=["phase"])
    record(
        "disasters.revoke",
        row,
        owner=None,
        changes={"phase": (before, row.get_phase_display())},
        reason=reason.strip(),
    )


def _open_row(disaster: Disaster, user: User) -> Disaster:
    """The row, locked, if it may still be changed."""
    access.check(user, Disaster, disaster.pk, "disasters.register")
    row = Disaster.objects.select_for_update().get(pk=disaster.pk)
    if not row.is_open:
        raise Refused(f"“{row}”{row.get_phase_display()}，不能再更正或撤销。")
    return row


def _reporting(towns: Iterable[Organisation]) -> list[Organisation]:
    wanted = {town.pk for town in towns}
    found = list(reporting_towns().filter(pk__in=wanted).select_related("territory"))
    if not wanted or len(found) != len(wanted):
        raise ValidationError({"towns": "请选择受灾镇街，至少一个。"})
    return found


def _check(disaster: Disaster) -> None:
    errors: dict[str, str] = {}
    moment = now()
    if disaster.began_at > moment:
        errors["began_at"] = "发生时间不能晚于现在。"
    elif not disaster.began_at <= disaster.known_at <= moment:
        errors["known_at"] = "区局得知时间不能早于灾害发生，也不能晚于现在。"
    if disaster.ended_at and not disaster.began_at <= disaster.ended_at <= moment:
        errors["ended_at"] = "结束时间不能早于发生时间，也不能晚于现在；还没有结束的请留空。"
    if disaster.kind not in dict(kind_choices(disaster.day)):
        errors["kind"] = "请选择灾害发生当日有效的灾害种类。"
    if errors:
        raise ValidationError(errors)


def _name(disaster: Disaster) -> str:
    day = disaster.day
    return f"{disaster.territory}“{day.month}·{day.day}”{kind_name(disaster.kind)}灾害"[:120]


def _take(year: int) -> str:
    """The next number of a year, given again if the caller's transaction fails."""
    if not Series.objects.filter(year=year).update(last=F("last") + 1):
        Series.objects.get_or_create(year=year)
        Series.objects.filter(year=year).update(last=F("last") + 1)
    return f"{PREFIX}〔{year}〕{Series.objects.get(year=year).last}"
