"""The Excel list in which outside units report their hazards."""

from __future__ import annotations

from datetime import datetime, time
from itertools import pairwise
from typing import Any

from bianwang.modules.hazards.models import Criterion, Hazard
from bianwang.modules.hazards.services.imports import import_rows
from bianwang.platform import access
from bianwang.platform.clock import SHANGHAI
from bianwang.platform.exchange.sheets import Errors, Row, Sheet, SheetColumn
from bianwang.platform.places.models import Enterprise, Organisation

_SOURCES = [choice for choice in Hazard.Source.choices if choice[0] not in {"sensor", "vision"}]


def check(user: Any, rows: list[Row]) -> Errors:
    """Units and enterprises must be known and in the user's scope, dates in order, major ones by a criterion."""
    units, enterprises, criteria = _lookup(user, rows)
    errors: dict[int, dict[str, str]] = {}
    for index, row in enumerate(rows):
        found = dict(_row_errors(row, units, enterprises, criteria))
        if found:
            errors[index] = found
    return errors


def apply(user: Any, rows: list[Row]) -> None:
    """Write one piece, unit by unit."""
    units, enterprises, criteria = _lookup(user, rows)
    by_unit: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        by_unit.setdefault(units[row["unit"]], []).append(_values(row, enterprises, criteria))
    for unit, values in by_unit.items():
        import_rows(user, unit, values)


def _lookup(user: Any, rows: list[Row]) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    named = {row.get("unit") for row in rows}
    codes = {row.get("credit_code") for row in rows}
    items = {row.get("criterion") for row in rows if row.get("criterion")}
    units = access.visible(user, Organisation, "hazards.import").filter(name__in=named)
    enterprises = access.visible(user, Enterprise, "hazards.import").filter(credit_code__in=codes)
    criteria = Criterion.objects.filter(code__in=items).order_by("valid_from")
    return (
        dict(units.values_list("name", "pk")),
        dict(enterprises.values_list("credit_code", "pk")),
        dict(criteria.values_list("code", "pk")),
    )


def _row_errors(
    row: Row, units: dict[str, int], enterprises: dict[str, int], criteria: dict[str, int]
) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if row.get("unit") and row["unit"] not in units:
        found.append(("unit", f"没有名为“{row['unit']}”的单位，或不在您的管辖范围内，请按单位登记名称填写。"))
    if row.get("credit_code") and row["credit_code"] not in enterprises:
        found.append(("credit_code", f"没有信用代码为“{row['credit_code']}”的企业，或不在您的管辖范围内。"))
    if row.get("grade") == Hazard.Grade.MAJOR and not row.get("criterion"):
        found.append(("criterion", "重大隐患必须填写判定标准代码。"))
    if row.get("criterion") and row["criterion"] not in criteria:
        found.append(("criterion", f"没有代码为“{row['criterion']}”的判定标准，请在“重大隐患判定标准”页面查对。"))
    order = [("found_on", "发现日期"), ("rectified_on", "整改完成日期"), ("closed_on", "销号日期")]
    dated = [(name, words, row[name]) for name, words in order if row.get(name)]
    for (_, earlier, before), (name, words, after) in pairwise(dated):
        if after < before:
            found.append((name, f"{words} {after} 早于{earlier} {before}，请核对。"))
    if row.get("closed_on") and not row.get("rectified_on"):
        found.append(("rectified_on", "已销号的隐患须填写整改完成日期。"))
    return found


def _values(row: Row, enterprises: dict[str, int], criteria: dict[str, int]) -> dict[str, Any]:
    return {
        "external_number": row["number"],
        "owner": enterprises[row["credit_code"]],
        "source": row["source"],
        "title": row["title"],
        "category": row["category"],
        "grade": row["grade"],
        "criterion_id": criteria.get(row.get("criterion") or ""),
        "found_at": _moment(row["found_on"], time(0, 0)),
        "rectify_by": _moment(row.get("rectify_by"), time(23, 59, 59)),
        "rectified_at": _moment(row.get("rectified_on"), time(12, 0)),
        "closed_at": _moment(row.get("closed_on"), time(12, 0)),
        "result": row.get("result") or "",
    }


def _moment(day: Any, clock: time) -> datetime | None:
    return datetime.combine(day, clock, SHANGHAI) if day else None


HAZARDS = Sheet(
    kind="hazards.hazard",
    title="外单位隐患",
    permission="hazards.import",
    columns=(
        SheetColumn("unit", "报送单位", required=True, note="单位登记名称", example="青杠街道办事处", max_length=100),
        SheetColumn("number", "报送单位编号", required=True, note="单位自己的编号；重复导入时据此更新", max_length=60),
        SheetColumn("credit_code", "统一社会信用代码", required=True, max_length=18),
        SheetColumn("source", "来源", required=True, kind="choice", choices=_SOURCES),
        SheetColumn("title", "隐患", required=True, max_length=120),
        SheetColumn("category", "类别", required=True, kind="choice", choices=Hazard.Category.choices),
        SheetColumn("grade", "级别", required=True, kind="choice", choices=Hazard.Grade.choices),
        SheetColumn("criterion", "判定标准代码", note="重大隐患必填", max_length=40),
        SheetColumn("found_on", "发现日期", required=True, kind="date"),
        SheetColumn("rectify_by", "整改期限", kind="date"),
        SheetColumn("rectified_on", "整改完成日期", kind="date", note="空表示尚未整改"),
        SheetColumn("closed_on", "销号日期", kind="date", note="空表示尚未销号"),
        SheetColumn("result", "整改结果", max_length=500),
    ),
    key=("unit", "number"),
    check=check,
    apply=apply,
)
