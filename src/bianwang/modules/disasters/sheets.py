"""The Excel lists of towns' figures and of damaged dwellings."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from bianwang.modules.disasters.checking import Figures, show, total
from bianwang.modules.disasters.identity import Person, check_person, digest
from bianwang.modules.disasters.models import Disaster, House, Report, Sheet
from bianwang.modules.disasters.pack import pack
from bianwang.modules.disasters.services.ledgers import ELSEWHERE, HOUSE_COLUMNS, house_faults, import_houses
from bianwang.modules.disasters.services.sheets import check_figures, fill
from bianwang.modules.disasters.units import towns
from bianwang.modules.disasters.workflow import WAITED_FOR
from bianwang.platform import access
from bianwang.platform.exchange.sheets import Errors, Row, Sheet as ExcelSheet, SheetColumn
from bianwang.platform.personal import id_number, masked_id, masked_name, masked_phone
from bianwang.platform.places.models import Organisation, Party

TOTAL = "合计"
"""The town of the row that sums the others."""
_MOST = 999
_COUNTS = ("people", "rooms", "collapsed", "severe", "general")


def check_sheets(user: Any, rows: list[Row]) -> Errors:
    """Reports must be collecting, towns the user's, relations hold, and a sum be the sum of its rows."""
    errors: dict[int, dict[str, str]] = {}
    known = _sheets(user, rows)
    for index, row in enumerate(rows):
        found = _sum_fault(row, rows) if row.get("unit") == TOTAL else _sheet_fault(row, known)
        if found:
            errors[index] = found
    return errors


def apply_sheets(user: Any, rows: list[Row]) -> None:
    """Write one piece; a row whose figures stand there already changes nothing."""
    known = _sheets(user, rows)
    for row in rows:
        if row["unit"] == TOTAL:
            continue
        sheet, step = known[row["report"], row["unit"]]
        given = _figures(row, sheet)
        if dict(sheet.figures.values_list("code", "value")) != given:
            fill(sheet, user, given, step=step, note=row["note"] or "", reason="Excel 导入")


def check_houses(user: Any, rows: list[Row]) -> Errors:
    """Disasters must be open, towns struck and the user's, numbers right, figures possible; with a few queries."""
    disasters = _disasters(user, rows)
    units = _units(user)
    concerned = _concerned(disasters.values())
    elsewhere = _towns_by_digest(disasters.values())
    errors: dict[int, dict[str, str]] = {}
    for index, row in enumerate(rows):
        found: dict[str, str] = {}
        disaster, unit = disasters.get(row["disaster"] or ""), units.get(row["unit"] or "")
        if row["disaster"] and disaster is None:
            found["disaster"] = f"没有可登记台账的灾害“{row['disaster']}”，请按灾害编号填写。"
        if row["unit"] and unit is None:
            found["unit"] = f"“{row['unit']}”不是您可以登记的镇街，请按单位名称填写。"
        if disaster and unit and unit.pk not in concerned[disaster.pk]:
            found["unit"] = f"{unit}不在这场灾害的受灾镇街之内。"
        found |= _who_fault(row)
        if disaster and unit and elsewhere.get((disaster.pk, _digest(row)), unit.pk) != unit.pk:
            found["id_number"] = ELSEWHERE
        if all(row[name] is not None for name in _COUNTS):
            found |= house_faults({name: int(row[name]) for name in _COUNTS})
        if found:
            errors[index] = found
    return errors


def apply_houses(user: Any, rows: list[Row]) -> None:
    """Write one piece."""
    disasters, units = _disasters(user, rows), _units(user)
    import_houses(
        user,
        [
            {
                **{name: row[name] for name in HOUSE_COLUMNS},
                **{name: int(row[name]) for name in _COUNTS},
                "is_sole": bool(row["is_sole"]),
                "note": row["note"] or "",
                "disaster": disasters[row["disaster"]],
                "unit": units[row["unit"]],
                "person": Person(row["name"], row["id_number"], row["phone"] or ""),
            }
            for row in rows
        ],
    )


def _sheets(user: Any, rows: Iterable[Row]) -> dict[tuple[str, str], tuple[Sheet, str]]:
    """Sheets that can be filled, by report and town, with the step by which this user fills them."""
    numbers = {str(row["report"]).rpartition("-")[0] for row in rows if row.get("report")}
    reports = Report.objects.filter(disaster__number__in=numbers, state="collecting")
    found = {}
    for permission, steps in (
        ("disasters.file", {"asked": "enter", "returned": "enter", "filled": "enter"}),
        ("disasters.fill", {**dict.fromkeys(WAITED_FOR, "fill"), "filled": "change"}),
    ):
        if access.can(user, permission):
            rows_ = access.visible(user, Sheet, permission).filter(report__in=reports, state__in=list(steps))
            for sheet in rows_.select_related("report__disaster", "report__owner", "unit"):
                found[sheet.report.code, sheet.unit.name] = (sheet, steps[sheet.state])
    return found


def _sheet_fault(row: Row, known: dict[tuple[str, str], tuple[Sheet, str]]) -> dict[str, str]:
    if not row["report"] or not row["unit"]:
        return {}
    sheet, _ = known.get((row["report"], row["unit"]), (None, ""))
    if sheet is None:
        return {"unit": f"{row['unit']}在“{row['report']}”没有可填的灾情表，请核对报告编号和单位名称。"}
    try:
        check_figures(_figures(row, sheet), sheet.report.rules, row["note"] or "")
    except ValidationError as error:
        return {name: "".join(texts) for name, texts in error.message_dict.items()}
    return {}


