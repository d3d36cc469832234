"""Opening a dossier."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from bianwang.modules.documents.models import Dossier
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.files.services import attach
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Enterprise, Party


@transaction.atomic
def open_dossier(
    user: User, unit: Party, enterprise: Enterprise, kind: str, title: str, day: date, *, is_demo: bool = False
) -> Dossier:
    """Open the dossier of an inspection or a case of a unit. Raises PermissionDenied, ValidationError."""
    access.require(user, "documents.draw_up")
    if not access.scope_of(user, "documents.draw_up").includes(unit.pk):
        raise PermissionDenied(f"“{unit}”不在您的管辖范围内，不能为它立卷。")
    made = Dossier(
        unit=unit, enterprise=enterprise, kind=kind, title=title.strip(), opened_on=day, opened_by=user, is_demo=is_demo
    )
    made.full_clean()
    made.save(force_insert=True)
    record("documents.open", made, owner=unit.pk, changes={"title": (None, made.title), "kind": (None, kind)})
    return made


@transaction.atomic
def add_papers(dossier: Dossier, user: User, papers: Iterable[Any]) -> None:
    """Put photos and other papers (PDF, Word …) into the dossier; they come at the end of the case file."""
    access.check(user, Dossier, dossier.pk, "documents.draw_up")
    papers = list(papers)
    if not papers:
        raise ValidationError({"papers": "请选择要入卷的材料。"})
    for paper in papers:
        attach(dossier, paper, user=user, label="入卷材料")
