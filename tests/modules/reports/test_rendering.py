"""The files: a Word file laid out as official documents are, a PDF and a page that say the same."""

from __future__ import annotations

import io
import re
from functools import lru_cache
from itertools import pairwise
from typing import Any

import docx
import pdfplumber
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from lxml import etree

from bianwang.audit.auditor import audit
from bianwang.audit.model import Verdict
from bianwang.audit.readers import read
from bianwang.modules.reports import building
from bianwang.modules.reports.tree import Heading, Paragraph, Table, plain, used
from tests.modules.reports import year

KINDS = ("docx", "pdf", "html")


@lru_cache(maxsize=3)
def made(kind: str) -> bytes:
    return building.render(year.document(), year.material(), kind, building.foot(year.material()))


@lru_cache(maxsize=1)
def word() -> Any:
    return docx.Document(io.BytesIO(made("docx")))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def sentences() -> list[str]:
    return [
        squeezed((block.mark if isinstance(block, Paragraph) else "") + plain(block.runs))
        for block in year.document().blocks
        if isinstance(block, Heading | Paragraph)
    ]


def font(run: Any) -> str:
    return str(run._element.rPr.rFonts.get(qn("w:eastAsia")))


def test_the_page_is_that_of_an_official_document() -> None:
    section = word().sections[0]
    assert [round(value.mm) for value in (section.page_width, section.page_height)] == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(value.mm) for value in margins] == [37, 35, 28, 26]


def test_titles_headings_and_text_have_their_fonts_and_sizes() -> None:
    paragraphs = word().paragraphs
    title = paragraphs[0]
    assert (title.text, font(title.runs[0]), title.runs[0].font.size.pt) == (year.UNIT, "方正小标宋简体", 22)
    assert title.alignment == WD_ALIGN_PARAGRAPH.CENTER
    first = next(row for row in paragraphs if row.text == "一、基本情况")
    second = next(row for row in paragraphs if row.text == "（一）部门基本情况")
    assert (first.style.name, font(first.runs[0]), first.runs[0].font.size.pt) == ("Heading 1", "黑体", 16)
    assert (second.style.name, font(second.runs[0])) == ("Heading 2", "楷体_GB2312")
    text = next(row for row in paragraphs if "共有编制51个" in row.text)
    assert (font(text.runs[0]), text.runs[0].font.size.pt) == ("仿宋_GB2312", 16)
    assert 28 <= text.paragraph_format.line_spacing.pt <= 30
    assert text._element.pPr.ind.get(qn("w:firstLineChars")) == "200"


def test_page_numbers_stand_outside_between_dashes() -> None:
    section = word().sections[0]
    assert word().settings.odd_and_even_pages_header_footer
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert (odd.alignment, even.alignment) == (WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT)
    for footer in (odd, even):
        assert footer.text == "—  —"
        assert "PAGE" in footer._element.xml
        assert {run.font.size.pt for run in footer.runs} == {14}


def test_charts_are_pictures_with_their_figures_in_words() -> None:
    shapes = word().inline_shapes
    assert len(shapes) == 2
    assert "卫生健康支出 67.85%" in shapes[0]._inline.docPr.get("descr")


def test_tables_of_the_word_file_hold_what_the_document_says() -> None:
    tables = [block for block in year.document().blocks if isinstance(block, Table)]
    tables += [annex.table for annex in year.document().annexes]
    assert len(word().tables) == len(tables) == 4
    for wanted, found in zip(tables, word().tables, strict=True):
        texts = [[cell.text for cell in row.cells] for row in found.rows]
        assert len(texts) == len(wanted.rows)
        for row, cells in zip(wanted.rows, texts, strict=True):
            assert len(cells) == len(wanted.widths)
            assert {cell.text for cell in row} <= set(cells)


def test_forms_stand_on_wide_pages() -> None:
    wide = [section for section in word().sections if section.page_width > section.page_height]
    assert len(wide) == len(year.document().annexes)


def test_the_three_files_say_the_same_words() -> None:
    in_word = squeezed("".join(row.text for row in word().paragraphs))
    with pdfplumber.open(io.BytesIO(made("pdf"))) as pdf:
        pages = [squeezed(page.extract_text()) for page in pdf.pages]
    in_pdf = "".join(re.sub("—[0-9]+—$", "", page) for page in pages)
    page = etree.HTML(made("html").decode())
    in_html = squeezed("".join(page.itertext()))
    for sentence in sentences():
        assert sentence in in_word
        assert sentence in in_pdf, sentence
        assert sentence in in_html


def test_the_pdf_is_a4_and_numbers_its_pages_outside() -> None:
    with pdfplumber.open(io.BytesIO(made("pdf"))) as pdf:
        assert (round(pdf.pages[0].width), round(pdf.pages[0].height)) == (595, 842)
        for number, page in enumerate(pdf.pages[:2], 1):
            dash = [char for char in page.chars if char["text"] == "—"][-1]
            assert (dash["x0"] > page.width / 2) == (number % 2 == 1)
        assert pdf.pages[-1].width > pdf.pages[-1].height


def test_the_page_needs_nothing_else_and_leads_from_each_figure_to_its_arithmetic() -> None:
    text = made("html").decode()
    assert not re.search(r"<script|<link|<img|<iframe|https?://(?!www\.w3\.org)|@import|url\(", text)
    page = etree.HTML(text)
    anchors = set(page.xpath("//tr/@id"))
    targets = {href.removeprefix("#") for href in page.xpath("//article//a/@href")}
    assert targets
    assert targets <= anchors
    assert {f"f-{name}" for name in used(year.document())} == anchors
    [row] = page.xpath("//tr[@id='f-plan_completion']")
    told = "".join(row.itertext())
    assert "52 ÷ 52" in told
    assert "query.plan_completion" in told
    assert "记录 100 条" in told


@pytest.mark.parametrize("kind", KINDS)
def test_the_auditor_reads_each_file_without_a_contradiction(kind: str) -> None:
    found = audit(read(f"report.{kind}", made(kind)))
    assert [row.arithmetic for row in found.findings if row.verdict is Verdict.CONTRADICTION] == []
    assert [row.arithmetic for row in found.findings if row.verdict is Verdict.UNSUPPORTED] == []
    assert sum(row.verdict in (Verdict.HOLDS, Verdict.ROUNDED) for row in found.relations) > 50


def test_equal_reports_are_equal_pages() -> None:
    again = building.render(year.document(), year.material(), "html", building.foot(year.material()))
    assert again == made("html")
    assert all(one != other for one, other in pairwise(map(made, KINDS)))
