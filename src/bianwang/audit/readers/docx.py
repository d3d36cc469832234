"""Word documents (.docx): paragraphs and tables in order of the body, as they read with all changes accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Final

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped]

from bianwang.audit.document import Document, Unreadable
from bianwang.audit.readers.archive import checked
from bianwang.audit.readers.building import Builder, Placed, single_line
from bianwang.audit.readers.numbering import Numbering

_ALTERNATIVE: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MATHS: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_PARAGRAPH: Final = qn("w:p")
_TABLE: Final = qn("w:tbl")
_ROW: Final = qn("w:tr")
_CELL: Final = qn("w:tc")
_BOX: Final = qn("w:txbxContent")
_TEXT: Final = (qn("w:t"), _MATHS)
_MARKS: Final = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): " ", qn("w:noBreakHyphen"): "-"}
_SKIPPED: Final = frozenset(
    (*map(qn, ("w:del", "w:moveFrom", "w:pPr", "w:rPr", "w:sdtPr", "w:sectPr", "w:rt", "w:tblPr")), _ALTERNATIVE)
)
_OFF: Final = ("0", "false", "off")
_MOST_COLUMNS: Final = 1000


def read(data: bytes) -> Document:
    """The report in a Word document."""
    package = checked(data)
    try:
        return _Reader(package).document()
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("已损坏或不是标准的 Word 文档，请用 Word 或 WPS 打开后另存为 .docx 再上传。") from error


def _on(properties: etree._Element | None, tag: str) -> bool:
    found = None if properties is None else properties.find(qn(tag))
    return found is not None and found.get(qn("w:val"), "1") not in _OFF


def _number(properties: etree._Element | None, tag: str, default: int) -> int:
    found = None if properties is None else properties.find(qn(tag))
    value = "" if found is None else found.get(qn("w:val")) or ""
    return min(int(value[:6]), _MOST_COLUMNS) if value.isdecimal() else default


def _within(parent: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """The nearest descendants of these tags, whatever wraps them (content controls, tracked insertions)."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag not in _SKIPPED:
            yield from _within(child, *tags)


class _Reader:
    """One pass over a document; numbers are counted as its paragraphs go by."""

    def __init__(self, package: IO[bytes]) -> None:
        opened = docx.Document(package)
        self._body = opened.element.body
        self._numbering = Numbering(_related(opened, RELATIONSHIP_TYPE.NUMBERING), opened.styles.element)
        self._builder = Builder()

    def document(self) -> Document:
        """Everything in the body."""
        self._blocks(self._body)
        return self._builder.document()

    def _blocks(self, parent: etree._Element) -> None:
        for block in _within(parent, _PARAGRAPH, _TABLE):
            if block.tag == _TABLE:
                self._table(block)
            else:
                for line in self._paragraph(block).split("\n"):
                    self._builder.line(line)
                for box in _within(block, _BOX):
                    self._blocks(box)

    def _table(self, table: etree._Element) -> None:
        rows = [row for row in _within(table, _ROW) if not _on(row.find(qn("w:trPr")), "w:del")]
        cells = [list(_within(row, _CELL)) for row in rows]
        if all(len(row) <= 1 for row in cells):
            for row in cells:
                for cell in row:
                    self._blocks(cell)
        else:
            self._builder.table(self._placed(rows, cells))

    def _placed(self, rows: list[etree._Element], cells: list[list[etree._Element]]) -> list[Placed]:
        placed: list[Placed] = []
        above: dict[int, int] = {}
        for number, (row, row_cells) in enumerate(zip(rows, cells, strict=True)):
            column = _number(row.find(qn("w:trPr")), "w:gridBefore", 0)
            here: dict[int, int] = {}
            for cell in row_cells:
                properties = cell.find(qn("w:tcPr"))
                columns = max(1, _number(properties, "w:gridSpan", 1))
                origin = above.get(column) if _goes_on(properties) else None
                if origin is None:
                    here[column] = len(placed)
                    placed.append(Placed(self._cell(cell), number, column, 1, columns))
                else:
                    here[column] = origin
                    placed[origin] = replace(placed[origin], rows=number + 1 - placed[origin].row)
                column += columns
            above = here
        return placed

    def _cell(self, cell: etree._Element) -> str:
        paragraphs = (self._paragraph(one) for one in _paragraphs(cell))
        return " ".join(part for lines in paragraphs if (part := single_line(lines)))

    def _paragraph(self, paragraph: etree._Element) -> str:
        text = "".join(_runs(paragraph))
        return self._numbering.label(paragraph) + text if text.strip() else text


def _related(opened: WordDocument, kind: str) -> etree._Element | None:
    found = (relation for relation in opened.part.rels.values() if relation.reltype == kind)
    return next((relation.target_part.element for relation in found if not relation.is_external), None)


def _goes_on(properties: etree._Element | None) -> bool:
    merge = None if properties is None else properties.find(qn("w:vMerge"))
    return merge is not None and merge.get(qn("w:val"), "continue") == "continue"


def _paragraphs(cell: etree._Element) -> Iterator[etree._Element]:
    """Also those of tables and text boxes within the cell."""
    for paragraph in _within(cell, _PARAGRAPH):
        yield paragraph
        for box in _within(paragraph, _BOX):
            yield from _paragraphs(box)


def _runs(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag in _TEXT:
            yield child.text or ""
        elif child.tag in _MARKS:
            yield _MARKS[child.tag]
        elif child.tag not in _SKIPPED and child.tag != _BOX and not _on(child.find(qn("w:rPr")), "w:vanish"):
            yield from _runs(child)
