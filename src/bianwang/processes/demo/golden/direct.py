"""The bureau's plan and its visits to the enterprises that it supervises directly, each followed by a recheck."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from bianwang.modules.enforcement import services as enforcement
from bianwang.modules.enforcement.models import Visit
from bianwang.modules.enforcement.queries import statutory_days
from bianwang.modules.hazards import services as hazards
from bianwang.modules.hazards.models import Hazard
from bianwang.platform.places.models import Enterprise
from bianwang.platform.places.queries import bureau
from bianwang.processes.demo.golden.findings import Finder
from bianwang.processes.demo.golden.year import Golden, moment, pieces, scene

_RECHECK_DAYS = 10
_STEP = 97
"""Visits go through the year in steps of about four months: the three of an enterprise lie well apart."""


def load(golden: Golden, finder: Finder) -> None:
    """The plan, approved in January; its visits; what was found."""
    enterprises = list(Enterprise.objects.filter(is_direct=True).order_by("pk"))
    _plan(golden, enterprises)
    visits = _first_visits(golden, enterprises)
    _visits(golden, visits)
    _hazards(golden, finder, visits)


def _plan(golden: Golden, enterprises: list[Enterprise]) -> None:
    year, data = golden.data.year, golden.data.inspections
    officers, head = [golden.cast.user("zhifa"), golden.cast.user("zhifa2")], golden.cast.user("kezhang")
    days = statutory_days(year) * data.people
    values = {
        "year": year,
        "statutory_days": statutory_days(year),
        "people": data.people,
        "other_days": round(days * 0.45),
        "other_note": "虚构：举报核实、联合执法、宣传教育等。",
        "non_days": round(days * 0.37),
        "non_note": "虚构：值班、学习会议、年休假等。",
        "is_demo": True,
    }
    with scene(officers[0], moment(date(year, 1, 6))):
        plan = enforcement.create(officers[0], bureau(), values, officers)
        for month in range(1, 5):
            mine = enterprises[month - 1 :: 4]
            item = {"kind": "key", "month": month, "times": data.times, "days": 2}
            enforcement.add_items(plan, officers[0], mine, item)
    with scene(head, moment(date(year, 1, 10))):
        enforcement.approve(plan, head)


def _first_visits(golden: Golden, enterprises: list[Enterprise]) -> list[dict[str, Any]]:
    """As many planned visits as the plan has, and one that followed a complaint; rechecks come on top."""
    year, times = golden.data.year, golden.data.inspections.times
    rows = []
    for turn in range(times):
        for number, enterprise in enumerate(enterprises):
            day = date(year, 1, 11) + timedelta(days=turn * _STEP + number * 90 // len(enterprises))
            rows.append(_visit(enterprise, day, "plan"))
    rows.append(_visit(enterprises[0], date(year, 11, 22), "complaint"))
    return sorted(rows, key=lambda row: row["date"])


def _visit(enterprise: Enterprise, day: date, kind: str) -> dict[str, Any]:
    day = day + timedelta(days=max(0, day.weekday() - 4) and 7 - day.weekday())
    return {
        "enterprise_id": enterprise.pk,
        "date": day,
        "kind": kind,
        "state": Visit.State.DONE,
        "is_statutory": True,
        "campaign_id": None,
        "is_filed": False,
        "documents_complete": True,
        "recheck_by": day + timedelta(days=_RECHECK_DAYS),
        "recheck_number": None,
        "result": "",
    }


def _visits(golden: Golden, first: list[dict[str, Any]]) -> None:
    """Month by month, each visit's recheck in the month in which it was made."""
    officers = [golden.cast.user("zhifa"), golden.cast.user("zhifa2")]
    people = [(officer.name, officer.certificate) for officer in officers]
    rows = []
    for number, row in enumerate(first, 1):
        row["external_number"] = f"璧应急检查{number:03d}"
        again = {"date": row["recheck_by"] - timedelta(days=3), "kind": "recheck", "recheck_by": None}
        names = {"external_number": f"璧应急复查{number:03d}", "recheck_number": row["external_number"]}
        rows += [row, {**row, **again, **names}]
    months = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["date"]):
        months[row["date"].month].append(row)
    unit = bureau()
    for mine in months.values():
        with scene(officers[0], moment(mine[-1]["date"], 18)):
            for piece in pieces(mine, 50):
                names = {row["external_number"]: people for row in piece}
                enforcement.import_rows(officers[0], unit.pk, piece, names, is_demo=True)


def _hazards(golden: Golden, finder: Finder, visits: list[dict[str, Any]]) -> None:
    """Some at each first visit, ordered to be rectified, rechecked, closed."""
    officer, second = golden.cast.user("zhifa"), golden.cast.user("zhifa2")
    chance, unit, rows, found = golden.chance("direct"), bureau(), [], {}
    for visit in visits:
        for number in range(1, golden.data.hazards.direct // len(visits) + 1):
            row = finder.enforced(chance, visit["enterprise_id"], visit["date"])
            row["external_number"] = f"{visit['external_number']}-{number}"
            found[row["external_number"]] = visit["external_number"]
            rows.append(row)
    with scene(officer, moment(date(golden.data.year, 12, 31), 18)):
        hazards.load_history(officer, unit, rows, second)
        known = Hazard.objects.filter(reporting_unit=unit).in_bulk(field_name="number")
        by_visit = defaultdict(list)
        for hazard in known.values():
            by_visit[found[hazard.external_number or ""]].append(hazard)
        visited = Visit.objects.filter(unit=unit, external_number__in=by_visit).select_related("enterprise")
        for made in visited.order_by("pk"):
            enforcement.note_hazards(made, officer, by_visit[made.external_number or ""])
