"""Reads of audits for others and for the pages."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from bianwang.modules.audits.models import Audit, Decision
from bianwang.platform import access
from bianwang.platform.places.models import Organisation
from bianwang.platform.ui.search import LIMIT, Hit

_Level = Organisation.Level
OPEN = Q(undecided__gt=0)


def search(user: Any, text: str) -> list[Hit]:
    """Reports by name, the newest first."""
    rows = access.visible(user, Audit, "audits.view").filter(title__icontains=text)
    found = rows.select_related("owner", "latest").order_by("-pk")[:LIMIT]
    return [Hit(row.title, f"{row.state[0]} · {row.owner}", row.get_absolute_url()) for row in found]


def open_count(user: Any) -> int:
    """Reports with findings about which nobody decided."""
    return access.visible(user, Audit, "audits.view").filter(OPEN).count()


def units(user: Any, permission: str = "audits.view") -> QuerySet[Organisation]:
    """The bureau, its offices and subordinate units: who writes such reports."""
    rows = access.visible(user, Organisation, permission).filter(is_active=True)
    return rows.filter(level__in=(_Level.BUREAU, _Level.OFFICE, _Level.SUBORDINATE)).order_by("level", "pinyin")


def years(user: Any) -> list[tuple[int, str]]:
    """Years of which there are reports, the latest first."""
    rows = access.visible(user, Audit, "audits.view").order_by("-year").values_list("year", flat=True).distinct()
    return [(year, f"{year}年") for year in rows if year is not None]


def decisions(audit: Audit) -> dict[str, Decision]:
    """What was decided, by the finding's key. The caller has reached the audit through `access`."""
    return {row.key: row for row in Decision.objects.filter(audit=audit).select_related("by")}
