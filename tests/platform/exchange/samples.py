"""A sheet of no module, and workbooks filled from its template."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from openpyxl import load_workbook

from bianwang.platform.exchange.sheets import Row, Sheet, SheetColumn
from bianwang.platform.exchange.template import template

written: dict[str, Row] = {}
"""What `SAMPLE` has applied, by key."""


def _apply(user: Any, rows: list[Row]) -> None:
    for row in rows:
        if row["name"] == "坏":
            raise ValidationError("这一行写不进去。")
        written[row["code"]] = row


def _check(user: Any, rows: list[Row]) -> dict[int, dict[str, str]]:
    return {index: {"name": "没有登记过。"} for index, row in enumerate(rows) if row["name"] == "未知"}


SAMPLE = Sheet(
    kind="sample",
    title="样例",
    permission="places.import",
    columns=(
        SheetColumn("code", "编号", required=True, max_length=20),
        SheetColumn("name", "名称", required=True),
        SheetColumn("level", "级别", kind="choice", choices=(("a", "甲"), ("b", "乙"))),
        SheetColumn("amount", "数量", kind="number"),
        SheetColumn("day", "日期", kind="date"),
        SheetColumn("flag", "是否", kind="flag"),
    ),
    key=("code",),
    check=_check,
    apply=_apply,
    max_rows=500,
)


def filled(*rows: list[Any], sheet: Sheet = SAMPLE) -> BytesIO:
    """The template with rows below its head, as Excel would save it."""
    book = load_workbook(BytesIO(template(sheet)))
    for row in rows:
        book["数据"].append(row)
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


def changed(file: BytesIO, **cells: str) -> BytesIO:
    """The workbook with some cells of the data page overwritten: `changed(file, A2="编号")`."""
    book = load_workbook(file)
    for place, value in cells.items():
        book["数据"][place] = value
    target = BytesIO()
    book.save(target)
    target.seek(0)
    return target


def size_of(file: BytesIO) -> int:
    """Bytes in the file."""
    return len(file.getvalue())


def rewritten(file: BytesIO, member: str, content: bytes) -> BytesIO:
    """The workbook with one part of its archive replaced or added."""
    target = BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != member:
                new.writestr(entry, old.read(entry))
        new.writestr(member, content)
    target.seek(0)
    return target


def part(file: BytesIO, member: str) -> bytes:
    """One part of a workbook's archive."""
    with zipfile.ZipFile(file) as archive:
        return archive.read(member)
