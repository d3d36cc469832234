"""The Excel list of resources; a file with one wrong row leaves nothing behind."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError

from bianwang.modules.emergency import goods, services
from bianwang.modules.emergency.models import Resource
from bianwang.modules.emergency.pack.resources import ResourceKind, kinds
from bianwang.modules.emergency.units import named_areas, unknown_area
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.exchange.sheets import Errors, Row, Sheet, SheetColumn
from bianwang.platform.personal import masked_phone
from bianwang.platform.places.models import Organisation, Territory

_PERMISSION = "emergency.resource_edit"
_PHONE = re.compile(r"[\d\-－ ]{5,20}")


def check(user: Any, rows: list[Row]) -> Errors:
    """Kinds, units and places must be known, units in the user's scope, numbers whole."""
    known, units, areas = _kinds(), _units(user, rows), named_areas()
    errors: dict[int, dict[str, str]] = {}
    for index, row in enumerate(rows):
        found = _faults(row, known, units, areas)
        if found:
            errors[index] = found
    return errors


def apply(user: Any, rows: list[Row]) -> None:
    """Write one piece: new ones are entered, known ones (unit and name) put right."""
    known, units, areas = _kinds(), _units(user, rows), named_areas()
    for row in rows:
        values = _values(row, known, units, areas)
        old = Resource.objects.filter(owner=values["owner"], name=values["name"]).first()
        if old is None:
            services.add_resource(user, values)
        else:
            services.change_resource(user, old, values)


def _kinds() -> dict[str, ResourceKind]:
    return {row.name: row for row in kinds()}


def _units(user: Any, rows: list[Row]) -> dict[str, Organisation]:
    names = {row["owner"] for row in rows}
    return {unit.name: unit for unit in access.visible(user, Organisation, _PERMISSION).filter(name__in=names)}


def _faults(
    row: Row, known: dict[str, ResourceKind], units: dict[str, Organisation], areas: dict[str, Territory]
) -> dict[str, str]:
    found: dict[str, str] = {}
    kind = known.get(row["kind"])
    if row["kind"] and kind is None:
        found["kind"] = f"没有“{row['kind']}”这种资源，可填：{'、'.join(known)}。"
    if row["owner"] and row["owner"] not in units:
        found["owner"] = f"没有名为“{row['owner']}”的单位，或不在您的管辖范围内，请按登记名称填写。"
    if row["territory"] and row["territory"] not in areas:
        found["territory"] = unknown_area(row["territory"])
    if row["quantity"] is not None and (row["quantity"] < 0 or row["quantity"] % 1 or row["quantity"] > 10_000_000):
        found["quantity"] = "数量要填 0 至 10000000 的整数。"
    for name, low, high in (("longitude", 73, 136), ("latitude", 3, 54)):
        if row[name] is not None and not low <= row[name] <= high:
            found[name] = f"应在 {low} 至 {high} 度之间，请核对经度和纬度有没有填反。"
    if (row["longitude"] is None) != (row["latitude"] is None):
        found.setdefault("latitude", "经度和纬度要一起填写，或都不填。")
    if row["verified_on"] and row["verified_on"] > today():
        found["verified_on"] = "最近核实日期不能晚于今天。"
    if row["items"] and kind and kind.holds != "goods":
        found["items"] = f"{kind.name}不登记存放物资，请清空。"
    return found


def _values(
    row: Row, known: dict[str, ResourceKind], units: dict[str, Organisation], areas: dict[str, Territory]
) -> dict[str, Any]:
    """Columns of the resource; an empty cell is an empty text, so that a list can also clear one."""
    coordinates = {name: None if row[name] is None else float(row[name]) for name in ("longitude", "latitude")}
    texts = {name: row[name] or "" for name in ("outside_unit", "capabilities", "relief_store", "remark", "items")}
    told = {name: row[name] for name in ("name", "place", "contact", "phone", "verified_on")}
    return {
        **told,
        **texts,
        **coordinates,
        "kind": known[row["kind"]].code,
        "owner": units[row["owner"]],
        "territory": areas[row["territory"]],
        "quantity": int(row["quantity"]),
    }


def _goods(text: str) -> str:
    """The goods as the platform writes them. Raises ValidationError."""
    try:
        return goods.written(goods.parse(text))
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _phone(text: str) -> str:
    if not _PHONE.fullmatch(text):
        raise ValidationError("不是电话号码，请只用数字和短横线。")
    return text


RESOURCES = Sheet(
    kind="emergency.resource",
    title="应急资源",
    permission=_PERMISSION,
    columns=(
        SheetColumn("owner", "管理单位", required=True, max_length=100, note="平台上登记的单位名称"),
        SheetColumn("name", "名称", required=True, max_length=80, note="同一单位内不重名，重复导入时据此更新"),
        SheetColumn("kind", "种类", required=True, max_length=30, example="无人机", note="与“应急资源”的种类一致"),
        SheetColumn("quantity", "数量", required=True, kind="number", note="人数、台数；避难场所填可容纳人数"),
        SheetColumn("territory", "所在镇街或村社", required=True, max_length=60, example="青杠街道"),
        SheetColumn("place", "驻地", required=True),
        SheetColumn("longitude", "经度", kind="number", note="WGS 84，十进制度", example="106.2277"),
        SheetColumn("latitude", "纬度", kind="number", note="WGS 84，十进制度", example="29.5936"),
        SheetColumn("contact", "联系人", required=True, max_length=30, mask=str),
        SheetColumn("phone", "联系电话", required=True, max_length=20, clean=_phone, mask=masked_phone),
        SheetColumn("verified_on", "最近核实", required=True, kind="date"),
        SheetColumn("outside_unit", "系统外单位", max_length=100, note="属于没有平台账号的单位时填写"),
        SheetColumn("capabilities", "能力标签", note="用顿号分开", example="水上救援、破拆"),
        SheetColumn(
            "items", "存放物资", max_length=5000, clean=_goods, note="只有物资库填写", example="水带 20 盘；铁锹 50 把"
        ),
        SheetColumn("relief_store", "对应救灾仓库", max_length=60),
        SheetColumn("remark", "备注", max_length=300),
    ),
    key=("owner", "name"),
    check=check,
    apply=apply,
)
