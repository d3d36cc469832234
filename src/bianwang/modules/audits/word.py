"""The report as a Word document: its text and tables, each finding a comment at the words it quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from typing import Any, Final

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.exceptions import InvalidSpanError
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from bianwang.modules.audits import layout
from bianwang.modules.audits.findings import Finding
from bianwang.modules.audits.layout import Block, Mark
from bianwang.modules.audits.models import Audit
from bianwang.modules.audits.reading import Reading

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_AUTHOR, _INITIALS = "必安网", "核"
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FONT, _HEADING_FONT = "宋体", "黑体"
_BLACK: Final = RGBColor(0, 0, 0)


def document(audit: Audit, reading: Reading, findings: Sequence[Finding]) -> bytes:
    """A .docx file."""
    return _Writer(findings).write(audit, layout.blocks(reading, findings))


def comment(finding: Finding) -> str:
    """What a comment says of a finding."""
    relation = finding.relation
    lines = [f"第{finding.number}条 {finding.label}（{finding.kind}）", relation.arithmetic]
    if relation.effect:
        lines.append(f"影响：{relation.effect}")
    if finding.decision:
        reason = f"，{finding.decision.reason}" if finding.decision.reason else ""
        lines.append(f"处理：{finding.decision}{reason}（{finding.decision.by.name}）")
    else:
        lines.append("处理：未处理")
    return _clean("\n".join(filter(None, lines)))


class _Writer:
    """One document; remembers which runs each quote has become."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._document = docx.Document()
        self._findings = {finding.number: finding for finding in findings}
        self._runs: dict[tuple[int, int], tuple[Paragraph, list[Run]]] = {}
        self._set_fonts()

    def write(self, audit: Audit, blocks: Sequence[Block]) -> bytes:
        """The finished file."""
        properties = self._document.core_properties
        properties.title, properties.author = _clean(audit.title), _AUTHOR
        for block in blocks:
            if block.rows is not None:
                self._table(block)
            else:
                self._paragraph(block)
        for (number, place), (_, runs) in sorted(self._runs.items(), key=lambda item: item[0]):
            finding = self._findings[number]
            words = comment(finding) if place == 0 else f"第{number}条 {finding.label}：另见此处。"
            self._document.add_comment(runs=[runs[0], runs[-1]], text=words, author=_AUTHOR, initials=_INITIALS)
        target = BytesIO()
        self._document.save(target)
        return target.getvalue()

    def _set_fonts(self) -> None:
        names = {"Normal": _FONT} | {f"Heading {level}": _HEADING_FONT for level in (1, 2, 3)}
        for name, font in names.items():
            style: Any = self._document.styles[name]
            style.font.name = "Times New Roman"
            style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
            style.font.color.rgb = _BLACK
        normal: Any = self._document.styles["Normal"]
        normal.font.size = Pt(12)

    def _paragraph(self, block: Block) -> None:
        style = f"Heading {block.level}" if block.level else None
        made = self._document.add_paragraph(style=style)
        if block.level == 1:
            made.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif not block.level:
            made.paragraph_format.first_line_indent = Pt(24)
        self._fill(made, block.marks or [])

    def _table(self, block: Block) -> None:
        rows = block.rows or []
        width = max(cell.column + cell.columns for row in rows for cell in row)
        table = self._document.add_table(len(rows), width, style="Table Grid")
        # Looking up one cell costs as much as the table is large, so all are looked up at once.
        grid = [list(row.cells) for row in table.rows]
        origins = {(number, cell.column) for number, row in enumerate(rows) for cell in row}
        for number, row in enumerate(rows):
            for cell in row:
                made = grid[number][cell.column]
                last = grid[min(number + cell.rows, len(rows)) - 1][cell.column + cell.columns - 1]
                within = {
                    (down, right)
                    for down in range(number, number + cell.rows)
                    for right in range(cell.column, cell.column + cell.columns)
                }
                # Cells whose spans overlap are left apart: nothing may hide another's text.
                if last is not made and len(within & origins) == 1:
                    with suppress(InvalidSpanError):
                        made = made.merge(last)
                self._fill(made.paragraphs[0], cell.marks)
        self._document.add_paragraph()

    def _fill(self, paragraph: Paragraph, marks: Sequence[Mark]) -> None:
        for mark in marks:
            runs = [paragraph.add_run(_clean(part.text)) for part in mark.parts]
            for quote in mark.quotes:
                where, known = self._runs.setdefault(quote, (paragraph, []))
                # A comment stays in the paragraph in which its quote begins.
                if where is paragraph:
                    known.extend(runs)


def _clean(text: str) -> str:
    """Without characters that XML does not know."""
    return _NOT_XML.sub("", text)
