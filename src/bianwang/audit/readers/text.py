"""Plain text: what encoding it is in, and which of its lines are rows of a table."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Final, Literal, NamedTuple

from bianwang.audit.document import Cell, Document, Table, Unreadable
from bianwang.audit.readers.building import limit_text

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LINE_END: Final = re.compile(r"\r\n?")
_BAR: Final = re.compile(r"(?<!\\)\|")
_TAB: Final = re.compile(r"\t")
_RULE: Final = re.compile(r"(?=[^-]*-)[\s|:+=-]+")
_INDENTED: Final = re.compile(r"[ \u3000]*\t[^\t]*")
_FEWEST_BARS: Final = 2
_FEWEST_ROWS: Final = 2
_FEWEST_CELLS: Final = 2
_BLANKS: Final = " \t\u3000\xa0"


class _Line(NamedTuple):
    start: int
    text: str


def read(data: bytes) -> Document:
    """The report in a text file."""
    return document(decode(data))


def decode(data: bytes, declared: str = "") -> str:
    """Text in the encoding its mark says, else in the declared one, UTF-8 or GB18030, whichever fits."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], (encoding,))
    return _decoded(data, (declared, "utf-8", "gb18030") if declared else ("utf-8", "gb18030"))


def document(text: str) -> Document:
    """The text as it is but for its line ends, and the tables that tabs or bars make in it."""
    limit_text(len(text))
    normal = _LINE_END.sub("\n", text)
    tables = []
    for kind, run in groupby(_lines(normal), key=lambda line: _kind(line.text)):
        if kind and (table := _table(list(run), _BAR if kind == "bars" else _TAB)):
            tables.append(table)
    return Document(normal, tuple(tables))


def _decoded(data: bytes, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise Unreadable("不是文本文件或编码无法识别，请另存为 UTF-8 编码再上传。")


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for line in text.split("\n"):
        yield _Line(start, line)
        start += len(line) + 1


def _kind(line: str) -> Literal["bars", "tabs", ""]:
    if len(_BAR.findall(line)) >= _FEWEST_BARS:
        return "bars"
    if "\t" in line and line.strip(_BLANKS) and not _INDENTED.fullmatch(line):
        return "tabs"
    return ""


def _table(lines: list[_Line], separator: re.Pattern[str]) -> Table | None:
    rows = [_spans(line, separator) for line in lines if separator is _TAB or not _RULE.fullmatch(line.text)]
    if sum(map(_has_cells, rows)) < _FEWEST_ROWS:
        return None
    cells = [
        Cell(start, end, number, column) for number, row in enumerate(rows) for column, (start, end) in enumerate(row)
    ]
    return Table(tuple(cells))


def _has_cells(row: list[tuple[int, int]]) -> bool:
    return len(row) >= _FEWEST_CELLS and any(end > start for start, end in row[:-1])


def _spans(line: _Line, separator: re.Pattern[str]) -> list[tuple[int, int]]:
    edges = [-1, *(found.start() for found in separator.finditer(line.text)), len(line.text)]
    spans = [_stripped(line, left + 1, right) for left, right in pairwise(edges)]
    if separator is _BAR:
        spans = spans[1:] if line.text.lstrip(_BLANKS).startswith("|") else spans
        spans = spans[:-1] if line.text.rstrip(_BLANKS).endswith("|") else spans
    return spans


def _stripped(line: _Line, left: int, right: int) -> tuple[int, int]:
    part = line.text[left:right]
    start = line.start + left + len(part) - len(part.lstrip(_BLANKS))
    return start, start + len(part.strip(_BLANKS))
