"""Reads of permits for others and for the board."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from bianwang.modules.permits import standard
from bianwang.modules.permits.conflicts import Conflict, conflicts_among
from bianwang.modules.permits.models import Permit
from bianwang.modules.permits.workflow import IN_FORCE, LIVE
from bianwang.platform import access
from bianwang.platform.clock import now
from bianwang.platform.places.models import Party
from bianwang.platform.ui.search import LIMIT, Hit
from bianwang.platform.workflow.queries import limit


def search(user: Any, text: str) -> list[Hit]:
    """Permits by number or content, the newest first."""
    match = Q(number__icontains=text) | Q(content__icontains=text)
    rows = access.visible(user, Permit, "permits.view").filter(match).select_related("owner").order_by("-pk")[:LIMIT]
    return [Hit(str(row), f"{row.state_row.name} · {row.owner}", row.get_absolute_url()) for row in rows]


def active_count(user: Any) -> int:
    """Permits under which work goes on."""
    return access.visible(user, Permit).filter(state="active").count()


def expiring() -> Q:
    """In force, and over within the reminder's time."""
    moment = now()
    return Q(state__in=IN_FORCE, valid_to__gt=moment, valid_to__lte=moment + standard.length(limit("permits.expiring")))


@dataclass
class Site:
    """One unit on the board: its live permits and their conflicts."""

    owner: Party
    permits: list[Permit] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


@dataclass(frozen=True)
class Board:
    """Live permits by unit, and the figures above them with the list that each counts."""

    sites: list[Site]
    figures: list[tuple[str, int, str]]
    expiring: set[int]


def board(user: Any) -> Board:
    """What goes on now in the user's scope, in three queries."""
    rows = _live(user)
    soon = set(rows.filter(expiring()).values_list("pk", flat=True))
    sites: dict[int, Site] = {}
    for permit in rows:
        sites.setdefault(permit.owner_id, Site(permit.owner)).permits.append(permit)
    found = conflicts_among(rows)
    for conflict in found:
        sites[conflict.permit.owner_id].conflicts.append(conflict)

    def count(*states: str) -> int:
        return sum(permit.state in states for permit in rows)

    figures = [
        ("作业中", count("active"), "state=active"),
        ("待开工", count("approved", "ready"), "state=approved&state=ready"),
        ("一小时内到期", len(soon), "expiring=1"),
        ("已中断", count("interrupted"), "state=interrupted"),
        ("已暂停", count("suspended"), "state=suspended"),
        ("有时空冲突", len(_parties_to(found)), "crossing=1"),
    ]
    return Board(list(sites.values()), figures, soon)


def crossing(user: Any) -> Q:
    """Live permits that are in each other's way."""
    return Q(pk__in=_parties_to(conflicts_among(_live(user))))


def _parties_to(conflicts: list[Conflict]) -> set[int]:
    return {permit.pk for conflict in conflicts for permit in (conflict.permit, conflict.other)}


def _live(user: Any) -> QuerySet[Permit]:
    rows = access.visible(user, Permit, "permits.view").filter(state__in=LIVE)
    return rows.select_related("owner", "zone", "guard").order_by("owner__pinyin", "owner_id", "valid_to")
