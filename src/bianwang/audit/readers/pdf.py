"""PDF: lines joined into paragraphs again, and tables that are ruled."""

from __future__ import annotations

import io
import re
import unicodedata
from typing import Any, Final

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page
from pdfplumber.table import Table as Ruled
from pdfplumber.utils.exceptions import PdfminerException

from bianwang.audit.document import Document, Unreadable
from bianwang.audit.readers.building import Builder, Placed
from bianwang.audit.readers.unwrapping import Line, Sheet, joined, paragraphs, with_whole_tables, without_furniture

_ENCRYPTED: Final = "加了密码或限制，请去掉后再上传。"
_FEWEST_CHARACTERS: Final = 20
_MOST_PAGES: Final = 1_000
_GAP: Final = 0.5
"""Parts of a line nearer to each other than this part of a character's size belong together."""
_UNMAPPED: Final = re.compile(r"\(cid:\d+\)")
_MOST_UNMAPPED: Final = 0.02
_RADICALS: Final = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
"""Some programs write 月 as the radical ⽉."""


def read(data: bytes) -> Document:
    """The report in a PDF file."""
    try:
        sheets = _sheets(data)
    except Unreadable:
        raise
    except Exception as error:
        reason = error.args[0] if isinstance(error, PdfminerException) and error.args else error
        if isinstance(reason, PDFPasswordIncorrect):
            raise Unreadable(_ENCRYPTED) from error
        raise Unreadable("已损坏或不是标准的 PDF，请用原来的软件重新导出，或另存为 .docx 再上传。") from error
    return _document(sheets)


def _sheets(data: bytes) -> list[Sheet]:
    with pdfplumber.open(io.BytesIO(data)) as file:
        if file.doc.encryption is not None:
            raise Unreadable(_ENCRYPTED)
        if len(file.pages) > _MOST_PAGES:
            raise Unreadable(f"超过 {_MOST_PAGES} 页，请拆成几份报告再上传。")
        sheets = []
        for page in file.pages:
            sheets.append(_sheet(page.dedupe_chars()))
            page.close()
        return sheets


def _document(sheets: list[Sheet]) -> Document:
    builder = Builder()
    for item in paragraphs(with_whole_tables(without_furniture(sheets))):
        if isinstance(item, str):
            builder.line(item)
        else:
            builder.table(item)
    document = builder.document()
    letters = sum(not character.isspace() for character in document.text)
    if letters < _FEWEST_CHARACTERS:
        raise Unreadable("是扫描件或几乎没有文字，请先做文字识别（OCR），存为 .docx 再上传。")
    if sum(map(len, _UNMAPPED.findall(document.text))) > letters * _MOST_UNMAPPED:
        raise Unreadable("里的文字无法提取（字体没有编码），请用原来的软件另存为 .docx 再上传。")
    return document


def _sheet(page: Page) -> Sheet:
    tables = [table for table in page.find_tables() if max((_filled(row.cells) for row in table.rows), default=0) > 1]
    boxes = [table.bbox for table in tables]
    rest = page.filter(lambda thing: not any(_inside(thing, box) for box in boxes)) if boxes else page
    lines = rest.extract_text_lines(return_chars=False, x_tolerance_ratio=_GAP)
    items: list[tuple[float, Line | list[Placed]]] = [
        (one["top"], Line(_clean(one["text"]), one["x0"], one["x1"], one["top"], one["bottom"])) for one in lines
    ]
    items += [(table.bbox[1], _placed(table)) for table in tables]
    return Sheet(float(page.width), float(page.height), [item for _, item in sorted(items, key=lambda item: item[0])])


def _filled(cells: list[Any]) -> int:
    return sum(cell is not None for cell in cells)


def _inside(thing: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    across, down = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return bool(box[0] <= across <= box[2] and box[1] <= down <= box[3])


def _placed(table: Ruled) -> list[Placed]:
    columns = sorted({edge for cell in table.cells for edge in (cell[0], cell[2])})
    rows = sorted({edge for cell in table.cells for edge in (cell[1], cell[3])})
    placed = []
    for row, texts in zip(table.rows, table.extract(x_tolerance_ratio=_GAP), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            if cell is not None:
                left, right = columns.index(cell[0]), columns.index(cell[2])
                top, bottom = rows.index(cell[1]), rows.index(cell[3])
                placed.append(Placed(joined(_clean(text or "").split("\n")), top, left, bottom - top, right - left))
    return placed


def _clean(text: str) -> str:
    return text.translate(_RADICALS)
