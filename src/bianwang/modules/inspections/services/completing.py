"""The party has signed: findings become hazards, the visit is entered and the record drawn up, once."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.enforcement import services as enforcement
from bianwang.modules.enforcement.models import Visit
from bianwang.modules.hazards import services as hazards
from bianwang.modules.hazards.models import Criterion, Hazard
from bianwang.modules.inspections import pack
from bianwang.modules.inspections.checklists import Item
from bianwang.modules.inspections.content import Content, Finding as Found
from bianwang.modules.inspections.models import Finding, Inspection
from bianwang.modules.inspections.services import papers
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.files.storage import Stored
from bianwang.platform.places.models import Organisation
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.services import advance

_SOURCES = {"statutory": Hazard.Source.ENFORCEMENT, "self": Hazard.Source.SELF}
_END_OF_DAY = time(23, 59, 59)


def settle(inspection: Inspection, user: User) -> str:
    """Take the steps that follow by themselves; returns why the last of them could not be taken, or ""."""
    try:
        if inspection.state == "submitted" and not inspection.missing():
            _sign(inspection)
        if inspection.state == "signed":
            complete(inspection, user)
    except Refused as error:
        return str(error)
    except ValidationError as error:
        return "；".join(error.messages)
    return ""


@transaction.atomic
def complete(inspection: Inspection, user: User, reason: str = "") -> None:
    """Make hazards of the findings and a visit of the inspection. Raises Refused, Conflict, ValidationError."""
    refusal = inspection.obstacle(user)
    if refusal:
        raise Refused(refusal)
    content = inspection.content
    lists = pack.kept(content.lists, content.day)
    items = {item.code: item for row in lists for item in row.items}
    made = []
    for found in content.findings:
        hazard = _hazard(inspection, user, content, found, items.get(found.item))
        Finding.objects.create(inspection=inspection, key=found.id, item=found.item, hazard=hazard)
        made.append(hazard)
    fields: dict[str, Any] = {"done_at": now()}
    visit = _visit(inspection, user, content)
    if visit is not None:
        enforcement.note_hazards(visit, user, made)
        if inspection.visit_id != visit.pk:
            fields["visit"] = visit
    papers.draw_up_record(inspection, user, content, lists)
    advance(inspection, "complete", user, reason=reason, fields=fields)


def void(inspection: Inspection, user: User, reason: str) -> None:
    """Take an inspection that was made by mistake out of the way; everything that was sent stays.

    A planned visit is free again for another inspection.
    """
    step = "discard" if inspection.state == "draft" else "void"
    advance(inspection, step, user, reason=reason, fields={"visit": None} if inspection.visit_id else {})


def _sign(inspection: Inspection) -> None:
    content = inspection.content
    if content.signature is not None:
        fields: dict[str, Any] = {"signer": content.signature.signer, "signed_at": content.signature.signed_at}
    else:
        assert content.refusal is not None  # noqa: S101  (a finished document has one or the other)
        fields = {"is_refused": True, "signed_at": content.refusal.refused_at}
    advance(inspection, "sign", None, fields=fields)


def _hazard(inspection: Inspection, user: User, content: Content, found: Found, item: Item | None) -> Hazard:
    values: dict[str, Any] = {
        "source": _source(inspection),
        "title": found.title,
        "description": found.description,
        "place": found.place,
        "category": found.category,
        "found_at": min(content.finished_at or now(), now()),
        "rectify_by": _end_of(found.deadline) if found.deadline else None,
    }
    if item is not None:
        values["clause"] = item.basis[:200]
        values["criterion"] = _criterion(item, inspection.day)
    if inspection.kind == Inspection.Kind.SELF:
        values["grade"] = "" if item is not None and item.level == "major" else Hazard.Grade.GENERAL
    else:
        values["reporting_unit"] = inspection.unit
    return hazards.register(user, inspection.enterprise, values, _photos(inspection, content, found))


def _source(inspection: Inspection) -> str:
    if inspection.kind in _SOURCES:
        return _SOURCES[inspection.kind]
    is_town = Organisation.objects.filter(pk=inspection.unit_id, level=Organisation.Level.TOWN).exists()
    return Hazard.Source.TOWN if is_town else Hazard.Source.DEPARTMENT


def _criterion(item: Item, day: date) -> Criterion | None:
    if not item.criterion:
        return None
    return Criterion.objects.filter(code=item.criterion, valid_from__lte=day).order_by("-valid_from").first()


def _photos(inspection: Inspection, content: Content, found: Found) -> list[Stored]:
    """The photos of a finding, which the hazard gets as those from before its rectification."""
    keys = {photo.id for photo in content.photos if photo.finding == found.id}
    files = [row.file for row in inspection.pictures.filter(key__in=keys).select_related("file")]
    return [Stored(file.name, file.media_type, file.size, file.digest) for file in files]


def _visit(inspection: Inspection, user: User, content: Content) -> Visit | None:
    """The visit as the unit reports it; an enterprise's own check is none."""
    if inspection.kind == Inspection.Kind.SELF:
        return None
    statutory = inspection.kind == Inspection.Kind.STATUTORY
    people = [(row.name, row.certificate) for row in content.officers]
    deadlines = [row.deadline for row in content.findings if row.deadline]
    values: dict[str, Any] = {
        "date": inspection.day,
        "state": Visit.State.DONE,
        "is_statutory": statutory,
        "result": content.summary[:500],
        "recheck_by": max(deadlines) if statutory and deadlines else None,
    }
    if inspection.visit is not None and inspection.visit.state != Visit.State.VOID:
        return enforcement.change_visit(inspection.visit, user, values, people)
    values["kind"] = content.reason if statutory else Visit.Kind.PATROL
    unit, enterprise = inspection.unit, inspection.enterprise
    return enforcement.record_visit(user, unit, enterprise, values, people, is_demo=inspection.is_demo)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, _END_OF_DAY, SHANGHAI)
