"""Visits from a unit's Excel list: known by the unit and its own number, so the list can come again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.enforcement import units
from bianwang.modules.enforcement.models import Campaign, Visit, VisitOfficer
from bianwang.modules.enforcement.services.visits import Person, faults, note_rechecks, people_words, reflag
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ledger.services import draft
from bianwang.platform.places.models import Enterprise

_COLUMNS = (
    "enterprise_id", "date", "kind", "state", "is_statutory", "campaign_id", "is_filed", "documents_complete",
    "recheck_by", "result",
)  # fmt: skip


@transaction.atomic
def import_rows(
    user: User,
    unit: int,
    rows: Sequence[Mapping[str, Any]],
    people: Mapping[str, Sequence[Person]],
    *,
    is_demo: bool = False,
) -> tuple[int, int]:
    """Write one bounded piece of a unit's list; returns (new, changed). `people` by external number.

    A recheck names its earlier visit by `recheck_number`, which the unit has reported before or above it in the piece.
    What is equal, and what was voided here, is left alone.
    """
    numbers = [row["external_number"] for row in rows]
    known = {
        visit.external_number: visit
        for visit in Visit.objects.select_for_update(of=("self",))
        .select_related("recheck_of")
        .prefetch_related("officers")
        .filter(unit=unit, external_number__in=numbers)
    }
    wanted = {row["enterprise_id"] for row in rows}
    enterprises, is_bureau = Enterprise.objects.in_bulk(wanted), units.is_bureau(unit)
    fresh, changed, keys, rechecked = [], [], set(), set()
    for row in rows:
        visit = known.get(row["external_number"])
        if visit is not None:
            if not _differs(visit, row, people[row["external_number"]]):
                continue
            keys.add((unit, visit.enterprise_id, visit.date.year))
            rechecked.add(visit.recheck_of_id)
            changed.append(visit)
        else:
            number = row["external_number"]
            visit = Visit(unit_id=unit, external_number=number, made_by=user, made_at=now(), is_demo=is_demo)
            fresh.append(visit)
        for name in _COLUMNS:
            setattr(visit, name, row[name])
        visit.enterprise = enterprises[row["enterprise_id"]]
        visit.scope = Visit.Scope.DIRECT if is_bureau and visit.enterprise.is_direct else Visit.Scope.DISTRICT
        keys.add((unit, visit.enterprise_id, visit.date.year))
    Visit.objects.bulk_create(fresh)
    if changed:
        Visit.objects.bulk_update(changed, [*(name.removesuffix("_id") for name in _COLUMNS), "scope"])
    written = [*fresh, *changed]
    earlier = {row["external_number"]: row["recheck_number"] for row in rows}
    _name_earlier(unit, written, earlier)
    _write_people(written, people, earlier)
    reflag(keys)
    note_rechecks(rechecked | {visit.recheck_of_id for visit in written})
    return len(fresh), len(changed)


def row_faults(
    unit: int | None,
    row: Mapping[str, Any],
    campaign: Campaign | None,
    people: Sequence[Person],
    earlier: Visit | None,
) -> dict[str, str]:
    """What is wrong with a row in itself and beside its earlier visit, by the fields of Visit."""
    named: dict[str, Any] = {name: row[name] for name in _COLUMNS if name != "campaign_id"}
    named |= {"unit_id": unit, "campaign": campaign, "recheck_of": earlier}
    return faults(Visit(**named), people, today())


def _name_earlier(unit: int, visits: Sequence[Visit], earlier: Mapping[str, str | None]) -> None:
    """Set `recheck_of` of what was written, once all of it has a row; `earlier` by external number."""
    named = [earlier[visit.external_number or ""] for visit in visits]
    known = Visit.objects.filter(unit=unit, external_number__in={number for number in named if number})
    ids = dict(known.values_list("external_number", "pk"))
    moved = []
    for visit, number in zip(visits, named, strict=True):
        if number and number not in ids:
            raise ValidationError(f"编号 {visit.external_number} 的复查：没有编号为“{number}”的原检查，请先导入它。")
        wanted = ids[number] if number else None
        if visit.recheck_of_id != wanted:
            visit.recheck_of_id = wanted
            moved.append(visit)
    Visit.objects.bulk_update(moved, ["recheck_of"])


def _differs(visit: Visit, row: Mapping[str, Any], people: Sequence[Person]) -> bool:
    if visit.state == Visit.State.VOID:
        return False
    before = people_words((officer.name, officer.certificate) for officer in visit.officers.all())
    earlier = visit.recheck_of.external_number if visit.recheck_of else None
    if before != people_words(people) or earlier != row["recheck_number"]:
        return True
    return any(getattr(visit, name) != row[name] for name in _COLUMNS)


def _write_people(
    visits: Sequence[Visit], people: Mapping[str, Sequence[Person]], earlier: Mapping[str, str | None]
) -> None:
    """Officers and the ledger rows of what was written."""
    VisitOfficer.objects.filter(visit__in=visits).delete()
    rows, entries = [], []
    for visit in visits:
        mine = people[visit.external_number or ""]
        rows += [VisitOfficer(visit=visit, name=name, certificate=certificate) for name, certificate in mine]
        told: dict[str, Any] = {"state": (None, visit.get_state_display()), "检查人员": (None, people_words(mine))}
        number = earlier[visit.external_number or ""]
        if number:
            told["recheck_of"] = (None, number)
        entries.append(draft("enforcement.import", visit, owner=visit.unit_id, changes=told))
    VisitOfficer.objects.bulk_create(rows)
    Entry.objects.bulk_create(entries)
