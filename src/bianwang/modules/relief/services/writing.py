"""What every writer of the module does: days, numbers, rows without a workflow."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db.models import F, Model

from bianwang.modules.relief.models import Series
from bianwang.platform.access import owner_of
from bianwang.platform.clock import SHANGHAI, today
from bianwang.platform.ledger.services import record
from bianwang.platform.workflow.queries import deadline, limit

WORDS = {
    "claim": "救申",
    "meeting": "救评",
    "batch": "救拨",
    "appeal": "救诉",
    "donation": "救捐",
    "issue": "救物",
}
"""How the papers are numbered."""


def end_of(day: date) -> datetime:
    """The last moment of a day, until which something may be done."""
    return datetime.combine(day, time(23, 59, 59), SHANGHAI)


def last_day(code: str, since: date) -> date:
    """The day on which a limit that starts on a day runs out."""
    return deadline(limit(code, since), end_of(since)).astimezone(SHANGHAI).date()


def take_numbers(kind: str, count: int = 1) -> list[str]:
    """The next numbers of a kind of paper this year, given again if the caller's transaction fails."""
    year = today().year
    row: dict[str, Any] = {"kind": kind, "year": year}
    if not Series.objects.filter(**row).update(last=F("last") + count):
        Series.objects.get_or_create(**row)
        Series.objects.filter(**row).update(last=F("last") + count)
    last = Series.objects.get(**row).last
    return [f"{WORDS[kind]}{year}-{number:05d}" for number in range(last - count + 1, last + 1)]


def create(obj: Model, verb: str, **told: Any) -> None:
    """Save a new row that has no workflow and tell the ledger."""
    obj.full_clean()
    obj.save(force_insert=True)
    record(verb, obj, owner=owner_of(obj), changes={name: (None, value) for name, value in told.items()})
