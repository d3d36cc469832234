"""The report as a Word file that WPS edits, laid out as GB/T 9704-2012 lays out official documents.

A4 with margins of 37, 35, 28 and 26 mm; title 方正小标宋 二号, text 仿宋 三号 on lines of 29 pt, headings 黑体
and 楷体; page numbers — 1 — on the outer side. Fonts are named only: who opens the file has them.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final

from docx import Document as new_word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, Twips

from bianwang.modules.reports.rendering.word_table import element
from bianwang.modules.reports.tree import Annex, Block, Chart, Document, Heading, Paragraph, Table, plain

SONG_TITLE, SONG, FANG, HEI, KAI = "方正小标宋简体", "宋体", "仿宋_GB2312", "黑体", "楷体_GB2312"
LATIN: Final = "Times New Roman"
SECOND, THIRD, FOURTH, FIFTH = Pt(22), Pt(16), Pt(14), Pt(10.5)
"""二号, 三号, 四号, 五号."""
LINE: Final = Pt(29)
TOP, BOTTOM, LEFT, RIGHT = Mm(37), Mm(35), Mm(28), Mm(26)


def render(document: Document, pictures: Mapping[str, bytes]) -> bytes:
    """A .docx file; `pictures` are the charts as PNG, by key."""
    return _Writer(pictures).write(document)


class _Writer:
    """One file."""

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        self._word = new_word()
        self._pictures = pictures
        self._set_page()
        self._set_styles()

    def write(self, document: Document) -> bytes:
        """The finished file."""
        self._word.core_properties.title = "".join(document.title)
        self._word.core_properties.author = document.title[0]
        for line in document.title:
            self._text(line, SECOND, SONG_TITLE, align=WD_ALIGN_PARAGRAPH.CENTER, line=Pt(35))
        self._text("", THIRD, FANG)
        for block in document.blocks:
            self._block(block)
        for annex in document.annexes:
            self._annex(annex)
        target = io.BytesIO()
        self._word.save(target)
        return target.getvalue()

    def _block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self._heading(block)
        elif isinstance(block, Paragraph):
            self._text(block.mark + plain(block.runs), THIRD, FANG, indent=True)
        elif isinstance(block, Table):
            self._table(block, Mm(210) - LEFT - RIGHT)
        else:
            self._chart(block)

    def _heading(self, heading: Heading) -> None:
        font = HEI if heading.level == 1 else KAI
        made = self._word.add_paragraph(style=f"Heading {heading.level}")
        _run(made, plain(heading.runs), THIRD, font)
        _indent(made)

    def _text(
        self,
        text: str,
        size: Any,
        font: str,
        *,
        align: WD_ALIGN_PARAGRAPH | None = None,
        indent: bool = False,
        line: Any = LINE,
    ) -> None:
        made = self._word.add_paragraph()
        made.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        made.paragraph_format.line_spacing = line
        made.alignment = align if align is not None else WD_ALIGN_PARAGRAPH.JUSTIFY
        if indent:
            _indent(made)
        _run(made, text, size, font)

    def _chart(self, chart: Chart) -> None:
        self._caption(chart.title)
        made = self._word.add_paragraph()
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER
        made.paragraph_format.line_spacing = 1
        shape = made.add_run().add_picture(io.BytesIO(self._pictures[chart.key]), width=Mm(150))
        shape._inline.docPr.set("descr", "；".join([chart.title, *(f"{bar.label} {bar.text}" for bar in chart.bars)]))

    def _caption(self, title: str, unit: str = "") -> None:
        self._text(title, FOURTH, HEI, align=WD_ALIGN_PARAGRAPH.CENTER)
        if unit:
            self._text(unit, FIFTH, FANG, align=WD_ALIGN_PARAGRAPH.RIGHT, line=Pt(16))

    def _annex(self, annex: Annex) -> None:
        section = self._word.add_section(WD_SECTION.NEW_PAGE)
        if section.orientation != WD_ORIENT.LANDSCAPE:
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = section.page_height, section.page_width
        section.top_margin, section.bottom_margin = Mm(20), Mm(22)
        section.left_margin = section.right_margin = Mm(20)
        self._table(annex.table, Mm(297 - 40))

    def _table(self, table: Table, width: int) -> None:
        self._caption(table.title, table.unit)
        body = self._word.element.body
        made = element(table, int(width / Twips(1)), latin=LATIN, text=FANG, head=HEI)
        body.insert(len(body) - 1, made)  # the last is the section's
        self._text("", FIFTH, FANG, line=Pt(12))

    def _set_page(self) -> None:
        section = self._word.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = TOP, BOTTOM
        section.left_margin, section.right_margin = LEFT, RIGHT
        section.footer_distance = Mm(28)
        self._word.settings.odd_and_even_pages_header_footer = True
        _number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
        _number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)

    def _set_styles(self) -> None:
        for name, font in (("Normal", FANG), ("Heading 1", HEI), ("Heading 2", KAI), ("Heading 3", FANG)):
            style: Any = self._word.styles[name]
            style.font.name, style.font.size, style.font.bold = LATIN, THIRD, False
            style.font.color.rgb = None
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
                fonts.attrib.pop(qn(theme), None)
            fonts.set(qn("w:eastAsia"), font)
            style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
            style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
            style.paragraph_format.line_spacing = LINE


def _run(paragraph: Any, text: str, size: Any, font: str) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.name = size, LATIN
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _indent(paragraph: Any) -> None:
    """Two characters, whatever their size."""
    paragraph.paragraph_format.first_line_indent = 2 * THIRD
    paragraph._element.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), "200")


def _number(paragraph: Any, align: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 —, a character away from the edge."""
    paragraph.alignment = align
    indent = paragraph.paragraph_format
    indent.right_indent = indent.left_indent = FOURTH
    for piece in ("— ", "PAGE", " —"):
        run = paragraph.add_run("" if piece == "PAGE" else piece)
        run.font.size, run.font.name = FOURTH, SONG
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)
        if piece == "PAGE":
            for kind in ("begin", "", "end"):
                run._element.append(_field(kind))


def _field(kind: str) -> Any:
    if kind:
        part = OxmlElement("w:fldChar")
        part.set(qn("w:fldCharType"), kind)
        return part
    part = OxmlElement("w:instrText")
    part.set(qn("xml:space"), "preserve")
    part.text = "PAGE"
    return part
