"""What every writer of the module does: number, check, save, tell the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Model

from bianwang.modules.committee.models import Series
from bianwang.modules.committee.pack import in_force, pack
from bianwang.modules.committee.units import LEVELS
from bianwang.platform.access import owner_of
from bianwang.platform.clock import SHANGHAI, today
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Party

_END_OF_DAY = time(23, 59, 59)


def end_of(day: date) -> datetime:
    """The last moment of a day, until which something may be done."""
    return datetime.combine(day, _END_OF_DAY, SHANGHAI)


def take_number(kind: str) -> str:
    """The next number of a kind of paper this year, given again if the caller's transaction fails."""
    day = today()
    words = in_force(pack().numbers, kind, day).words
    row: dict[str, Any] = {"kind": kind, "year": day.year}
    if not Series.objects.filter(**row).update(last=F("last") + 1):
        Series.objects.get_or_create(**row)
        Series.objects.filter(**row).update(last=F("last") + 1)
    return f"{words}〔{day.year}〕{Series.objects.get(**row).last}号"


def members_only(units: Iterable[Party], field: str) -> list[Party]:
    """The units as members of the committee, in their order. Raises ValidationError for none or for others."""
    wanted = [unit.pk for unit in units]
    found = Party.objects.filter(pk__in=wanted, organisation__level__in=LEVELS, is_active=True).in_bulk()
    if not wanted or len(found) != len(set(wanted)):
        raise ValidationError({field: "请选择镇街、部门或管委会，至少一个。"})
    return [found[pk] for pk in dict.fromkeys(wanted)]


def create(obj: Model, verb: str, **told: Any) -> None:
    """Save a new row that has no workflow and tell the ledger."""
    obj.save(force_insert=True)
    record(verb, obj, owner=owner_of(obj), changes={name: (None, value) for name, value in told.items()})


def change(obj: Model, values: Mapping[str, Any], verb: str) -> None:
    """Set columns and tell the ledger which changed; where nothing did, nothing is told."""
    changes = {name: (getattr(obj, name), value) for name, value in values.items() if getattr(obj, name) != value}
    if not changes:
        return
    for name, (_, value) in changes.items():
        setattr(obj, name, value)
    obj.save(update_fields=list(changes))
    record(verb, obj, owner=owner_of(obj), changes=changes)
