"""HTML: the lines a browser would show, and the tables that hold data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree  # type: ignore[import-untyped]

from bianwang.audit.document import Document, Unreadable
from bianwang.audit.readers import text
from bianwang.audit.readers.building import Builder, Placed, single_line

_BLOCK_NAMES: Final = (
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre section summary table tbody td tfoot th"
    " thead tr ul"
)
_DROPPED_NAMES: Final = "audio canvas del head iframe noscript object script style svg template title video"
_BLOCKS: Final = frozenset(_BLOCK_NAMES.split())
_DROPPED: Final = frozenset(_DROPPED_NAMES.split())
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([-\w]+)", re.IGNORECASE)
_ENCODINGS: Final = {
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk"), "gb18030"),
    **dict.fromkeys(("utf-8", "utf8"), "utf-8"),
    "big5": "big5",
}
_DECLARED_WITHIN: Final = 2048
_DECLARATION: Final = re.compile(r"\A\s*<\?xml[^>]*>")
_BLANKS: Final = re.compile(r"[ \t\n\r\f]+")
_MOST_LINES_OF_A_CELL: Final = 10
"""A cell with more paragraphs is a part of a page, not of a table."""
_MOST_COLUMNS: Final = 1000
_MOST_PLACES: Final = 2_000_000


def read(data: bytes) -> Document:
    """The report in an HTML file."""
    markup = _DECLARATION.sub("", text.decode(data, _declared(data)), count=1)
    builder = Builder()
    root = _parsed(markup)
    if root is not None:
        flow = _Flow()
        flow.walk(root)
        for item in flow.items():
            if isinstance(item, str):
                builder.line(item)
            else:
                builder.table(item)
    return builder.document()


def _declared(data: bytes) -> str:
    found = _CHARSET.search(data[:_DECLARED_WITHIN])
    return _ENCODINGS.get(found[1].decode("ascii", "replace").lower(), "") if found else ""


def _parsed(markup: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(markup.encode(), parser)
    except etree.XMLSyntaxError:
        return None
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        raise Unreadable("的网页结构太复杂，读不完整，请用 Word 打开后另存为 .docx 再上传。")
    return root


class _Flow:
    """Walks through elements and keeps lines and tables in reading order."""

    def __init__(self) -> None:
        self._items: list[str | list[Placed]] = []
        self._inline: list[str] = []

    def items(self) -> list[str | list[Placed]]:
        """What was walked through."""
        self._end_line()
        return self._items

    def lines(self) -> list[str]:
        """What was walked through, where no table is."""
        return [item for item in self.items() if isinstance(item, str)]

    def walk(self, element: etree._Element, preformatted: bool = False) -> None:
        """Take an element with everything in it, but not what follows it."""
        tag = element.tag
        if tag in _DROPPED or not isinstance(tag, str) or _hidden(element):
            return
        if tag == "table" and (cells := _data_cells(element)):
            self._table(element, cells)
        elif tag == "br":
            self._end_line()
        elif tag in _BLOCKS:
            self._end_line()
            self._content(element, preformatted or tag == "pre")
            self._end_line()
        else:
            self._content(element, preformatted)

    def _table(self, element: etree._Element, cells: list[Placed]) -> None:
        self._end_line()
        for caption in element.iterchildren("caption"):
            self.walk(caption)
        self._items.append(cells)

    def _content(self, element: etree._Element, preformatted: bool) -> None:
        self._text(element.text, preformatted)
        for child in element:
            self.walk(child, preformatted)
            self._text(child.tail, preformatted)

    def _text(self, part: str | None, preformatted: bool) -> None:
        first, *others = (part or "").split("\n") if preformatted else (part or "",)
        self._inline.append(first)
        for line in others:
            self._end_line()
            self._inline.append(line)

    def _end_line(self) -> None:
        line = single_line(_BLANKS.sub(" ", "".join(self._inline)))
        self._inline.clear()
        if line:
            self._items.append(line)


def _hidden(element: etree._Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _data_cells(table: etree._Element) -> list[Placed]:
    if table.get("role") == "presentation" or next(table.iterdescendants("table"), None) is not None:
        return []
    rows = [cells for row in table.iterdescendants("tr") if (cells := _cells(row))]
    if all(len(row) == 1 for row in rows):
        return []
    placed = []
    for cell, place in _places(rows):
        flow = _Flow()
        flow.walk(cell)
        lines = flow.lines()
        if len(lines) > _MOST_LINES_OF_A_CELL:
            return []
        placed.append(Placed(" ".join(lines), *place))
    return placed


def _cells(row: etree._Element) -> list[etree._Element]:
    if any(map(_hidden, (row, *row.iterancestors("tbody", "thead", "tfoot")))):
        return []
    return [cell for cell in row.iterchildren("td", "th") if not _hidden(cell)]


def _places(rows: list[list[etree._Element]]) -> Iterator[tuple[etree._Element, tuple[int, int, int, int]]]:
    """Each cell with its row, its column and how many of both it spans."""
    busy: dict[int, int] = {}
    left = _MOST_PLACES
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while busy.get(column, 0) > number:
                column += 1
            height = _span(cell, "rowspan", len(rows) - number)
            width = _span(cell, "colspan", _MOST_COLUMNS)
            left -= width + 1
            if left < 0:
                raise Unreadable("里的表格太大，请拆成几份报告再上传。")
            busy.update(dict.fromkeys(range(column, column + width), number + height))
            yield cell, (number, column, height, width)
            column += width


def _span(cell: etree._Element, name: str, most: int) -> int:
    value = (cell.get(name) or "1").strip()
    wanted = int(value[:6]) if value.isdecimal() else 1
    if not wanted:
        return most if name == "rowspan" else 1
    return min(most, wanted)
