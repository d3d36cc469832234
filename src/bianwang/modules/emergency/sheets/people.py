"""The Excel lists of headquarters' members and of evacuated people; a file with one wrong row leaves nothing behind."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError

from bianwang.modules.emergency import services
from bianwang.modules.emergency.models import Batch, Member
from bianwang.modules.emergency.pack.events import headquarters_choices
from bianwang.modules.emergency.queries.shelters import labels, meant
from bianwang.modules.emergency.units import named_areas, unknown_area
from bianwang.modules.emergency.workflow.events import LIVE
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.exchange.sheets import Errors, Row, Sheet, SheetColumn
from bianwang.platform.personal import masked_phone

_NAMED = {Member.Role.CHIEF, Member.Role.DEPUTY, Member.Role.LIAISON}


def check_members(user: Any, rows: list[Row]) -> Errors:
    """Who must have a name has one, and nobody leaves before he came."""
    errors: dict[int, dict[str, str]] = {}
    for index, row in enumerate(rows):
        found = {}
        if row["role"] in _NAMED and not row["name"]:
            found["name"] = "指挥长、副指挥长和联络员须写明姓名。"
        if row["valid_from"] and row["valid_to"] and row["valid_to"] < row["valid_from"]:
            found["valid_to"] = "止期不能早于起期。"
        if found:
            errors[index] = found
    return errors


def apply_members(user: Any, rows: list[Row]) -> None:
    """Write one piece."""
    empty = {"name": "", "title": "", "phone": "", "valid_from": today(), "valid_to": None}
    services.import_members(
        user, [{name: empty.get(name) if value is None else value for name, value in row.items()} for row in rows]
    )


def check_people(user: Any, rows: list[Row]) -> Errors:
    """Events must be worked on and the user's, and the batch ordered; with one query."""
    known, areas, sites = _batches(user, rows), named_areas(), labels()
    errors: dict[int, dict[str, str]] = {}
    for index, row in enumerate(rows):
        found: dict[str, str] = {}
        if row["event"] and row["batch"] and (row["event"], row["batch"]) not in known:
            found["batch"] = (
                f"事件“{row['event']}”没有可登记的第 {row['batch']} 批，请核对编号，或先在“转移安置”下达转移。"
            )
        if row["home"] and row["home"] not in areas:
            found["home"] = unknown_area(row["home"])
        try:
            meant(row["shelter"] or "", sites)
        except ValidationError as error:
            found["shelter"] = error.messages[0]
        if found:
            errors[index] = found
    return errors


def apply_people(user: Any, rows: list[Row]) -> None:
    """Write one piece; who stands on the list already is changed."""
    known, areas = _batches(user, rows), named_areas()
    lists: dict[tuple[Any, Any], list[Row]] = {}
    for row in rows:
        person = {**row, "home": areas[row["home"]] if row["home"] else None}
        lists.setdefault((row["event"], row["batch"]), []).append(person)
    for key, people in lists.items():
        services.list_people(user, known[key], people)


def _batches(user: Any, rows: list[Row]) -> dict[tuple[Any, Any], Batch]:
    """Lists that may be changed, by event and number."""
    numbers = {row["event"] for row in rows if row["event"]}
    found = access.visible(user, Batch, "emergency.evacuate").filter(event__number__in=numbers, event__state__in=LIVE)
    return {(batch.event.number, batch.number): batch for batch in found.select_related("event")}


def _phone(text: str) -> str:
    if not re.fullmatch(r"[\d+\- ]{5,20}", text):
        raise ValidationError(f"“{text}”不是电话，只能是数字、空格和短横，至少 5 位。")
    return text


def _whole(value: Any) -> int:
    if value != int(value) or not 1 <= value <= 999:
        raise ValidationError("须是 1 到 999 的整数。")
    return int(value)


_PHONE = SheetColumn("phone", "电话", max_length=20, clean=_phone, mask=masked_phone)

MEMBERS = Sheet(
    kind="emergency.member",
    title="指挥部成员",
    permission="emergency.prepare",
    columns=(
        SheetColumn(
            "headquarters", "指挥部", required=True, kind="choice", choices=headquarters_choices(), note="见“指挥部”"
        ),
        SheetColumn("role", "职责", required=True, kind="choice", choices=Member.Role.choices),
        SheetColumn("unit", "单位", required=True, max_length=60),
        SheetColumn("name", "姓名", max_length=40, note="指挥长、副指挥长、联络员必填"),
        SheetColumn("title", "职务", max_length=40),
        _PHONE,
        SheetColumn("valid_from", "起", kind="date", note="空表示今天"),
        SheetColumn("valid_to", "止", kind="date", note="离任的填最后一天"),
    ),
    key=("headquarters", "role", "unit", "name"),
    check=check_members,
    apply=apply_members,
    max_rows=1000,
)

PEOPLE = Sheet(
    kind="emergency.evacuee",
    title="转移人员",
    permission="emergency.evacuate",
    columns=(
        SheetColumn("event", "事件编号", required=True, max_length=40, example="璧突〔2026〕1"),
        SheetColumn("batch", "批次", required=True, kind="number", clean=_whole, note="第几批，见“转移安置”"),
        SheetColumn("household", "村（社区）、组和户", required=True, max_length=60, example="石河村三社 王某户"),
        SheetColumn("name", "姓名", required=True, max_length=30, mask=str),
        _PHONE,
        SheetColumn("help", "需要照顾", max_length=100, note="如卧床、轮椅、孕妇"),
        SheetColumn("place_from", "从何处", max_length=100, note="空表示同本批"),
        SheetColumn("shelter", "安置点", max_length=100, note="避难场所写登记的名称；空表示同本批"),
        SheetColumn(
            "home", "所在村社", max_length=60, note="写了的，这个村社可参加点名；空表示同本批", example="石河村"
        ),
    ),
    key=("event", "batch", "household", "name"),
    check=check_people,
    apply=apply_people,
)
