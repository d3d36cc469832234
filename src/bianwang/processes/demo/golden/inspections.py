"""Visits and the hazards found at them: the bureau's own one by one, those of all other units in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bianwang.modules.enforcement import services as enforcement
from bianwang.modules.enforcement.models import Campaign
from bianwang.modules.hazards import services as hazards
from bianwang.platform.calendar import queries as calendar
from bianwang.platform.places.models import Enterprise, Organisation
from bianwang.processes.demo.golden import direct
from bianwang.processes.demo.golden.findings import LEFT, Finder
from bianwang.processes.demo.golden.year import Golden, moment, pieces, scene, spread

_PIECE = 1_000
_KINDS = {
    "town": ("patrol",) * 6 + ("campaign", "complaint"),
    "committee": ("campaign", "plan", "plan", "complaint"),
    "department": ("plan", "plan", "plan", "campaign", "complaint"),
}
"""What a level of unit mostly does; outside a campaign's days it does the first of the others."""
_SOURCES = {"town": ("town",) * 8 + ("self", "expert"), "committee": ("department",), "department": ("department",)}


@dataclass(frozen=True)
class Unit:
    """One unit's share of the year."""

    party: Organisation
    enterprises: Sequence[tuple[int, str]]
    """Primary key and sector."""
    visits: int
    hazards: int


def load(golden: Golden) -> None:
    """The bureau's plan and visits first, then every other unit's."""
    officer = golden.cast.user("zhifa")
    campaigns = _campaigns(golden)
    finder = Finder(golden)
    direct.load(golden, finder)
    days = working_days(golden.data.year)
    with scene(officer, moment(date(golden.data.year + 1, 1, 5))):
        units = _units(golden)
        for unit, few in zip(units, _few(golden, units), strict=True):
            finder.allow(golden.chance(f"few {unit.party.code}"), **few)
            for piece in pieces(_year(golden, unit, finder, days, campaigns), _PIECE):
                found = [hazard for _, hazard in piece if hazard]
                hazards.load_history(officer, unit.party, found)
                links = {hazard["external_number"]: visit["external_number"] for visit, hazard in piece if hazard}
                enforcement.load_history(officer, unit.party, [visit for visit, _ in piece], links, is_demo=True)
    finder.settle()


def working_days(year: int) -> list[date]:
    """The working days of a year."""
    return [row.day for row in calendar.year(year) if row.is_working]


def _campaigns(golden: Golden) -> list[Campaign]:
    head, found = golden.cast.user("kezhang"), []
    for row in golden.data.inspections.campaigns:
        values = {"name": row.name, "first_day": row.first_day, "last_day": row.last_day, "is_demo": True}
        with scene(head, moment(row.first_day)):
            note = "名称取自2022年度自评报告，起止日期为虚构。"
            found.append(enforcement.save_campaign(Campaign(), head, {**values, "note": note}))
    return found


def _units(golden: Golden) -> list[Unit]:
    """Units by level, the busiest last; each level has its share of visits and hazards, its units about as much."""
    data, level = golden.data, Organisation.Level
    levels = [row.value for row in (level.DEPARTMENT, level.COMMITTEE, level.TOWN)]
    weights = [data.inspections.shares[name] for name in levels]
    visits = spread(golden.scaled(data.inspections.visits - data.inspections.direct), weights)
    found = spread(golden.scaled(data.hazards.found - data.hazards.direct), weights)
    units = []
    for name, visit_count, hazard_count in zip(levels, visits, found, strict=True):
        parties = list(Organisation.objects.filter(level=name, is_active=True).order_by("code"))
        even = [1] * len(parties)
        shares = zip(parties, spread(visit_count, even), spread(hazard_count, even), strict=True)
        for party, many, hazards_of_it in shares:
            units.append(Unit(party, _enterprises(party), many, hazards_of_it))
    return units


def _few(golden: Golden, units: Sequence[Unit]) -> list[dict[str, int]]:
    """How many hazards of each unit are left open, or are major, in proportion to what it found."""
    data, weights = golden.data.hazards, [unit.hazards for unit in units]
    counts = {"overdue": data.overdue, "major_open": data.major_open, "major": data.major - data.major_open}
    counts["waiting"] = data.found - data.rectified - data.overdue - data.major_open
    parts = [spread(counts[name], weights) for name in LEFT]
    return [dict(zip(LEFT, few, strict=True)) for few in zip(*parts, strict=True)]


def _enterprises(party: Organisation) -> list[tuple[int, str]]:
    rows = Enterprise.objects.order_by("pk")
    if party.territory_id:
        rows = rows.filter(territories=party.territory_id)
    return list(rows.values_list("pk", "sector"))


def _year(
    golden: Golden, unit: Unit, finder: Finder, days: Sequence[date], campaigns: Sequence[Campaign]
) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """The visits of a unit through the year, and with most of them what was found."""
    chance, level = golden.chance(unit.party.code), str(unit.party.level)
    kinds, sources = _KINDS[level], _SOURCES[level]
    running = {day: next((row.pk for row in campaigns if row.first_day <= day <= row.last_day), None) for day in days}
    found = 0
    for number in range(unit.visits):
        day = days[number * len(days) // unit.visits]
        enterprise, sector = unit.enterprises[int(chance.random() * len(unit.enterprises))]
        kind = kinds[int(chance.random() * len(kinds))]
        campaign = running[day] if kind == "campaign" else None
        if kind == "campaign" and campaign is None:
            kind = next(other for other in kinds if other != "campaign")
        visit = {
            "external_number": f"{day.year}-{number + 1:05d}",
            "enterprise_id": enterprise,
            "date": day,
            "kind": kind,
            "campaign_id": campaign,
        }
        hazard = None
        if found < (number + 1) * unit.hazards // unit.visits:
            found += 1
            source = sources[int(chance.random() * len(sources))]
            hazard = finder.found(chance, enterprise, sector, day, source)
            hazard["external_number"] = f"{day.year}-{number + 1:05d}-1"
        yield visit, hazard
