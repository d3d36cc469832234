"""The Excel list of a roster; a file with one wrong row leaves nothing behind."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError

from bianwang.modules.duty.faults import clash_with
from bianwang.modules.duty.models import Person, Shift
from bianwang.modules.duty.services.rosters import assign
from bianwang.modules.duty.turns import Turn, clashes
from bianwang.platform import access
from bianwang.platform.exchange.sheets import Errors, Row, Sheet, SheetColumn


def check(user: Any, rows: list[Row]) -> Errors:
    """Every row must name an empty or editable shift and people of its unit who are free at those hours."""
    shifts, people = _shifts(user, rows), _people(user, rows)
    errors: dict[int, dict[str, str]] = {}
    for index, row in enumerate(rows):
        shift = shifts.get(_key(row))
        if shift is None:
            errors[index] = {
                "day": "没有这一班的编制中值班表，请先在“编制值班表”生成这些日期，并核对单位、岗位和班次名称。"
            }
            continue
        found = {}
        for column in ("leader", "officers"):
            for name in _names(row.get(column)):
                person = people.get((row["unit"], name))
                if person is None:
                    found[column] = f"“{name}”不是{row['unit']}在用的值班人员，请先登记。"
                elif column == "leader" and not person.can_lead:
                    found[column] = f"{name}没有登记为可带班，请先在值班人员中改正。"
                elif other := clash_with(person.pk, shift):
                    found[column] = f"{name}同一时间已排在“{other.shift}”，请换人。"
        if len(_names(row.get("leader"))) > 1:
            found["leader"] = "带班领导只能写一人。"
        if set(_names(row.get("leader"))) & set(_names(row.get("officers"))):
            found["officers"] = "同一人不能在同一班既带班又值班。"
        if found:
            errors[index] = found
    return {**_twice(rows, shifts, people), **errors}


def _twice(rows: list[Row], shifts: dict[tuple[Any, ...], Shift], people: dict[tuple[str, str], Person]) -> Errors:
    """Rows that put somebody on duty where another row of the file has them at the same hours."""
    rows_of: dict[Turn, int] = {}
    for index, row in enumerate(rows):
        shift = shifts.get(_key(row))
        for name in {*_names(row.get("leader")), *_names(row.get("officers"))} if shift else ():
            person = people.get((row["unit"], name))
            if shift and person:
                rows_of[Turn(person.pk, shift.starts_at, shift.ends_at, shift.pk)] = index
    return {
        rows_of[later]: {"officers": "有人在本文件的另一行同一时间也排了班，请换人。"} for _, later in clashes(rows_of)
    }


def apply(user: Any, rows: list[Row]) -> None:
    """Write one piece."""
    shifts, people = _shifts(user, rows), _people(user, rows)
    for row in rows:
        shift = shifts.get(_key(row))
        if shift is None:
            raise ValidationError(f"{row['day']} {row['shift']}的值班表已发布或作废，不能再导入。")
        leader, officers = (
            [people[row["unit"], name] for name in _names(row.get(column))] for column in ("leader", "officers")
        )
        assign(shift, user, leader[0] if leader else None, officers)


def _shifts(user: Any, rows: list[Row]) -> dict[tuple[Any, ...], Shift]:
    """Shifts of drafts in the user's scope by what a row names, in one query."""
    days = {row["day"] for row in rows if row.get("day")}
    found = access.visible(user, Shift, "duty.roster").filter(roster__state="draft", day__in=days)
    return {
        (shift.post.owner.name, shift.post.name, shift.day, shift.name): shift
        for shift in found.select_related("post__owner", "roster__post")
    }


def _people(user: Any, rows: list[Row]) -> dict[tuple[str, str], Person]:
    named = {name for row in rows for column in ("leader", "officers") for name in _names(row.get(column))}
    found = access.visible(user, Person, "duty.roster").filter(name__in=named, is_active=True)
    return {(person.owner.name, person.name): person for person in found.select_related("owner")}


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in ("unit", "post", "day", "shift"))


def _names(text: str | None) -> list[str]:
    return [name for name in re.split(r"[、，,\s]+", text or "") if name]


ROSTER = Sheet(
    kind="duty.roster",
    title="值班表",
    permission="duty.roster",
    columns=(
        SheetColumn("unit", "单位", required=True, note="与平台上的名称一致", max_length=100),
        SheetColumn("post", "岗位", required=True, example="总值班室", max_length=40),
        SheetColumn("day", "日期", required=True, kind="date"),
        SheetColumn("shift", "班次", required=True, note="与值班表上的班次名称一致", example="全天班", max_length=20),
        SheetColumn("leader", "带班领导", max_length=40),
        SheetColumn("officers", "值班人员", note="几个人用顿号隔开", example="甲、乙", max_length=400),
    ),
    key=("unit", "post", "day", "shift"),
    check=check,
    apply=apply,
)
