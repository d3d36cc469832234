"""Petitions that are late, and a year's petitions by category."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from bianwang.modules.outreach.models import Broadcast, Petition
from bianwang.modules.outreach.pack import choices
from bianwang.modules.outreach.queries.publicity import Figure
from bianwang.platform import access
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.ui.lists import list_url

_RUNNING = ("registered", "accepted", "handling", "reviewing", "rechecking")
"""States whose time limit binds the authority; in the others it is the petitioner's."""


def late() -> Q:
    """Petitions whose time limit has run out."""
    return Q(state__in=_RUNNING, due_at__lt=now())


def overdue_count(user: Any) -> int:
    """How many of them the user sees."""
    return access.visible(user, Petition, "outreach.petition_view").filter(late()).count()


def year_figures(user: Any, year: int) -> list[Figure]:
    """Petitions and broadcasts of a year, for those who may see them."""
    found = []
    if access.can(user, "outreach.petition_view"):
        count = access.visible(user, Petition, "outreach.petition_view").filter(_in_year("received_at", year)).count()
        found.append(Figure("信访", f"{count:,}", "件", list_url("outreach:petitions", **_days("received", year))))
    if access.can(user, "outreach.broadcast_view"):
        rows = access.visible(user, Broadcast, "outreach.broadcast_view").filter(_in_year("play_at", year))
        url = list_url("outreach:broadcasts", state="approved", **_days("play_at", year))
        found.append(Figure("村村通广播", f"{rows.filter(state='approved').count():,}", "次", url))
    return found


def by_category(user: Any, year: int) -> list[Figure]:
    """A year's petitions of each category, with the people behind them."""
    if not access.can(user, "outreach.petition_view"):
        return []
    rows = access.visible(user, Petition, "outreach.petition_view").filter(_in_year("received_at", year)).order_by()
    counts = dict(rows.values_list("category").annotate(Count("pk")))
    words = choices("petition_categories")
    return [
        Figure(
            name, f"{counts[code]:,}", "件", list_url("outreach:petitions", category=code, **_days("received", year))
        )
        for code, name in words
        if code in counts
    ]


def _in_year(field: str, year: int) -> Q:
    first, after = (now().astimezone(SHANGHAI).replace(y, 1, 1, 0, 0, 0, 0) for y in (year, year + 1))
    return Q(**{f"{field}__gte": first, f"{field}__lt": after})


def _days(name: str, year: int) -> dict[str, Any]:
    return {f"{name}_from": f"{year}-01-01", f"{name}_to": f"{year}-12-31"}
