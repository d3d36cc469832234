"""The Excel list in which units report the visits that they made."""

from __future__ import annotations

from typing import Any

from bianwang.modules.enforcement import queries, units
from bianwang.modules.enforcement.earlier import Earlier
from bianwang.modules.enforcement.models import Campaign, Visit
from bianwang.modules.enforcement.people import parse_people
from bianwang.modules.enforcement.services import imports
from bianwang.platform import access
from bianwang.platform.exchange.sheets import Errors, Row, Sheet, SheetColumn
from bianwang.platform.places.models import Enterprise

Known = tuple[dict[str, int], dict[str, int], dict[str, Campaign]]
_NAMES = {"is_statutory": "statutory", "is_filed": "filed", "recheck_of": "recheck_number"}
"""Columns of the sheet that are named otherwise than the fields of a visit."""


def check(user: Any, rows: list[Row]) -> Errors:
    """Units, enterprises and campaigns must be known and in the user's scope, each visit right in itself.

    A recheck must name its earlier visit: one that the unit has reported, or that stands above it in the list.
    """
    known = _lookup(user, rows)
    earlier = Earlier(rows, known[0], known[1])
    errors: dict[int, dict[str, str]] = {}
    for index, row in enumerate(rows):
        found = _row_errors(index, row, known, earlier)
        if found:
            errors[index] = found
    return errors


def apply(user: Any, rows: list[Row]) -> None:
    """Write one piece, unit by unit."""
    known = _lookup(user, rows)
    by_unit: dict[int, list[Row]] = {}
    for row in rows:
        by_unit.setdefault(known[0][row["unit"]], []).append(row)
    for unit, mine in by_unit.items():
        people = {row["number"]: parse_people(row.get("people") or "") for row in mine}
        imports.import_rows(user, unit, [_values(row, known) for row in mine], people)


def _lookup(user: Any, rows: list[Row]) -> Known:
    codes = {row.get("credit_code") for row in rows}
    named = {row.get("unit") for row in rows}
    campaigns = {row.get("campaign") for row in rows if row.get("campaign")}
    enterprises = access.visible(user, Enterprise, "enforcement.import").filter(credit_code__in=codes)
    return (
        dict(units.units(user, "enforcement.import").filter(name__in=named).values_list("name", "pk")),
        dict(enterprises.values_list("credit_code", "pk")),
        {row.name: row for row in queries.campaigns().filter(name__in=campaigns)},
    )


def _row_errors(index: int, row: Row, known: Known, earlier: Earlier) -> dict[str, str]:
    bodies, enterprises, campaigns = known
    found = {}
    if row.get("unit") and row["unit"] not in bodies:
        found["unit"] = f"没有名为“{row['unit']}”的单位，或您不能代它报送，请按单位登记名称填写。"
    if row.get("credit_code") and row["credit_code"] not in enterprises:
        found["credit_code"] = f"没有信用代码为“{row['credit_code']}”的企业，或不在您的管辖范围内。"
    if row.get("campaign") and row["campaign"] not in campaigns:
        found["campaign"] = f"没有名为“{row['campaign']}”的专项行动，请在“专项行动”页面查对。"
    try:
        people = parse_people(row.get("people") or "")
    except ValueError as error:
        return {**found, "people": str(error)}
    if row.get("date") and row.get("kind"):
        campaign = campaigns.get(row.get("campaign") or "")
        first, missing = earlier.of(index)
        unit = bodies.get(row.get("unit") or "")
        own = imports.row_faults(unit, _values(row, known), campaign, people, first)
        if missing:
            own["recheck_of"] = missing
        found = {_NAMES.get(name, name): words for name, words in own.items()} | found
    return found


def _values(row: Row, known: Known) -> dict[str, Any]:
    campaign = known[2].get(row.get("campaign") or "")
    return {
        "external_number": row["number"],
        "enterprise_id": known[1].get(row["credit_code"]),
        "date": row["date"],
        "kind": row["kind"],
        "state": Visit.State.DONE,
        "is_statutory": bool(row.get("statutory")),
        "campaign_id": campaign.pk if campaign else None,
        "is_filed": bool(row.get("filed")),
        "documents_complete": bool(row.get("documents_complete")),
        "recheck_by": row.get("recheck_by"),
        "recheck_number": row.get("recheck_number"),
        "result": row.get("result") or "",
    }


VISITS = Sheet(
    kind="enforcement.visit",
    title="检查",
    permission="enforcement.import",
    columns=(
        SheetColumn("unit", "报送单位", required=True, note="单位登记名称", example="青杠街道办事处", max_length=100),
        SheetColumn("number", "报送单位编号", required=True, note="单位自己的编号；重复导入时据此更新", max_length=60),
        SheetColumn("credit_code", "统一社会信用代码", required=True, max_length=18),
        SheetColumn("date", "检查日期", required=True, kind="date", note="只导入已完成的检查"),
        SheetColumn("kind", "类别", required=True, kind="choice", choices=Visit.Kind.choices),
        SheetColumn(
            "people", "检查人员", note="姓名 执法证号，用分号隔开", example="李某 渝01；何某 渝02", max_length=500
        ),
        SheetColumn("statutory", "执法检查", kind="flag", note="是则须有两名以上持证人员"),
        SheetColumn("campaign", "专项行动", note="专项检查必填，与专项行动名称一致", max_length=60),
        SheetColumn("documents_complete", "文书齐全", kind="flag"),
        SheetColumn("filed", "立案", kind="flag"),
        SheetColumn("recheck_by", "应复查日期", kind="date"),
        SheetColumn("recheck_number", "复查的原检查编号", note="类别为复查时必填：原检查的报送单位编号", max_length=60),
        SheetColumn("result", "检查情况", max_length=500),
    ),
    key=("unit", "number"),
    check=check,
    apply=apply,
)
