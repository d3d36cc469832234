"""The Excel list of settlements."""

from __future__ import annotations

from typing import Any

from bianwang.modules.emergency.models import Settlement
from bianwang.modules.emergency.services import save_settlement
from bianwang.modules.emergency.units import towns
from bianwang.platform import access
from bianwang.platform.exchange.sheets import Errors, Row, Sheet, SheetColumn
from bianwang.platform.personal import masked_phone
from bianwang.platform.places.models import Organisation

_WHOLE = ("households", "people", "frail")
_BOUNDS = {"longitude": (73, 136), "latitude": (3, 54)}


def check(user: Any, rows: list[Row]) -> Errors:
    """Towns must be known and in scope, numbers whole, places in China."""
    known = _towns(user)
    found = {index: _faults(row, known) for index, row in enumerate(rows)}
    return {index: faults for index, faults in found.items() if faults}


def apply(user: Any, rows: list[Row]) -> None:
    """Write one piece: by town and name a settlement is entered once and changed afterwards."""
    known = _towns(user)
    for row in rows:
        owner = known[row["town"]]
        values = {name: value for name, value in row.items() if name != "town" and value is not None}
        values |= {name: int(values[name]) for name in _WHOLE if name in values}
        values |= {name: float(values[name]) for name in _BOUNDS}
        save_settlement(user, owner, values, Settlement.objects.filter(owner=owner, name=row["name"]).first())


def _towns(user: Any) -> dict[str, Organisation]:
    return {row.name: row for row in access.visible(user, Organisation, "emergency.settlements") & towns()}


def _faults(row: Row, known: dict[str, Organisation]) -> dict[str, str]:
    found: dict[str, str] = {}
    if row["town"] and row["town"] not in known:
        found["town"] = f"没有名为“{row['town']}”的镇街，或不在您的管辖范围内，请填单位全称。"
    for name in _WHOLE:
        if row[name] is not None and (row[name] != int(row[name]) or not 0 <= row[name] <= 1_000_000):
            found[name] = "应为 0 至 1000000 的整数，请改正。"
    for name, (low, high) in _BOUNDS.items():
        if row[name] is not None and not low <= row[name] <= high:
            found[name] = f"应在 {low} 至 {high} 之间（WGS-84），请检查经度和纬度是否写反。"
    if not found and row["frail"] is not None and row["people"] is not None and row["frail"] > row["people"]:
        found["frail"] = "不能多于人数，请核对。"
    return found


SETTLEMENTS = Sheet(
    kind="emergency.settlement",
    title="居民点",
    permission="emergency.settlements",
    columns=(
        SheetColumn("town", "所属镇街", required=True, max_length=100, note="单位全称", example="青杠街道办事处"),
        SheetColumn("name", "居民点", required=True, max_length=60, note="同一镇街内不重名", example="石河村三社"),
        SheetColumn("households", "户数", required=True, kind="number", example="18"),
        SheetColumn("people", "人数", required=True, kind="number", example="52"),
        SheetColumn("frail", "需协助转移的人数", kind="number", note="不能自行转移的老人、病人、幼儿", example="6"),
        SheetColumn("longitude", "经度", required=True, kind="number", note="WGS-84，十进制度", example="106.2051"),
        SheetColumn("latitude", "纬度", required=True, kind="number", note="WGS-84，十进制度", example="29.5932"),
        SheetColumn("contact", "联系人", max_length=30, mask=str),
        SheetColumn("phone", "联系电话", max_length=20, mask=masked_phone),
    ),
    key=("town", "name"),
    check=check,
    apply=apply,
)
