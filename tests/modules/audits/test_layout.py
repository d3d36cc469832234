"""The document on a page and in Word: nothing of the text is lost, whatever its tables and findings look like."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from hypothesis import given, settings, strategies as st

from bianwang.audit.document import Cell, Document, Table
from bianwang.audit.readers import read, text as plain
from bianwang.modules.audits import layout, reading, word
from bianwang.modules.audits.findings import numbered
from bianwang.modules.audits.layout import Block
from bianwang.modules.audits.models import Audit
from tests.modules.audits.reports import REPORT, TABLE, WRONG

MERGED = """<table><tr><th rowspan=2>项目</th><th colspan=2>资金（万元）</th></tr><tr><th>预算</th><th>支出</th></tr>
<tr><td>宣传</td><td>80</td><td>74</td></tr><tr><td colspan=2>合计</td><td>74</td></tr></table>"""
WORDS = st.sampled_from(
    [
        WRONG,
        TABLE,
        "一、基本情况",
        "\t",
        "",
        " ",
        "a\tb\tc",
        "|甲|乙|\n|-|-|\n|1|2|",
        "<b>",
        "共5家，其中甲2家、乙2家。",
    ]
)


def laid_out(document: Document) -> list[Block]:
    found = reading.read_document(document)
    return layout.blocks(found, numbered(found, {}))


def words(block: Block) -> str:
    marks = block.marks or [mark for row in block.rows or [] for cell in row for mark in cell.marks]
    return "".join(part.text for mark in marks for part in mark.parts)


def exported(document: Document) -> Any:
    found = reading.read_document(document)
    content = word.document(Audit(title="报告"), found, numbered(found, {}))
    return docx.Document(io.BytesIO(content))


def test_headings_paragraphs_and_tables_stand_in_their_order() -> None:
    blocks = laid_out(plain.document(REPORT))
    assert [block.level for block in blocks[:2]] == [1, 2]
    assert [len(block.rows) for block in blocks if block.rows] == [4]
    table = next(block.rows for block in blocks if block.rows)
    assert [cell.is_number for cell in table[1]] == [False, True, True, True]
    assert blocks[-1].rows


def test_merged_cells_stay_merged() -> None:
    document = read("a.html", f"<html><body><p>资金</p>{MERGED}</body></html>".encode())
    block = next(block for block in laid_out(document) if block.rows)
    assert block.rows is not None
    assert [(cell.rows, cell.columns) for cell in block.rows[0]] == [(2, 1), (1, 2)]
    table = exported(document).tables[0]
    assert table.cell(0, 0).text == table.cell(1, 0).text == "项目"
    assert table.cell(0, 1).text == table.cell(0, 2).text == "资金（万元）"
    assert table.cell(3, 0).text == table.cell(3, 1).text == "合计"
    assert table.cell(2, 2).text == "74"


def test_spans_that_overlap_do_not_break_the_export() -> None:
    cells = (Cell(0, 1, 0, 0, 2, 1), Cell(2, 3, 0, 1, 1, 2), Cell(4, 5, 1, 0, 1, 2), Cell(6, 7, 1, 2))
    document = Document("甲\t乙\n丙\t丁\n", (Table(cells),))
    text = "".join(cell.text for row in exported(document).tables[0].rows for cell in row.cells)
    assert set("甲乙丙丁") <= set(text)


@settings(deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=8).map("\n".join))
def test_every_word_is_shown_once_and_every_anchor_exists_once(text: str) -> None:
    document = plain.document(text)
    found = reading.read_document(document)
    findings = numbered(found, {})
    blocks = layout.blocks(found, findings)
    tables = {offset for table in document.tables for cell in table.cells for offset in range(cell.start, cell.end)}
    shown = "".join("".join(words(block).split()) for block in blocks)
    bars = str.maketrans("", "", "|-\t \n") if any("|" in line for line in text.split("\n")) else {}
    assert sorted(shown.translate(bars)) == sorted("".join(text.split()).translate(bars))
    marks = [mark for block in blocks for mark in block.marks or []]
    marks += [mark for block in blocks for row in block.rows or [] for cell in row for mark in cell.marks]
    anchors = [anchor for mark in marks for anchor in mark.anchors]
    assert len(anchors) == len(set(anchors))
    assert set(anchors) == {anchor for finding in findings for _, anchor in finding.quotes}
    assert tables <= set(range(len(text)))


@pytest.mark.parametrize("text", [REPORT, "x", "\t\t\n\t\t\n"])
def test_each_figure_leads_to_a_block_that_exists(text: str) -> None:
    found = reading.read_document(plain.document(text))
    blocks = layout.blocks(found, numbered(found, {}))
    known = {f"p{block.number}" for block in blocks}
    assert {layout.place(blocks, figure.start) for figure in found.audit.figures} <= known
