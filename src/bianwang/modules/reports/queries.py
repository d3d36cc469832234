"""Reads of reports for others and for the pages."""

from __future__ import annotations

from typing import Any

from bianwang.modules.reports.models import Edit, Report
from bianwang.platform import access
from bianwang.platform.ui.search import LIMIT, Hit


def search(user: Any, text: str) -> list[Hit]:
    """Reports by their year."""
    rows = access.visible(user, Report, "reports.view").select_related("owner", "latest")
    found = [row for row in rows if text in str(row)]
    return [Hit(str(row), f"{row.state[0]} · {row.owner}", row.get_absolute_url()) for row in found[:LIMIT]]


def years(user: Any) -> list[tuple[int, str]]:
    """Years of which there are reports, the latest first."""
    rows = access.visible(user, Report, "reports.view").order_by("-year").values_list("year", flat=True).distinct()
    return [(year, f"{year}年") for year in rows]


def edits(report: Report) -> dict[str, Edit]:
    """What people wrote, by paragraph. The caller has reached the report through `access`."""
    return {row.key: row for row in Edit.objects.filter(report=report).select_related("by")}