def _sum_fault(row: Row, rows: list[Row]) -> dict[str, str]:
    """The sum of the towns in the file must be what the row of the sum says."""
    towns = [other for other in rows if other["report"] == row["report"] and other["unit"] != TOTAL]
    sums = total([_given(other) for other in towns])
    return {
        code: f"{TOTAL}为 {show(value)}，各镇街之和为 {show(sums.get(code, Decimal(0)))}，两者须相等。"
        for code, value in _given(row).items()
        if value != sums.get(code, Decimal(0))
    }


def _given(row: Row) -> Figures:
    return {code: row[code] for code in _CODES if row.get(code) is not None}


def _figures(row: Row, sheet: Sheet) -> dict[str, Decimal | None]:
    return {code: row[code] for code in (item.code for item in sheet.report.rules.indicators)}


def _disasters(user: Any, rows: Iterable[Row]) -> dict[str, Disaster]:
    numbers = {row["disaster"] for row in rows if row.get("disaster")}
    open_phases = (Disaster.Phase.REPORTING, Disaster.Phase.STABLE)
    found = access.visible(user, Disaster, "disasters.view").filter(number__in=numbers, phase__in=open_phases)
    return {row.number: row for row in found}


def _units(user: Any) -> dict[str, Party]:
    mine = access.visible(user, Organisation, "disasters.ledger_edit").order_by().values("pk")
    return {town.name: town for town in towns().filter(pk__in=mine)}


def _concerned(disasters: Iterable[Disaster]) -> dict[int, set[int]]:
    return {row.pk: set(row.concerned.values_list("pk", flat=True)) for row in disasters}


def _towns_by_digest(disasters: Iterable[Disaster]) -> dict[tuple[int, str], int]:
    """Which town entered whom."""
    rows = House.objects.filter(disaster__in=list(disasters))
    return {(disaster, digest_): unit for disaster, digest_, unit in rows.values_list("disaster", "digest", "unit")}


def _digest(row: Row) -> str:
    return digest(row["id_number"]) if row["id_number"] else ""


def _who_fault(row: Row) -> dict[str, str]:
    if not row["name"] or not row["id_number"]:
        return {}
    try:
        check_person(Person(row["name"], row["id_number"], row["phone"] or ""))
    except ValidationError as error:
        return {name: "".join(texts) for name, texts in error.message_dict.items()}
    return {}


def _whole(value: Decimal) -> Decimal:
    """A number of rooms or people."""
    if value != int(value) or not 0 <= value <= _MOST:
        raise ValidationError(f"须是 0 到 {_MOST} 的整数。")
    return value


_INDICATORS = {row.code: row for rules in pack().sets for row in rules.indicators}
_CODES = tuple(_INDICATORS)

FIGURES = ExcelSheet(
    kind="disasters.figures",
    title="镇街灾情",
    permission="disasters.import",
    columns=(
        SheetColumn(
            "report", "报告编号", required=True, note="灾害编号加报次，见灾情表页面", example="璧灾〔2026〕1-1"
        ),
        SheetColumn("unit", "填报单位", required=True, note="与平台上的名称一致；“合计”行须等于各镇街之和"),
        *(
            SheetColumn(row.code, f"{row.plain}（{row.unit}）", kind="number", required=True, note="没有的填 0")
            for row in _INDICATORS.values()
        ),
        SheetColumn("note", "填报说明", max_length=500, note="数字看起来不合常理而确实如此的写明原因"),
    ),
    key=("report", "unit"),
    check=check_sheets,
    apply=apply_sheets,
    max_rows=500,
)

HOUSES = ExcelSheet(
    kind="disasters.house",
    title="倒损住房户",
    permission="disasters.ledger_edit",
    columns=(
        SheetColumn("disaster", "灾害编号", required=True, example="璧灾〔2026〕1"),
        SheetColumn("unit", "镇街", required=True, note="与平台上的单位名称一致", example="青杠街道办事处"),
        SheetColumn("village", "村（社区）和组", required=True, max_length=60),
        SheetColumn("name", "户主姓名", required=True, max_length=30, mask=masked_name),
        SheetColumn("id_number", "身份证号码", required=True, max_length=18, clean=id_number, mask=masked_id),
        SheetColumn("phone", "联系电话", max_length=20, mask=masked_phone),
        SheetColumn("people", "家庭人口", required=True, kind="number", clean=_whole),
        SheetColumn("structure", "房屋结构", required=True, kind="choice", choices=House.Structure.choices),
        SheetColumn("rooms", "原有间数", required=True, kind="number", clean=_whole),
        SheetColumn("collapsed", "倒塌间数", required=True, kind="number", clean=_whole, note="没有的填 0"),
        SheetColumn("severe", "严重损坏间数", required=True, kind="number", clean=_whole, note="没有的填 0"),
        SheetColumn("general", "一般损坏间数", required=True, kind="number", clean=_whole, note="没有的填 0"),
        SheetColumn("is_sole", "唯一住房", required=True, kind="flag"),
        SheetColumn("note", "备注"),
    ),
    key=("disaster", "id_number"),
    check=check_houses,
    apply=apply_houses,
)
