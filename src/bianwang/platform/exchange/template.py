"""The template that people fill in: drop-downs, text-typed codes, and a page that explains each column."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from bianwang.platform.exchange.sheets import Sheet, SheetColumn

DATA, NOTES, OPTIONS = "数据", "填写说明", "选项"
HEAD_ROW = 2
"""Row of the heads; data begins below it."""
_KINDS = {
    "text": "文字",
    "number": "数字",
    "date": "日期，如 2026-11-23",
    "flag": "是 / 否",
    "choice": "从下拉框选择",
}
_FORMATS = {"text": "@", "choice": "@", "flag": "@", "number": "General", "date": "yyyy-mm-dd"}
_LINE = Side(style="thin", color="B0B7C3")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def heading(column: SheetColumn) -> str:
    """How a head is written: required columns carry a star."""
    return column.title + ("*" if column.required else "")


def title_of(sheet: Sheet) -> str:
    """The first cell; an upload must carry it, so that a wrong template is noticed."""
    return f"{sheet.title}导入模板"


def template(sheet: Sheet) -> bytes:
    """The empty template as an xlsx file."""
    book = Workbook()
    data: Any = book.active
    data.title = DATA
    notes, options = book.create_sheet(NOTES), book.create_sheet(OPTIONS)
    options.sheet_state = "hidden"
    data["A1"] = title_of(sheet)
    data["A1"].font = Font(size=14, bold=True)
    for number, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(number)
        head = data.cell(HEAD_ROW, number, heading(column))
        head.font = Font(bold=True, color="B71C1C" if column.required else "1F2937")
        head.fill, head.border = PatternFill("solid", fgColor="EEF2F7"), _BOX
        data.column_dimensions[letter].width = max(12, min(32, 2 * len(column.title) + 8))
        data.column_dimensions[letter].number_format = _FORMATS[column.kind]
        _drop_down(data, options, column, number, sheet.max_rows)
    data.freeze_panes = f"A{HEAD_ROW + 1}"
    _explain(notes, sheet)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _drop_down(data: Any, options: Any, column: SheetColumn, number: int, rows: int) -> None:
    words = ["是", "否"] if column.kind == "flag" else [str(text) for _, text in column.choices]
    if not words:
        return
    letter = get_column_letter(number)
    for row, word in enumerate(words, 1):
        options.cell(row, number, word)
    source = f"{quote_sheetname(OPTIONS)}!${letter}$1:${letter}${len(words)}"
    rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = "不在可选范围内", "请从下拉框中选择。"
    data.add_data_validation(rule)
    rule.add(f"{letter}{HEAD_ROW + 1}:{letter}{HEAD_ROW + rows}")


def _explain(notes: Any, sheet: Sheet) -> None:
    keys = "、".join(sheet.column(name).title for name in sheet.key)
    lines = [
        f"请在“{DATA}”页从第 {HEAD_ROW + 1} 行起填写，不要改动表头和页名，不要使用公式。",
        f"“{keys}”相同视为同一条：已有的更新，没有的新增，重复导入不会重复登记；空着的非必填项保持原值。",
        f"每次最多 {sheet.max_rows} 行。",
    ]
    for row, line in enumerate(lines, 1):
        notes.cell(row, 1, line)
    top = len(lines) + 2
    for number, head in enumerate(("列", "必填", "填写方式", "说明", "示例"), 1):
        cell = notes.cell(top, number, head)
        cell.font, cell.border = Font(bold=True), _BOX
    for row, column in enumerate(sheet.columns, top + 1):
        how = _KINDS[column.kind]
        if column.choices:
            how = "可选：" + "、".join(str(text) for _, text in column.choices)[:300]
        values = (column.title, "是" if column.required else "", how, column.note, column.example)
        for number, value in enumerate(values, 1):
            cell = notes.cell(row, number, value)
            cell.alignment, cell.border = Alignment(wrap_text=True, vertical="top"), _BOX
    for letter, width in zip("ABCDE", (18, 8, 36, 50, 24), strict=True):
        notes.column_dimensions[letter].width = width
