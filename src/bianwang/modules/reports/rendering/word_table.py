"""A table of a Word file, written as XML at once: python-docx looks every cell up anew, which takes seconds."""

from __future__ import annotations

from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from bianwang.modules.documents.contents import writable
from bianwang.modules.reports.tree import Cell, Table

_EDGES: Final = ("top", "left", "bottom", "right", "insideH", "insideV")
_SIZE: Final = 21
"""五号, in half points."""


def element(table: Table, width: int, *, latin: str, text: str, head: str) -> Any:
    """The `w:tbl`, `width` twentieths of a point wide; `text` and `head` are its fonts."""
    parts = [width * part // sum(table.widths) for part in table.widths]
    edges = "".join(f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for edge in _EDGES)
    grid = "".join(f'<w:gridCol w:w="{part}"/>' for part in parts)
    rows = "".join(_rows(table, parts, latin, text, head))
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(parts)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _rows(table: Table, parts: list[int], latin: str, text: str, head: str) -> list[str]:
    """Cells that go on below are written again in each of their rows, as Word wants it."""
    above: dict[int, tuple[Cell, int]] = {}
    rows = []
    for row in table.rows:
        cells, begun, x, waiting = [], {}, 0, iter(row)
        while x < len(parts):
            cell, left = above.get(x, (None, 0))
            merge = ' w:val="continue"' if cell is not None and left else ""
            if not merge:
                cell = next(waiting)
                left = cell.rows
            assert cell is not None  # noqa: S101
            begun[x] = (cell, left - 1)
            merged = f"<w:vMerge{merge or _restart(cell)}/>" if cell.rows > 1 else ""
            wide = sum(parts[x : x + cell.columns])
            words = "" if merge else writable(cell.text)
            cells.append(_cell(cell, wide, merged, words, latin, head if cell.is_head else text))
            x += cell.columns
        above = begun
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>")
    return rows


def _restart(cell: Cell) -> str:
    return ' w:val="restart"' if cell.rows > 1 else ""


def _cell(cell: Cell, width: int, merged: str, words: str, latin: str, font: str) -> str:
    span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
    fonts = f"w:ascii={quoteattr(latin)} w:hAnsi={quoteattr(latin)} w:eastAsia={quoteattr(font)}"
    run = (
        f'<w:r><w:rPr><w:rFonts {fonts}/><w:sz w:val="{_SIZE}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(words)}</w:t></w:r>'
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merged}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:line="300" w:lineRule="exact"/><w:jc w:val="{cell.align}"/></w:pPr>{run}</w:p>'
        "</w:tc>"
    )
