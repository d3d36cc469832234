"""From lines on pages back to paragraphs: what repeats on every page goes, what was wrapped is joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from math import inf
from typing import Final, NamedTuple

from bianwang.audit.readers.building import Placed

_PAGE_NUMBER: Final = re.compile(
    r"[-—–―－·•~\s]*(?:第\s*)?(?:\d{1,4}|[ivxIVX]{1,6})\s*页?(?:\s*[/／,，]?\s*共?\s*\d{1,4}\s*页?)?[-—–―－·•~\s]*"
)
_LONGEST_PAGE_NUMBER: Final = 30
_NUMBER: Final = re.compile(r"\d+")
_UNIT: Final = re.compile("[万亿]元|单位[:：]元")
"""Stands over tables, on every page perhaps, and is no header."""
_MARGIN: Final = 0.14
"""Part of a page's height at the top and at the bottom, in which headers, footers and page numbers stand."""
_FEWEST_REPEATS: Final = 3
_WIDE: Final = 0.75
"""Part of a page's width that its text must reach to, for lines to count as wrapped."""
_ENDS: Final = tuple("。；：！？;:!?…")
_HEADING: Final = re.compile(
    r"\s*(?:第?[一二三四五六七八九十百]+(?:[、.．]|部分|章|节|条)|[（(][一二三四五六七八九十\d]+[）)]|\d{1,2}[、.．](?!\d)|[①-⑳]|附件|附表)"
)
_LETTER: Final = re.compile(r"[\x21-\x7e]")


class Line(NamedTuple):
    """One line on a page; distances are from its left and its top."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


class Sheet(NamedTuple):
    """What stands on one page, from top to bottom: lines, and tables as their cells."""

    width: float
    height: float
    items: list[Line | list[Placed]]


def without_furniture(sheets: list[Sheet]) -> list[Sheet]:
    """The pages without page numbers, headers and footers."""
    seen = Counter(pattern for sheet in sheets for pattern in {_pattern(line) for line in _marginal(sheet)})
    often = max(_FEWEST_REPEATS, len(sheets) / 2)
    repeated = {pattern for pattern, times in seen.items() if times >= often and not _UNIT.search(pattern)}
    return [_trimmed(sheet, repeated) for sheet in sheets]


def with_whole_tables(sheets: list[Sheet]) -> list[Sheet]:
    """The pages, where a table that runs over to the next page is a whole on its first."""
    whole: list[Sheet] = []
    for sheet in sheets:
        items = list(sheet.items)
        above, below = whole[-1].items[-1] if whole else None, items[0] if items else None
        if isinstance(above, list) and isinstance(below, list) and _columns(above) == _columns(below):
            whole[-1].items[-1] = _appended(above, below)
            del items[0]
        if items:
            whole.append(sheet._replace(items=items))
    return whole


def paragraphs(sheets: list[Sheet]) -> Iterator[str | list[Placed]]:
    """Paragraphs and tables in reading order, also where they run over from one page to the next."""
    parts: list[str] = []
    last: tuple[Line, float] | None = None
    for sheet in sheets:
        edge = _edge(sheet)
        for item in sheet.items:
            if parts and not (last and isinstance(item, Line) and _goes_on(*last, item)):
                yield joined(parts)
                parts, last = [], None
            if isinstance(item, Line):
                parts.append(item.text)
                last = item, edge
            else:
                yield item
    if parts:
        yield joined(parts)


def joined(lines: list[str]) -> str:
    """Wrapped lines as one; a space is put between Latin letters or digits only."""
    text = ""
    for line in filter(None, map(str.strip, lines)):
        between = " " if text and _LETTER.match(text[-1]) and _LETTER.match(line) else ""
        text += between + line
    return text


def _marginal(sheet: Sheet) -> list[Line]:
    top, bottom = sheet.height * _MARGIN, sheet.height * (1 - _MARGIN)
    return [item for item in sheet.items if isinstance(item, Line) and (item.bottom <= top or item.top >= bottom)]


def _pattern(line: Line) -> str:
    return _NUMBER.sub("0", "".join(line.text.split()))


def _is_page_number(text: str) -> bool:
    return len(text) <= _LONGEST_PAGE_NUMBER and bool(_PAGE_NUMBER.fullmatch(text))


def _trimmed(sheet: Sheet, repeated: set[str]) -> Sheet:
    dropped = [line for line in _marginal(sheet) if _is_page_number(line.text) or _pattern(line) in repeated]
    return sheet._replace(items=[item for item in sheet.items if item not in dropped])


def _columns(cells: list[Placed]) -> int:
    return max(cell.column + cell.columns for cell in cells)


def _appended(above: list[Placed], below: list[Placed]) -> list[Placed]:
    height = max(cell.rows for cell in below if cell.row == below[0].row)
    heading = [cell for cell in below if cell.row < height]
    repeated = height if heading == above[: len(heading)] else 0
    shift = max(cell.row + cell.rows for cell in above) - repeated
    return above + [replace(cell, row=cell.row + shift) for cell in below if cell.row >= repeated]


def _edge(sheet: Sheet) -> float:
    """Where wrapped lines of this page end; infinitely far where its lines are too short to be wrapped."""
    right = max((item.right for item in sheet.items if isinstance(item, Line)), default=0.0)
    return right if right >= sheet.width * _WIDE else inf


def _goes_on(line: Line, edge: float, following: Line) -> bool:
    size = line.bottom - line.top
    full = line.right >= edge - 1.5 * size
    further_in = following.left > line.left + size
    return full and not line.text.endswith(_ENDS) and not further_in and not _HEADING.match(following.text)
