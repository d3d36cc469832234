"""A report as the form that goes to the upper level: heads of two rows, the district, then every town.

On paper it is two sheets of A4 beside each other, divided between two groups of indicators and never within one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from itertools import accumulate
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break, ColBreak

from bianwang.modules.disasters.checking import IndicatorSet
from bianwang.modules.disasters.heading import said

_LINE = Side(style="thin")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_FIGURE = Alignment(horizontal="right", vertical="center", shrink_to_fit=True)
_A4 = 9
_NAME, _COLUMN, _NOTE = 22, 10, 22
"""Widths of the town's name, of a figure and of the remark, in characters of Excel."""
_ACROSS = 1000
"""Pixels (96 to the inch) that an A4 sheet surely takes across, with narrow margins."""
_MARGIN = 0.4
"""Inches."""

TownRow = tuple[str, Mapping[str, Decimal], str]
"""A town's name, its figures, and what stands there instead of figures."""


def workbook(rules: IndicatorSet, facts: Mapping[str, str], district: TownRow, towns: Sequence[TownRow]) -> bytes:
    """The form as an xlsx file. A town that did not answer has empty cells and says so, never zeros."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "快报表"
    width = _first_sheet(rules)
    _line(sheet, 1, rules.name, width)
    sheet.cell(1, 1).font, sheet.cell(1, 1).alignment = Font(size=16, bold=True), _MIDDLE
    head = said(rules.head, facts)
    for number, text in enumerate(head, 2):
        _line(sheet, number, text, width)
    heads = len(head) + 2
    _heads(sheet, rules, heads)
    for number, row in enumerate((district, *towns), heads + 3):
        _row(sheet, number, rules, row)
    for number, text in enumerate(said(rules.foot, facts), heads + len(towns) + 5):
        _line(sheet, number, text, width)
    sheet.freeze_panes = f"B{heads + 3}"
    _paper(sheet, rules, heads, width)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _first_sheet(rules: IndicatorSet) -> int:
    """The last column of the first sheet of paper: the end of the group that lies nearest to the middle."""
    ends = list(accumulate(len(rows) for rows in rules.groups.values()))
    return 1 + min(ends, key=lambda end: abs(2 * end - ends[-1]))


def _heads(sheet: Any, rules: IndicatorSet, top: int) -> None:
    """Groups over indicators over units; a group's cell spans its indicators."""
    units, last = top + 2, len(rules.indicators) + 2
    for column, words in ((1, "行政区划"), (last, "备注")):
        for line in range(top, units + 1):
            _box(sheet.cell(line, column))
        sheet.cell(top, column, words)
        sheet.merge_cells(start_row=top, start_column=column, end_row=units, end_column=column)
    column = 2
    for name, rows in rules.groups.items():
        sheet.cell(top, column, name)
        for at, row in enumerate(rows, column):
            _box(sheet.cell(top, at))
            _box(sheet.cell(top + 1, at, row.name))
            _box(sheet.cell(units, at, row.unit))
            sheet.column_dimensions[get_column_letter(at)].width = _COLUMN
        sheet.merge_cells(start_row=top, start_column=column, end_row=top, end_column=column + len(rows) - 1)
        column += len(rows)
    sheet.row_dimensions[top + 1].height = 60
    sheet.column_dimensions["A"].width, sheet.column_dimensions[get_column_letter(last)].width = _NAME, _NOTE


def _paper(sheet: Any, rules: IndicatorSet, heads: int, width: int) -> None:
    """Towns' names and heads stand on every sheet of paper; the scale is that of the wider one."""
    first, second = [_COLUMN] * (width - 1), [_COLUMN] * (len(rules.indicators) + 1 - width)
    widest = max(_pixels(_NAME, *first), _pixels(_NAME, *second, _NOTE))
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.scale = min(100, 100 * _ACROSS // widest)
    sheet.page_setup.pageOrder = "overThenDown"
    sheet.page_margins.left = sheet.page_margins.right = _MARGIN
    sheet.col_breaks = ColBreak(brk=[Break(id=width)])
    sheet.print_title_rows, sheet.print_title_cols = f"{heads}:{heads + 2}", "A:A"
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"


def _pixels(*widths: int) -> int:
    """How much columns take across."""
    return sum(7 * width + 5 for width in widths)


def _row(sheet: Any, number: int, rules: IndicatorSet, row: TownRow) -> None:
    name, figures, words = row
    _text(_box(sheet.cell(number, 1)), name)
    for column, indicator in enumerate(rules.indicators, 2):
        cell = _box(sheet.cell(number, column, figures.get(indicator.code)))
        cell.alignment, cell.number_format = _FIGURE, "#,##0.00" if indicator.decimals else "#,##0"
    _text(_box(sheet.cell(number, len(rules.indicators) + 2)), words)


def _line(sheet: Any, number: int, text: str, width: int) -> None:
    """A row of words across the first sheet of paper."""
    _text(sheet.cell(number, 1), text)
    sheet.merge_cells(start_row=number, start_column=1, end_row=number, end_column=width)


def _box(cell: Any) -> Any:
    cell.border, cell.alignment = _BOX, _MIDDLE
    return cell


def _text(cell: Any, value: str) -> None:
    """Never a formula, whatever a name begins with."""
    cell.value, cell.data_type, cell.number_format = value, "s", "@"
