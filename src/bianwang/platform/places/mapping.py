"""What the map draws: enterprises as coloured dots, outlines of territories."""

from __future__ import annotations

from typing import Any

import orjson

from bianwang.platform import access
from bianwang.platform.places.models import Enterprise, Territory


def points(user: Any) -> list[dict[str, Any]]:
    """Enterprises in scope with coordinates: id, name, place, risk code and word, sector."""
    risks, sectors = dict(Enterprise.Risk.choices), dict(Enterprise.Sector.choices)
    rows = access.visible(user, Enterprise, "places.view").filter(is_active=True, longitude__isnull=False)
    fields = ("pk", "name", "longitude", "latitude", "risk", "sector", "initials")
    return [
        {
            "id": row["pk"],
            "name": row["name"],
            "at": [row["latitude"], row["longitude"]],
            "risk": row["risk"],
            "word": str(risks[row["risk"]]),
            "sector": str(sectors[row["sector"]]),
            "initials": row["initials"],
        }
        for row in rows.order_by("pk").values(*fields)
    ]


def outlines() -> list[dict[str, Any]]:
    """Outlines that the office imported, from large to small."""
    rows = Territory.objects.exclude(outline="").order_by("path")
    return [
        {"name": row.name, "kind": row.kind, "source": row.outline_source, "geometry": orjson.loads(row.outline)}
        for row in rows
    ]


def labels() -> list[dict[str, Any]]:
    """Names of territories at their centre, where it is known."""
    rows = Territory.objects.filter(longitude__isnull=False).exclude(kind=Territory.Kind.VILLAGE)
    return [{"name": row.name, "at": [row.latitude, row.longitude], "kind": row.kind} for row in rows]
