"""Posts and people of a unit as of a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from django.db import transaction

from bianwang.modules.budget.models import Establishment
from bianwang.modules.budget.services.writing import EDIT, not_ahead, refuse, save
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.places.models import Party


class People(NamedTuple):
    """One kind of a unit."""

    posts: int
    staff: int
    retired: int


@transaction.atomic
def save_staff(
    user: User,
    owner: Party,
    as_of: date,
    people: Mapping[str, People],
    *,
    document: str = "",
    note: str = "",
    is_demo: bool = False,
) -> list[Establishment]:
    """Enter every kind of a unit as of a day, or put that day right. More people than posts want a note.

    Raises PermissionDenied, ValidationError.
    """
    access.require(user, EDIT)
    wrong = not_ahead(as_of, "as_of")
    for kind, found in people.items():
        if found.staff > found.posts and not note.strip():
            name = Establishment.Kind(kind).label
            over = found.staff - found.posts
            wrong[f"{kind}_staff"] = f"{name}实有 {found.staff} 人，比编制多 {over} 人，请核对或填写“超编说明”。"
    refuse(wrong)
    known = {row.kind: row for row in Establishment.objects.filter(owner=owner, as_of=as_of)}
    rows = []
    for kind, found in people.items():
        row = known.get(kind) or Establishment(owner=owner, as_of=as_of, kind=kind, is_demo=is_demo)
        save(row, "budget.staff", {**found._asdict(), "document": document.strip(), "note": note.strip()})
        rows.append(row)
    return rows
