"""What phones send: each document is accepted, known already, or kept beside the other version until one is chosen.

Sending the same again changes nothing. What the party has signed is never replaced.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from bianwang.modules.enforcement.models import Visit
from bianwang.modules.inspections import pack, queries
from bianwang.modules.inspections.checklists import CheckList
from bianwang.modules.inspections.content import Content, digest, lacks, strangers
from bianwang.modules.inspections.models import Inspection, Version
from bianwang.modules.inspections.services import papers
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Enterprise
from bianwang.platform.workflow.services import advance, start

PERMISSION = "inspections.inspect"
_Fate = Version.Fate


@dataclass(frozen=True)
class Receipt:
    """What became of a document. `conflict`: it was kept, but the server has moved on."""

    inspection: Inspection
    conflict: Version | None = None


def receive(
    user: User,
    key: UUID,
    content: Content,
    *,
    base: int,
    device: str,
    drops: Collection[int] = (),
    is_demo: bool = False,
) -> Receipt:
    """Take a document that was made over version `base`; 0 means that the sender knows of none.

    `drops` are kept versions which the sender has decided against. Raises PermissionDenied or Http404 (access door),
    ValidationError.
    """
    try:
        return _receive(user, key, content, base, device, drops, is_demo)
    except IntegrityError:
        # The same document came twice at the same moment, and the other was first.
        return _receive(user, key, content, base, device, drops, is_demo)


@transaction.atomic
def choose(inspection: Inspection, user: User, version: Version, *, take: bool) -> None:
    """Decide on a kept version: take it, or leave what is there. Raises ValidationError."""
    fresh = _locked(inspection.key)
    _admit(user, fresh)
    waiting = fresh.versions.filter(pk=version.pk, fate=_Fate.WAITING).first()
    if waiting is None:
        raise ValidationError("这一版已有人处理过，请刷新后查看。")
    if not take:
        _drop(fresh, [waiting.pk])
    elif fresh.is_frozen:
        raise ValidationError("被检查单位已经签字，内容不能再改，只能保留现有的一版。")
    else:
        _accept(fresh, user, waiting.content, base=waiting.base, device=waiting.device, kept=waiting)


@transaction.atomic
def _receive(
    user: User, key: UUID, content: Content, base: int, device: str, drops: Collection[int], is_demo: bool
) -> Receipt:
    access.require(user, PERMISSION)
    lists = _lists(content)
    inspection = _locked(key)
    if inspection is None:
        inspection = _create(user, key, content, is_demo=is_demo)
        _accept(inspection, user, content, base=base, device=device)
        papers.open_file(inspection, user, content, lists)
        return Receipt(inspection)
    _admit(user, inspection)
    if content.fixed != (inspection.enterprise_id, inspection.unit_id, inspection.kind, inspection.day):
        raise ValidationError("企业、检查单位、类别和日期不能更改，请另建一次检查。")
    _drop(inspection, drops)
    versions = inspection.versions.filter(sha256=digest(content))
    if versions.filter(number__gt=base).exists() or versions.filter(number=inspection.revision).exists():
        return Receipt(inspection)
    kept = versions.exclude(fate=_Fate.ACCEPTED).first()
    if base == inspection.revision and not inspection.is_frozen:
        _accept(inspection, user, content, base=base, device=device, kept=kept)
        return Receipt(inspection)
    return Receipt(inspection, kept or _keep(inspection, user, content, base=base, device=device))


def _locked(key: UUID) -> Any:
    rows = Inspection.objects.select_for_update(of=("self",)).select_related("enterprise", "unit")
    return rows.filter(key=key).first()


def _admit(user: User, inspection: Inspection) -> None:
    """Whoever takes part in the inspection. Raises PermissionDenied, Http404."""
    access.check(user, Inspection, inspection.pk, PERMISSION)
    if not queries.takes_part(user, inspection):
        raise PermissionDenied("这次检查不是您参加的，不能由您填写或选择。")


def _create(user: User, key: UUID, content: Content, *, is_demo: bool) -> Inspection:
    unit = next((row for row in queries.own_units(user) if row.pk == content.unit), None)
    if unit is None:
        raise ValidationError("您不能以这个单位的名义检查，请刷新现场检查页后重新选择。")
    enterprise = access.get(user, Enterprise, content.enterprise, PERMISSION)
    if content.kind == "statutory":
        access.require(user, "documents.draw_up")
    if (content.kind == "self") != (unit.pk == enterprise.pk):
        raise ValidationError("企业自查由企业自己进行；单位检查企业请选“执法检查”或“日常巡查”。")
    inspection = Inspection(
        key=key,
        unit=unit,
        enterprise=enterprise,
        kind=content.kind,
        day=content.day,
        visit=_planned(user, content),
        made_by=user,
        made_at=now(),
        is_demo=is_demo,
    )
    start(inspection, by=user, changes={"day": (None, content.day)})
    return inspection


def _planned(user: User, content: Content) -> Visit | None:
    if content.visit is None:
        return None
    rows = access.visible(user, Visit, PERMISSION).filter(state=Visit.State.PLANNED, inspection__isnull=True)
    found = rows.filter(pk=content.visit, unit=content.unit, enterprise=content.enterprise).first()
    if found is None:
        raise ValidationError("所选的计划检查已经完成、作废，或已有人在查，请刷新后重新选择。")
    return found


def _accept(
    inspection: Inspection, user: User, content: Content, *, base: int, device: str, kept: Version | None = None
) -> None:
    """Make the document the next version; a finished one is checked and submitted."""
    if content.finished_at is not None:
        missing = lacks(content, pack.kept(content.lists, content.day)) or queries.uncertified(content)
        if missing:
            raise ValidationError(missing)
    number = inspection.revision + 1
    if kept is None:
        _version(inspection, user, content, base=base, device=device, number=number, fate=_Fate.ACCEPTED)
    else:
        kept.number, kept.fate = number, _Fate.ACCEPTED
        kept.save(update_fields=["number", "fate"])
    inspection.revision = number
    inspection.reason = content.reason
    inspection.people = "；".join(f"{row.name} {row.certificate}".strip() for row in content.officers)[:500]
    inspection.answered, inspection.failed = len(content.answers), len(content.findings)
    inspection.has_conflict = inspection.versions.filter(fate=_Fate.WAITING).exists()
    names = ["revision", "reason", "people", "answered", "failed", "has_conflict"]
    inspection.save(update_fields=names)
    record("inspections.save", inspection, owner=inspection.unit_id, changes={"revision": (number - 1, number)})
    if content.finished_at is not None:
        advance(inspection, "submit", None)


def _lists(content: Content) -> list[CheckList]:
    """The chosen lists with their items of the day. Raises ValidationError."""
    try:
        lists = pack.chosen(content.lists, content.day)
    except KeyError as error:
        raise ValidationError(f"检查表“{error.args[0]}”在 {content.day} 不适用，请刷新后重新选择。") from error
    unknown = strangers(content, lists)
    if unknown:
        raise ValidationError(f"条目“{unknown[0]}”不在所选的检查表里，请刷新后重新填写。")
    return lists


def _keep(inspection: Inspection, user: User, content: Content, *, base: int, device: str) -> Version:
    """Put the document beside the one that the server has. Over a signed one it is kept, but cannot be chosen."""
    fate = _Fate.REJECTED if inspection.is_frozen else _Fate.WAITING
    made = _version(inspection, user, content, base=base, device=device, number=None, fate=fate)
    if fate == _Fate.WAITING:
        inspection.has_conflict = True
        inspection.save(update_fields=["has_conflict"])
    told = {"fate": (None, made.get_fate_display()), "base": (None, base)}
    record("inspections.conflict", inspection, owner=inspection.unit_id, changes=told)
    return made


def _version(inspection: Inspection, user: User, content: Content, **columns: Any) -> Version:
    return Version.objects.create(
        inspection=inspection,
        document=msgspec.to_builtins(content),
        sha256=digest(content),
        sent_by=user,
        received_at=now(),
        **columns,
    )


def _drop(inspection: Inspection, versions: Collection[int]) -> None:
    """Mark kept versions as not taken."""
    dropped = inspection.versions.filter(pk__in=versions, fate=_Fate.WAITING).update(fate=_Fate.REJECTED)
    if not dropped:
        return
    inspection.has_conflict = inspection.versions.filter(fate=_Fate.WAITING).exists()
    inspection.save(update_fields=["has_conflict"])
    told = {"fate": (_Fate.WAITING.label, _Fate.REJECTED.label)}
    record("inspections.choose", inspection, owner=inspection.unit_id, changes=told)
