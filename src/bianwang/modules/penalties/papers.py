"""Which documents a step of the case needs, in the case's dossier; the documents themselves are another module's."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from bianwang.modules.documents.pack import kind_names
from bianwang.modules.documents.queries import documents_of

FILING, REPORT, REVIEW, CLOSING = "filing", "report", "review", "closing"
NOTICE, HEARING_NOTICE, HEARING_RECORD = "advance_notice", "hearing_notice", "hearing"
DECISION, SUMMARY_DECISION, DEMAND, TRANSFER = "decision", "summary_decision", "demand", "transfer"
PRESERVING, PRESERVED, SEIZING = "preserve", "preserved", "seizure"

_STATES = {"draft": ("draft", "issued", "served"), "issued": ("issued", "served"), "served": ("served",)}
_WORDS = {"draft": "拟好", "issued": "签发", "served": "签发并送达"}


def missing(case: Any, kind: str, state: str = "issued", after: datetime | None = None) -> str | None:
    """What stands in the way, in one sentence, or None: how far the document must have come, and be issued `after`."""
    if case.dossier is not None:
        rows = documents_of(case.dossier).filter(kind=kind, state__in=_STATES[state])
        if (rows if after is None else rows.filter(issued_at__gte=after)).exists():
            return None
    when = "法制审核以后制发的" if after is not None else ""
    return f"请先在本案的案卷里{_WORDS[state]}{when}“{kind_names()[kind]}”。"


def served_on(case: Any, *kinds: str) -> date | None:
    """The day on which the last of these documents was served."""
    if case.dossier is None:
        return None
    days = documents_of(case.dossier).filter(kind__in=kinds, state="served", served_on__isnull=False)
    found: date | None = days.order_by("-served_on").values_list("served_on", flat=True).first()
    return found


def number_of_decision(case: Any) -> str:
    """The number of the decision's document, or ''."""
    if case.dossier is None:
        return ""
    rows = documents_of(case.dossier).filter(kind__in=(DECISION, SUMMARY_DECISION), state__in=_STATES["issued"])
    return rows.exclude(number=None).order_by("-pk").values_list("number", flat=True).first() or ""
