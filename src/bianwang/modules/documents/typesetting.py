"""Word → Typst → PDF: the same text on A4, with fonts that are always there.

Only what documents are made of is taken over: paragraphs with size, weight and alignment, tables, page breaks.
Text goes into Typst as string literals, so nothing in it can be a command.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn as fonts
import typst
from docx import Document as open_word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from bianwang.modules.documents.contents import writable

_ALIGN = {WD_ALIGN_PARAGRAPH.CENTER: "center", WD_ALIGN_PARAGRAPH.RIGHT: "right"}
_SIZE = 15.0

HEAD = """#set page(paper: "a4", margin: (x: 2.7cm, y: 2.5cm))
#set text(font: ("Noto Serif SC", "Noto Sans SC"), size: 12pt, lang: "zh", region: "cn")
#set par(leading: 0.9em, spacing: 0.9em)
"""


def quote(text: str) -> str:
    """A Typst string literal that is exactly this text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + writable(escaped) + '"'


def compile_pdf(source: str, root: Path) -> bytes:
    """Typst to PDF; `root` is a scratch folder that holds its pictures."""
    return bytes(_compile(source, root, format="pdf"))


def compile_png(source: str, root: Path) -> list[bytes]:
    """Every page of a Typst document as a picture, 144 dots an inch."""
    made = _compile(source, root, format="png", ppi=144.0)
    return made if isinstance(made, list) else [made]


def _compile(source: str, root: Path, **how: Any) -> Any:
    main = root / "main.typ"
    main.write_text(source, "utf-8")
    font_paths = [fonts.serif_path().parent]
    return typst.compile(main, root=root, font_paths=font_paths, ignore_system_fonts=True, **how)


def typeset(word: bytes) -> str:
    """The body of a Word file as Typst markup."""
    opened = open_word(io.BytesIO(word))
    return "\n".join(_blocks(opened.iter_inner_content()))


def _blocks(content: Any) -> Iterator[str]:
    for block in content:
        yield _table(block) if isinstance(block, Table) else _paragraph(block)


def _paragraph(paragraph: Paragraph) -> str:
    runs = "".join(_run(run, paragraph) for run in paragraph.runs) or "#v(0.6em)"
    indent = paragraph.paragraph_format.first_line_indent
    if indent is not None and indent.pt > 0:
        runs = f"#h(2em){runs}"
    align = _ALIGN.get(paragraph.alignment) if paragraph.alignment is not None else None
    return f"#align({align})[{runs}]\n" if align else f"{runs}\n"


def _run(run: Any, paragraph: Paragraph) -> str:
    if not run.text:
        return ""
    size = run.font.size or (paragraph.style.font.size if paragraph.style else None)
    points = size.pt if size else _SIZE
    marks = [f"size: {points * 0.8:.1f}pt"]
    if run.bold:
        # The fonts have one weight each; 黑体 is what stands out.
        marks.append('font: ("Noto Sans SC", "Noto Serif SC")')
    return f"#text({', '.join(marks)}, {quote(run.text)})"


def _table(table: Table) -> str:
    cells = [
        f"table.cell(colspan: {width}, rowspan: {height})[{''.join(map(_paragraph, cell.paragraphs))}]"
        for y, row in enumerate(table.rows)
        for cell, width, height in _begun(table, row.cells, y)
    ]
    columns = "1fr, " * len(table.columns)
    return f"#table(columns: ({columns}), stroke: 0.5pt, inset: 6pt, {', '.join(cells)})" if cells else ""


def _begun(table: Table, cells: tuple[_Cell, ...], y: int) -> Iterator[tuple[_Cell, int, int]]:
    """Cells that begin in a row, with how many columns and rows they cover: python-docx repeats merged ones."""
    above = table.rows[y - 1].cells if y else ()
    for x, cell in enumerate(cells):
        if (x and cells[x - 1]._tc is cell._tc) or (x < len(above) and above[x]._tc is cell._tc):
            continue
        width = sum(1 for other in cells[x:] if other._tc is cell._tc)
        height = 1
        while y + height < len(table.rows) and any(other._tc is cell._tc for other in table.rows[y + height].cells):
            height += 1
        yield cell, width, height
