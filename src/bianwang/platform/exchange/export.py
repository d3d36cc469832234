"""Writing a list to an Excel workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, Protocol
from urllib.parse import quote

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from bianwang.platform.clock import SHANGHAI, now

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMATS = {"money": "#,##0.00", "number": "General"}
_THIN = Side(style="thin", color="B0B7C3")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_FILL = PatternFill("solid", fgColor="EEF2F7")
_EXCEL_DIGITS = 15
_A4 = 9


class ExportColumn(Protocol):
    """What a column must have; `ui.cells.Column` does."""

    @property
    def title(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def unit(self) -> str: ...
    def value(self, row: Any) -> Any: ...


def workbook(
    title: str, columns: Sequence[ExportColumn], rows: Iterable[Any], *, maker: str, bare: bool = False
) -> bytes:
    """An xlsx file: title row, a line with maker, time and unit of the list, heads, rows. `bare` has the heads in the
    first row, as other systems read them.

    Codes are text (a credit code or a long number is never turned into 9.15E+17) and no cell is a
    formula, whatever a value begins with.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for number, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = max(12, min(40, 2 * len(column.title) + 8))
    head_row = 1 if bare else 3
    sheet.freeze_panes = f"A{head_row + 1}"
    sheet.print_title_rows = f"{head_row}:{head_row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    if not bare:
        _title(sheet, title, maker, get_column_letter(len(columns)))
    heads = [f"{column.title}（{column.unit}）" if column.unit else column.title for column in columns]
    sheet.append([_text(sheet, head, font=Font(bold=True), border=_BORDER, fill=_FILL) for head in heads])
    for row in rows:
        sheet.append([_cell(sheet, column.value(row), column.kind) for column in columns])
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _title(sheet: Any, title: str, maker: str, last: str) -> None:
    """The two rows above the heads."""
    sheet.merged_cells.add(f"A1:{last}1")
    sheet.merged_cells.add(f"A2:{last}2")
    sheet.append([_text(sheet, title, font=Font(size=16, bold=True), alignment=Alignment(horizontal="center"))])
    made = now().astimezone(SHANGHAI)
    sheet.append(
        [
            _text(
                sheet,
                f"制表：{maker}　制表时间：{made:%Y-%m-%d %H:%M}　来源：必安网",
                font=Font(color="667085"),
            )
        ]
    )


def workbook_response(title: str, columns: Sequence[ExportColumn], rows: Iterable[Any], *, maker: str) -> HttpResponse:
    """The workbook as a download named after the list and the day."""
    name = f"{title}-{now().astimezone(SHANGHAI):%Y%m%d-%H%M}.xlsx"
    return download(workbook(title, columns, rows, maker=maker), name)


def download(content: bytes, name: str) -> HttpResponse:
    """An xlsx file under a Chinese name that old browsers accept too."""
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f"attachment; filename=\"export.xlsx\"; filename*=UTF-8''{quote(name)}"
    return response


def _cell(sheet: Any, value: Any, kind: str) -> Any:
    if isinstance(value, datetime):
        return _styled(sheet, value.astimezone(SHANGHAI).replace(tzinfo=None), "yyyy-mm-dd hh:mm")
    if isinstance(value, date):
        return _styled(sheet, value, "yyyy-mm-dd")
    if isinstance(value, bool) or kind == "flag":
        return _text(sheet, "是" if value else "否", border=_BORDER)
    if isinstance(value, int | float | Decimal) and len(str(value).replace(".", "")) <= _EXCEL_DIGITS:
        return _styled(sheet, value, _FORMATS.get(kind, "General"))
    return _text(sheet, "" if value is None else str(value), border=_BORDER)


def _styled(sheet: Any, value: Any, form: str) -> Any:
    cell = WriteOnlyCell(sheet, value)
    cell.number_format, cell.border = form, _BORDER
    return cell


def _text(sheet: Any, value: str, **style: Any) -> Any:
    cell = WriteOnlyCell(sheet, value)
    cell.data_type, cell.number_format = "s", "@"
    for name, part in style.items():
        setattr(cell, name, part)
    return cell
