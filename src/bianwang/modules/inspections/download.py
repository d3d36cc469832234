"""What a phone takes along: its user, the enterprises in scope, the check lists, what is planned, open drafts."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import msgspec
from django.db.models import F

from bianwang.modules.documents.models import Document
from bianwang.modules.documents.workflow import LIVE
from bianwang.modules.enforcement.models import Visit
from bianwang.modules.enforcement.units import certified
from bianwang.modules.hazards.models import Hazard
from bianwang.modules.inspections import queries
from bianwang.modules.inspections.checklists import WORDS, CheckList
from bianwang.modules.inspections.models import NOTICE, Inspection, Version
from bianwang.modules.inspections.pack import lists_on
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.places.models import Enterprise, Party, Zone
from bianwang.platform.workflow.queries import limit

_DRAFTS = 100
_AHEAD = timedelta(days=7)
"""How far planned visits are taken along: an officer may be out of reach for some days."""


def for_phone(user: User) -> dict[str, Any]:
    """Everything that the field page needs without a network, as plain values."""
    day = today()
    units = queries.own_units(user)
    return {
        "user": {"id": user.pk, "name": user.name, "certificate": user.certificate if user.is_certified(day) else ""},
        "day": day.isoformat(),
        "units": [{"id": unit.pk, "name": unit.name, "kinds": _kinds(user, unit, day)} for unit in units],
        "enterprises": _enterprises(user),
        "lists": [_list(row) for row in lists_on(day)],
        "officers": _officers(units, day),
        "visits": _visits(user, units, day),
        "inspections": _drafts(user),
        "words": _words(),
        "deadline_days": int(limit("hazards.rectify_general", day).value),
    }


def state_of(inspection: Inspection) -> dict[str, Any]:
    """Where an inspection stands, as a phone wants to know it."""
    return {
        "key": str(inspection.key),
        "revision": inspection.revision,
        "state": inspection.state,
        "state_name": inspection.state_row.name,
        "frozen": inspection.is_frozen,
        "url": inspection.get_absolute_url(),
    }


def _kinds(user: User, unit: Party, day: date) -> list[str]:
    if unit.party_kind == Party.Kind.ENTERPRISE:
        return ["self"]
    may_enforce = user.is_certified(day) and access.can(user, "documents.draw_up")
    return ["statutory", "patrol"] if may_enforce else ["patrol"]


def _enterprises(user: User) -> list[dict[str, Any]]:
    rows = access.visible(user, Enterprise, queries.PERMISSION).filter(is_active=True).order_by("pinyin", "pk")
    zones: dict[int, set[str]] = defaultdict(set)
    for owner, kind in Zone.objects.filter(owner__in=rows.order_by().values("pk")).values_list("owner", "kind"):
        zones[owner].add(kind)
    names = ("pk", "name", "initials", "sector", "address")
    return [
        {"id": pk, "name": name, "initials": initials, "sector": sector, "address": address, "zones": sorted(zones[pk])}
        for pk, name, initials, sector, address in rows.values_list(*names)
    ]


def _list(row: CheckList) -> dict[str, Any]:
    """A list with its version; an item's numbers travel as text, so that none is rounded on the way."""
    plain: dict[str, Any] = msgspec.to_builtins(row)
    plain["version"] = row.version
    plain["items"] = [{**msgspec.to_builtins(item), "basis": item.basis} for item in row.items]
    return plain


def _officers(units: list[Party], day: date) -> list[dict[str, str]]:
    if all(unit.party_kind == Party.Kind.ENTERPRISE for unit in units):
        return []
    return [{"name": row.name, "certificate": row.certificate} for row in certified() if row.is_certified(day)]


def _visits(user: User, units: list[Party], day: date) -> list[dict[str, Any]]:
    rows = access.visible(user, Visit, queries.PERMISSION).filter(
        state=Visit.State.PLANNED, unit__in=units, inspection__isnull=True, date__lte=day + _AHEAD
    )
    return [
        {
            "id": row.pk,
            "enterprise": row.enterprise_id,
            "unit": row.unit_id,
            "date": row.date.isoformat(),
            "kind": row.kind,
            "kind_name": row.get_kind_display(),
            "statutory": row.is_statutory,
        }
        for row in rows.order_by("date", "pk")[:200]
    ]


def _drafts(user: User) -> list[dict[str, Any]]:
    """Open drafts with what is filled in, in three queries."""
    rows = list(queries.open_for(user)[:_DRAFTS])
    present = Version.objects.filter(inspection__in=rows, number=F("inspection__revision"))
    contents = {row.inspection_id: row.content for row in present}
    rows = [row for row in rows if row.made_by_id == user.pk or queries.is_officer(user, contents[row.pk])]
    noticed = set(
        Document.objects.filter(dossier__inspection__in=rows, kind=NOTICE, state__in=LIVE).values_list(
            "dossier__inspection", flat=True
        )
    )
    return [
        {**state_of(row), "notice": row.pk in noticed, "content": msgspec.to_builtins(contents[row.pk])} for row in rows
    ]


def _words() -> dict[str, Any]:
    return {
        "answers": WORDS,
        "kinds": dict(Inspection.Kind.choices),
        "reasons": dict(Inspection.Reason.choices),
        "categories": dict(Hazard.Category.choices),
        "sectors": dict(Enterprise.Sector.choices),
    }
