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
from docx.table import Table
from docx.text.paragraph import Paragraph

_ALIGN = {WD_ALIGN_PARAGRAPH.CENTER: "center", WD_ALIGN_PARAGRAPH.RIGHT: "right"}
_SIZE = 15.0

HEAD = """#set page(paper: "a4", margin: (x: 2.7cm, y: 2.5cm))
#set text(font: ("Noto Serif SC", "Noto Sans SC"), size: 12pt, lang: "zh", region: "cn")
#set par(leading: 0.9em, spacing: 0.9em, justify: true)
"""


def quote(text: str) -> str:
    """A Typst string literal that is exactly this text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + "".join(c for c in escaped if c.isprintable()) + '"'


def compile_pdf(source: str, root: Path) -> bytes:
    """Typst to PDF; `root` is a scratch folder that holds its pictures."""
    main = root / "main.typ"
    main.write_text(source, "utf-8")
    font_paths = [fonts.serif_path().parent]
    return bytes(typst.compile(main, root=root, font_paths=font_paths, ignore_system_fonts=True, format="pdf"))


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
        marks.append('stroke: 0.3pt, weight: "bold"')
    return f"#text({', '.join(marks)}, {quote(run.text)})"


def _table(rows: Table) -> str:
    width = max((len(row.cells) for row in rows.rows), default=0)
    texts = [[cell.text for cell in row.cells] + [""] * (width - len(row.cells)) for row in rows.rows]
    cells = ", ".join(f"[#{quote(text)}]" for row in texts for text in row)
    columns = "1fr, " * width
    return f"#table(columns: ({columns}), stroke: 0.5pt, inset: 6pt, {cells})" if width else ""
