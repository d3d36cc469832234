"""The Excel list of risk points."""

from __future__ import annotations

from typing import Any

from bianwang.modules.risks.models import RiskPoint
from bianwang.modules.risks.pack import method
from bianwang.modules.risks.services import save_point
from bianwang.platform import access
from bianwang.platform.exchange.sheets import Errors, Row, Sheet, SheetColumn
from bianwang.platform.places.models import Enterprise, Zone


def check(user: Any, rows: list[Row]) -> Errors:
    """Enterprises and zones must be known and in scope, the factors values of their method."""
    owners, zones = _owners(user, rows), _zones(user, rows)
    errors: dict[int, dict[str, str]] = {}
    for index, row in enumerate(rows):
        found = _faults(row, owners, zones)
        if found:
            errors[index] = found
    return errors


def apply(user: Any, rows: list[Row]) -> None:
    """Write one piece."""
    owners, zones = _owners(user, rows), _zones(user, rows)
    for row in rows:
        owner = owners[row["credit_code"]]
        values = {name: value for name, value in row.items() if value is not None and name != "credit_code"}
        if "zone" in values:
            values["zone"] = zones[owner.pk, values["zone"]]
        known = RiskPoint.objects.filter(owner=owner, name=row["name"]).first()
        save_point(user, owner, values, known)


def _owners(user: Any, rows: list[Row]) -> dict[str, Enterprise]:
    codes = {row["credit_code"] for row in rows}
    found = access.visible(user, Enterprise, "risks.edit").filter(credit_code__in=codes)
    return {enterprise.credit_code: enterprise for enterprise in found}


def _zones(user: Any, rows: list[Row]) -> dict[tuple[int, str], Zone]:
    names = {row["zone"] for row in rows if row["zone"]}
    found = access.visible(user, Zone, "risks.edit").filter(name__in=names)
    return {(zone.owner_id, zone.name): zone for zone in found}


def _faults(row: Row, owners: dict[str, Enterprise], zones: dict[tuple[int, str], Zone]) -> dict[str, str]:
    found: dict[str, str] = {}
    owner = owners.get(row["credit_code"])
    if row["credit_code"] and owner is None:
        found["credit_code"] = f"没有信用代码为“{row['credit_code']}”的企业，或不在您的管辖范围内。"
    if row["zone"] and owner is not None and (owner.pk, row["zone"]) not in zones:
        found["zone"] = f"“{owner.name}”没有名为“{row['zone']}”的区域，请先登记区域。"
    if row["method"] and row["assessed_on"]:
        rules = method(row["method"], row["assessed_on"])
        for name in rules.factors:
            if not rules.allows(name, row[name]):
                found[name] = f"{rules.name}只能取 {rules.words(name)}。"
    return found


POINTS = Sheet(
    kind="risks.point",
    title="风险点",
    permission="risks.edit",
    columns=(
        SheetColumn("credit_code", "统一社会信用代码", required=True, max_length=18),
        SheetColumn("name", "风险点", required=True, max_length=80),
        SheetColumn("zone", "区域", max_length=60, note="企业登记的重点区域名称"),
        SheetColumn("hazard", "主要危险因素", required=True, max_length=300),
        SheetColumn("accidents", "可能导致的事故", required=True, max_length=120),
        SheetColumn("method", "评价方法", required=True, kind="choice", choices=RiskPoint.Method.choices),
        SheetColumn("likelihood", "可能性 L", required=True, kind="number"),
        SheetColumn("exposure", "暴露频次 E", kind="number", note="LEC 填写，LS 留空"),
        SheetColumn("consequence", "后果 C 或严重性 S", required=True, kind="number"),
        SheetColumn("controls", "管控措施", required=True, max_length=1000),
        SheetColumn("emergency", "应急处置", max_length=1000),
        SheetColumn("keeper", "责任人", required=True, max_length=30),
        SheetColumn("phone", "责任人电话", max_length=20),
        SheetColumn("assessed_on", "评价日期", required=True, kind="date"),
    ),
    key=("credit_code", "name"),
    check=check,
    apply=apply,
)
