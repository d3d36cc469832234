"""What a document must wait for: other documents of its dossier, and its own blanks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bianwang.modules.documents.contents import missing
from bianwang.modules.documents.pack import STATES, Gate, Kind, kind_names
from bianwang.modules.documents.workflow import LIVE


def refusal(document: Any) -> str | None:
    """Why a draft cannot be issued, or None."""
    lacking = lacking_for(document.kind_row, _held(document.dossier.documents.exclude(pk=document.pk)))
    return lacking or missing(document.kind_row, document.values)


def lacking_for(kind: Kind, held: Iterable[tuple[str, str]]) -> str | None:
    """What a dossier that holds these (kind, state) lacks for a document of a kind, in words; None: nothing."""
    found = set(held)
    for gate in kind.requires:
        if not _is_met(gate, found):
            names = "或".join(kind_names()[code] for code in gate.any[:3])
            more = "等" if len(gate.any) > 3 else ""
            states = "、".join(STATES[state] for state in gate.states)
            return f"制作“{kind.name}”以前，案卷中须有{states}的{names}{more}。"
    return None


def needed_by(document: Any) -> list[Any]:
    """Issued documents of the dossier that could not stand without this one."""
    if document.state not in LIVE:
        return []
    others = list(document.dossier.documents.exclude(pk=document.pk))
    held = _held(others)
    return [row for row in others if row.state in LIVE and lacking_for(row.kind_row, held)]


def _held(documents: Iterable[Any]) -> set[tuple[str, str]]:
    return {(row.kind, row.state) for row in documents}


def _is_met(gate: Gate, held: set[tuple[str, str]]) -> bool:
    return any((code, state) in held for code in gate.any for state in gate.states)
