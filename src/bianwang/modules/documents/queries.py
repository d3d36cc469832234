"""Reads of dossiers and documents for others: the gates, what exists, what is overdue."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from bianwang.modules.documents.contents import OFFICERS
from bianwang.modules.documents.gates import lacking_for
from bianwang.modules.documents.models import Document, Dossier
from bianwang.modules.documents.pack import Kind, kind, kinds
from bianwang.modules.documents.workflow import LIVE
from bianwang.platform import access
from bianwang.platform.clock import now, today
from bianwang.platform.ui.search import LIMIT, Hit


def documents_of(dossier: Dossier) -> QuerySet[Document]:
    """All documents of a dossier, drafts and void ones too, oldest first."""
    return dossier.documents.order_by("pk")


def lacks(dossier: Dossier, code: str) -> str | None:
    """What the dossier must hold before a document of a kind is drawn up, in words; None: nothing is missing."""
    held = dossier.documents.order_by().values_list("kind", "state").distinct()
    return lacking_for(kind(code, today()), held)


def has(dossier: Dossier, code: str, *states: str) -> bool:
    """Whether the dossier has a document of a kind in one of the states (default: issued or served)."""
    return dossier.documents.filter(kind=code, state__in=states or LIVE).exists()


def possible(dossier: Dossier) -> list[tuple[Kind, str | None]]:
    """Every kind that belongs into a dossier, in the order of the case file, with what it lacks."""
    held = set(dossier.documents.order_by().values_list("kind", "state").distinct())
    present = today()
    return [(row, lacking_for(row, held)) for row in kinds(present) if row.stage in ("both", dossier.kind)]


def carried(dossier: Dossier, row: Kind) -> dict[str, Any]:
    """What a new document starts from: what the newest of the earlier ones say, and the officers of the last."""
    newest: dict[str, dict[str, Any]] = {}
    found: dict[str, Any] = {}
    for document in dossier.documents.exclude(state="void").order_by("pk"):
        newest[document.kind] = document.values
        if row.officers and OFFICERS in document.values:
            found[OFFICERS] = document.values[OFFICERS]
    for field in row.fields:
        pairs = (source.split(".") for source in field.carry)
        known = (newest[code][blank] for code, blank in pairs if blank in newest.get(code, {}))
        if (value := next(known, None)) is not None:
            found[field.code] = value
    return found


def overdue() -> Q:
    """Issued and not served in time."""
    return Q(state="issued", due_at__lt=now())


def overdue_count(user: Any) -> int:
    """Documents that should have been served by now."""
    return access.visible(user, Document, "documents.view").filter(overdue()).count()


def search(user: Any, text: str) -> list[Hit]:
    """Documents by number, dossiers by title."""
    if not access.can(user, "documents.view"):
        return []
    rows = access.visible(user, Document, "documents.view").filter(number__icontains=text)
    found = rows.select_related("dossier")[:LIMIT]
    return [Hit(str(row), f"文书 · {row.state_row.name} · {row.dossier}", row.get_absolute_url()) for row in found]
