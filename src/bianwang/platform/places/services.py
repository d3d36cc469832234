"""Registering and changing parties and the places inside them.

Every change leaves its before and after in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction

from bianwang.platform import bulk
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ledger.services import draft, record
from bianwang.platform.places.models import Enterprise, Organisation, Party, Territory, Workshop, Zone

PERSONAL = frozenset({"contact", "contact_phone"})
"""Fields that leave only a digest in the ledger."""

Values = Mapping[str, Any]
M = TypeVar("M", Enterprise, Organisation, Workshop, Zone)


@transaction.atomic
def create_enterprise(values: Values) -> Enterprise:
    """Register an enterprise from field values, `territories` and `supervisors`. Raises ValidationError."""
    return _save(Enterprise(), values)


@transaction.atomic
def create_enterprises(rows: Sequence[Values]) -> list[Enterprise]:
    """Register a piece (≤ 250) of a register; values as for one, without `supervisors`. Raises ValidationError."""
    plain = [{name: value for name, value in row.items() if name != "territories"} for row in rows]
    made = [Enterprise(party_kind=Party.Kind.ENTERPRISE, **values) for values in plain]
    for enterprise in made:
        enterprise.fill_pinyin()
        enterprise.clean_fields(exclude=["party_ptr", "party_kind"])
    shared = [field.attname for field in Party._meta.concrete_fields if not field.primary_key]
    parties = Party.objects.bulk_create([Party(**{name: getattr(row, name) for name in shared}) for row in made])
    own = [field.attname for field in Enterprise._meta.local_concrete_fields if not field.primary_key]
    for enterprise, party in zip(made, parties, strict=True):
        enterprise.pk = enterprise.id = party.pk
    bulk.insert(Enterprise, [{"party_ptr_id": row.pk, **{name: getattr(row, name) for name in own}} for row in made])
    links = [(row.pk, area.pk) for row, given in zip(made, rows, strict=True) for area in given["territories"]]
    through = Party.territories.through
    bulk.insert(through, [{"party_id": party, "territory_id": area} for party, area in links])
    Entry.objects.bulk_create(
        draft(
            "places.create",
            enterprise,
            owner=enterprise.pk,
            changes={name: (None, value) for name, value in values.items()},
            secret=PERSONAL,
        )
        for enterprise, values in zip(made, plain, strict=True)
    )
    return made


@transaction.atomic
def change_enterprise(enterprise: Enterprise, values: Values) -> Enterprise:
    """Change the given values only; nothing is recorded where nothing differs. Raises ValidationError."""
    return _save(enterprise, values)


@transaction.atomic
def create_organisation(values: Values) -> Organisation:
    """Register a public body. Raises ValidationError."""
    return _save(Organisation(), values)


@transaction.atomic
def change_organisation(organisation: Organisation, values: Values) -> Organisation:
    """Change a public body. Raises ValidationError, also where it would become its own superior."""
    parent = values.get("parent")
    while parent is not None:
        if parent.pk == organisation.pk:
            raise ValidationError({"parent": "上级单位不能是本单位或它的下级，请重新选择。"})
        parent = parent.parent
    return _save(organisation, values)


@transaction.atomic
def save_workshop(workshop: Workshop, values: Values) -> Workshop:
    """Register or change a workshop of a party. Raises ValidationError."""
    return _save(workshop, values)


@transaction.atomic
def save_zone(zone: Zone, values: Values) -> Zone:
    """Register or change a zone. Raises ValidationError, also for a workshop of another party."""
    workshop = values.get("workshop", zone.workshop)
    owner = values.get("owner") or zone.owner
    if workshop is not None and workshop.owner_id != owner.pk:
        raise ValidationError({"workshop": f"车间“{workshop.name}”不属于“{owner.name}”，请重新选择。"})
    return _save(zone, values)


@transaction.atomic
def set_outline(territory: Territory, outline: str, source: str) -> None:
    """Keep a territory's outline (GeoJSON geometry, WGS 84) with its source and map approval number."""
    before = territory.outline_source or None
    territory.outline, territory.outline_source = outline, source
    territory.save()
    record("places.outline", territory, owner=None, changes={"outline_source": (before, source)})


def with_parents(territories: Iterable[Territory]) -> list[Territory]:
    """The territories and what encloses them below the district: who lies in a village lies in its town."""
    codes = {code for territory in territories for code in territory.path.split("/") if code}
    return list(Territory.objects.filter(code__in=codes).exclude(kind=Territory.Kind.DISTRICT))


def _save(subject: M, values: Values) -> M:
    """Validate, save, set the many-to-many parts, record what differs."""
    sets = {name: list(values[name]) for name in ("territories", "supervisors") if name in values}
    if "territories" in sets:
        sets["territories"] = with_parents(sets["territories"])
    is_new = subject.pk is None
    before = {} if is_new else _state(subject)
    for name, value in values.items():
        if name not in sets:
            setattr(subject, name, value)
    if isinstance(subject, Party):
        subject.fill_pinyin()
    subject.full_clean(exclude=["party_ptr", "party_kind", "pinyin", "initials"])
    subject.save(force_insert=is_new)
    names = {name: _set_members(subject, name, members, is_new) for name, members in sets.items()}
    after = _state(subject)
    changes = {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}
    changes |= {name: pair for name, pair in names.items() if pair[0] != pair[1]}
    if is_new:
        changes = {name: pair for name, pair in changes.items() if pair[1] not in (None, "", [])}
    if changes:
        owner: Party = subject if isinstance(subject, Party) else subject.owner
        verb = "places.create" if is_new else "places.change"
        record(verb, subject, owner=owner.pk, changes=changes, secret=PERSONAL)
    return subject


def _set_members(subject: models.Model, name: str, members: list[Any], is_new: bool) -> tuple[Any, Any]:
    manager = getattr(subject, name)
    before = [] if is_new else sorted(str(member) for member in manager.all())
    if is_new:
        manager.add(*members)
    else:
        manager.set(members)
    return before, sorted(str(member) for member in members)


def _state(subject: models.Model) -> dict[str, Any]:
    """The concrete columns as the ledger keeps them: related objects by name."""
    found: dict[str, Any] = {}
    for field in subject._meta.concrete_fields:
        if field.editable and not field.primary_key:
            value = getattr(subject, field.name)
            found[field.name] = str(value) if isinstance(value, models.Model) else value
    return found
