"""Places on the grid of a judgement: settlements, and enterprises with what makes them dangerous."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from bianwang.modules.emergency.models import Arrival, Judgement, Settlement
from bianwang.modules.risks.models import Source
from bianwang.modules.risks.queries import is_major
from bianwang.platform.places.models import Enterprise
from bianwang.spread.origin import Origin


def around(judgement: Judgement) -> list[Arrival]:
    """Every place on the grid, as rows that nobody has saved."""
    box = _box(judgement)
    settlements = Settlement.objects.filter(is_active=True, **box).select_related("owner").order_by("pk")
    enterprises = list(Enterprise.objects.filter(is_active=True, **box).order_by("pk"))
    remarks = dangers([row.pk for row in enterprises])
    found = [_settlement(judgement, row) for row in settlements]
    return found + [_enterprise(judgement, row, remarks.get(row.pk, "")) for row in enterprises]


def dangers(parties: list[int]) -> dict[int, str]:
    """Major hazard sources of enterprises in words."""
    words: dict[int, list[str]] = defaultdict(list)
    rows = Source.objects.filter(is_major(), owner__in=parties).order_by("grade", "pk")
    for row in rows:
        words[row.owner_id].append(f"{row.grade}重大危险源“{row.name}”，500 m 内 {row.people} 人")
    return {party: "；".join(found)[:200] for party, found in words.items()}


def _box(judgement: Judgement) -> dict[str, Any]:
    half = judgement.cell * judgement.side / 2
    origin = Origin(judgement.longitude, judgement.latitude)
    (west, south), (east, north) = origin.wgs84(-half, -half), origin.wgs84(half, half)
    return {"longitude__range": (float(west), float(east)), "latitude__range": (float(south), float(north))}


def _settlement(judgement: Judgement, row: Settlement) -> Arrival:
    return Arrival(
        judgement=judgement,
        kind=Arrival.Kind.SETTLEMENT,
        name=row.name,
        party=row.owner,
        households=row.households,
        people=row.people,
        frail=row.frail,
        longitude=row.longitude,
        latitude=row.latitude,
    )


def _enterprise(judgement: Judgement, row: Enterprise, remark: str) -> Arrival:
    assert row.longitude is not None and row.latitude is not None  # noqa: S101, PT018 - asked for by the box
    return Arrival(
        judgement=judgement,
        kind=Arrival.Kind.ENTERPRISE,
        name=row.name,
        party=row,
        remark=remark or (row.get_sector_display() if row.sector != Enterprise.Sector.INDUSTRY else ""),
        longitude=row.longitude,
        latitude=row.latitude,
    )
