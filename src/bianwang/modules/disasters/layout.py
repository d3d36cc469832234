"""A report as the form that goes to the upper level: heads of two rows, the district, then every town."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from bianwang.modules.disasters.checking import IndicatorSet

_LINE = Side(style="thin")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_A4 = 9
TITLE, ABOUT, HEADS, UNITS = 1, 2, 3, 5
"""Rows of the title, of what the report is, of the heads (two rows) and of the units."""

TownRow = tuple[str, Mapping[str, Decimal], str]
"""A town's name, its figures, and what stands there instead of figures."""


def workbook(rules: IndicatorSet, about: str, signature: str, district: TownRow, towns: Sequence[TownRow]) -> bytes:
    """The form as an xlsx file. A town that did not answer has empty cells and says so, never zeros."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "快报表"
    last = get_column_letter(len(rules.indicators) + 2)
    sheet.cell(TITLE, 1, rules.name).font = Font(size=16, bold=True)
    sheet.cell(TITLE, 1).alignment = _MIDDLE
    sheet.merge_cells(f"A{TITLE}:{last}{TITLE}")
    _text(sheet.cell(ABOUT, 1), about)
    sheet.merge_cells(f"A{ABOUT}:{last}{ABOUT}")
    _heads(sheet, rules)
    for number, row in enumerate((district, *towns), UNITS + 1):
        _row(sheet, number, rules, row)
    _text(sheet.cell(UNITS + len(towns) + 2, 1), signature)
    sheet.freeze_panes = f"B{UNITS + 1}"
    sheet.print_title_rows = f"{HEADS}:{UNITS}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _heads(sheet: Any, rules: IndicatorSet) -> None:
    """Groups over indicators over units; a group's cell spans its indicators."""
    for column, words in ((1, "行政区划"), (len(rules.indicators) + 2, "备注")):
        for line in range(HEADS, UNITS + 1):
            _box(sheet.cell(line, column))
        sheet.cell(HEADS, column, words)
        sheet.merge_cells(start_row=HEADS, start_column=column, end_row=UNITS, end_column=column)
    column = 2
    for name, rows in rules.groups.items():
        sheet.cell(HEADS, column, name)
        for at, row in enumerate(rows, column):
            _box(sheet.cell(HEADS, at))
            _box(sheet.cell(HEADS + 1, at, row.name))
            _box(sheet.cell(UNITS, at, row.unit))
            sheet.column_dimensions[get_column_letter(at)].width = 12
        sheet.merge_cells(start_row=HEADS, start_column=column, end_row=HEADS, end_column=column + len(rows) - 1)
        column += len(rows)
    sheet.row_dimensions[HEADS + 1].height = 60
    sheet.column_dimensions["A"].width = 22


def _row(sheet: Any, number: int, rules: IndicatorSet, row: TownRow) -> None:
    name, figures, words = row
    _text(_box(sheet.cell(number, 1)), name)
    for column, indicator in enumerate(rules.indicators, 2):
        cell = _box(sheet.cell(number, column, figures.get(indicator.code)))
        cell.number_format = "#,##0.00" if indicator.decimals else "#,##0"
    _text(_box(sheet.cell(number, len(rules.indicators) + 2)), words)


def _box(cell: Any) -> Any:
    cell.border, cell.alignment = _BOX, _MIDDLE
    return cell


def _text(cell: Any, value: str) -> None:
    """Never a formula, whatever a name begins with."""
    cell.value, cell.data_type, cell.number_format = value, "s", "@"
