"""Hazards of outside units: hundreds of thousands a year, closed over there, counted here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from bianwang.modules.hazards.models import Hazard
from bianwang.modules.hazards.services.numbers import take
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ledger.services import draft
from bianwang.platform.places.models import Enterprise

_UPDATED = (
    "title", "category", "grade", "criterion_id", "found_at", "rectify_by", "rectified_at", "closed_at",
    "hours_taken", "state", "result",
)  # fmt: skip


@transaction.atomic
def import_rows(user: User, unit: int, rows: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Write one bounded piece (≤ 100 rows) of a unit's list; returns (new, changed).

    A row is known by the unit and its own number, so the same list can come again: what is equal is left alone,
    what has gone on (rectified, closed) is brought up to date. Their to-dos live in the unit's own system.
    """
    known = {
        hazard.external_number: hazard
        for hazard in Hazard.objects.select_for_update().filter(
            reporting_unit=unit, external_number__in=[row["external_number"] for row in rows]
        )
    }
    direct = set(
        Enterprise.objects.filter(pk__in={row["owner"] for row in rows}, is_direct=True).values_list("pk", flat=True)
    )
    fresh = [_new(user, unit, row, row["owner"] in direct) for row in rows if row["external_number"] not in known]
    _number(fresh)
    Hazard.objects.bulk_create(fresh)
    entries = [
        draft("hazards.import", hazard, owner=hazard.owner_id, changes={"state": (None, hazard.state_row.name)})
        for hazard in fresh
    ]
    changed = []
    for row in rows:
        hazard = known.get(row["external_number"])
        told = _update(hazard, row) if hazard is not None else {}
        if hazard is not None and told:
            changed.append(hazard)
            entries.append(draft("hazards.import", hazard, owner=hazard.owner_id, changes=told))
    if changed:
        columns = [name.removesuffix("_id") for name in _UPDATED]
        Hazard.objects.bulk_update(changed, [*columns, "state_since", "due_at"])
    Entry.objects.bulk_create(entries)
    return len(fresh), len(changed)


def _new(user: User, unit: int, row: Mapping[str, Any], is_direct: bool) -> Hazard:
    hazard = Hazard(
        owner_id=row["owner"],
        reporting_unit_id=unit,
        external_number=row["external_number"],
        source=row["source"],
        track=Hazard.Track.UNIT,
        is_direct=is_direct,
        found_by=user,
        state_since=now(),
    )
    _fill(hazard, row)
    return hazard


def _fill(hazard: Hazard, row: Mapping[str, Any]) -> None:
    for name in ("title", "category", "grade", "criterion_id", "found_at", "rectify_by", "rectified_at", "closed_at"):
        setattr(hazard, name, row.get(name))
    hazard.result = row.get("result") or ""
    hazard.hours_taken = hazard.hours_until(hazard.rectified_at) if hazard.rectified_at else None
    if hazard.closed_at:
        hazard.state = "closed"
    elif hazard.rectified_at:
        hazard.state = "passed"
    else:
        hazard.state = "rectifying"
    hazard.due_at = hazard.rectify_by if hazard.state == "rectifying" else None


def _update(hazard: Hazard, row: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    before = {name: getattr(hazard, name) for name in _UPDATED}
    _fill(hazard, row)
    told = {name: (old, getattr(hazard, name)) for name, old in before.items() if old != getattr(hazard, name)}
    if "state" in told:
        hazard.state_since = now()
    return {name: (_plain(old), _plain(new)) for name, (old, new) in told.items()}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int) else str(value)


def _number(fresh: Sequence[Hazard]) -> None:
    by_year: dict[int, list[Hazard]] = {}
    for hazard in fresh:
        by_year.setdefault(hazard.found_at.astimezone(SHANGHAI).year, []).append(hazard)
    for year, rows in by_year.items():
        for hazard, number in zip(rows, take(year, len(rows)), strict=True):
            hazard.number = number
