"""Reading an uploaded workbook: refuses what is dangerous or not our template, then gives raw rows."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import python_calamine as calamine
from django.core.exceptions import ValidationError

from bianwang.platform.exchange.sheets import Sheet, SheetColumn
from bianwang.platform.exchange.template import DATA, HEAD_ROW, heading, title_of

UPLOAD_LIMIT = 10 * 1024 * 1024
"""Bytes of the uploaded file."""
UNPACKED_LIMIT = 200 * 1024 * 1024
"""Bytes of everything inside it: 20,000 rows of 30 columns unpack to about 40 MB."""
ENTRIES_LIMIT = 500
_CHUNK = 1 << 20
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError)
SPARE_ROWS = 2000
"""Rows beyond the allowed number that may lie, empty but formatted, below the data."""
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([^"']{0,40})["']""")
_ADDRESS = re.compile(rb"([A-Z]*)(\d{1,7})")
_WORKSHEET = re.compile(r"xl/worksheets/[^/]+\.xml")


@dataclass(frozen=True)
class RawRow:
    """One line of the sheet as Excel numbers it, by column name."""

    number: int
    values: dict[str, Any]


def read(sheet: Sheet, file: BinaryIO, size: int) -> list[RawRow]:
    """The filled rows of an upload. Raises ValidationError that says what is wrong with the file."""
    if size > UPLOAD_LIMIT:
        raise ValidationError(f"文件有 {size / (1 << 20):.1f} MB，超过 {UPLOAD_LIMIT >> 20} MB，请分几次导入。")
    _inspect(sheet, file)
    file.seek(0)
    try:
        book = calamine.load_workbook(file)
        lines = book.get_sheet_by_name(DATA).to_python(skip_empty_area=False)
    except calamine.WorksheetNotFound:
        raise _wrong_template(sheet) from None
    except calamine.CalamineError as error:
        raise ValidationError("文件无法读取，可能已损坏或加了密码，请另存为 xlsx 后重试。") from error
    return list(_rows(sheet, lines))


def _inspect(sheet: Sheet, file: BinaryIO) -> None:
    """Unpack everything once, within limits: zip bombs, formulas and far-away cells end here."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if len(entries) > ENTRIES_LIMIT or sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
                raise _abnormal()
            for entry in entries:
                _inspect_entry(sheet, archive, entry)
    except _BROKEN as error:
        raise ValidationError("这不是有效的 xlsx 文件，请用本页的模板填写，保存为 xlsx 格式。") from error


def _inspect_entry(sheet: Sheet, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    # Read to the end also where nothing is looked for: an entry longer than it says fails its check sum here.
    is_sheet = bool(_WORKSHEET.fullmatch(entry.filename))
    tail = b""
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            if is_sheet:
                _inspect_cells(sheet, tail + chunk)
                tail = chunk[-64:]


def _inspect_cells(sheet: Sheet, xml: bytes) -> None:
    if _FORMULA.search(xml):
        raise ValidationError("表格里有公式，请全选、复制后“选择性粘贴为数值”，再上传。")
    # The reader makes a dense table up to the farthest cell, so one cell in the last corner would fill the memory.
    for place in set(_PLACE.findall(xml)):
        found = _ADDRESS.fullmatch(place)
        if found is None or len(found[1]) > 2 or int(found[2]) > sheet.max_rows + SPARE_ROWS:
            raise _abnormal()


def _rows(sheet: Sheet, lines: list[list[Any]]) -> Iterator[RawRow]:
    if len(lines) < HEAD_ROW or not lines[0] or str(lines[0][0]).strip() != title_of(sheet):
        raise _wrong_template(sheet)
    columns = _columns(sheet, lines[HEAD_ROW - 1])
    filled = [
        (number, line)
        for number, line in enumerate(lines[HEAD_ROW:], HEAD_ROW + 1)
        if any(value not in (None, "") for value in line)
    ]
    if not filled:
        raise ValidationError(f"“{DATA}”页没有数据，请从第 {HEAD_ROW + 1} 行起填写后再上传。")
    if len(filled) > sheet.max_rows:
        raise ValidationError(f"共 {len(filled)} 行，超过一次 {sheet.max_rows} 行的上限，请分几次导入。")
    for number, line in filled:
        yield RawRow(number, {column.name: line[at] for at, column in columns if at < len(line)})


def _columns(sheet: Sheet, heads: list[Any]) -> list[tuple[int, SheetColumn]]:
    known = {name: column for column in sheet.columns for name in (column.title, heading(column))}
    found: list[tuple[int, SheetColumn]] = []
    for at, head in enumerate(str(value).strip() for value in heads):
        if not head:
            continue
        column = known.get(head)
        if column is None:
            raise ValidationError(f"表头“{head}”不是模板里的列，请下载最新模板重新填写。")
        if any(column is other for _, other in found):
            raise ValidationError(f"表头“{head}”出现了两次，请删去多余的一列。")
        found.append((at, column))
    present = {column.name for _, column in found}
    missing = [column.title for column in sheet.columns if column.required and column.name not in present]
    if missing:
        raise ValidationError(f"缺少必填的列“{'、'.join(missing)}”，请下载最新模板重新填写。")
    return found


def _abnormal() -> ValidationError:
    return ValidationError("文件内容过大或有远离数据的单元格，已拒绝，请把数据复制到本页的模板里再上传。")


def _wrong_template(sheet: Sheet) -> ValidationError:
    return ValidationError(f"这不是“{title_of(sheet)}”，请在本页下载模板填写，不要改动页名和第一行标题。")
