"""Reports of every format become the same kind of document, and bad files one clear sentence."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings, strategies as st

from bianwang.audit.document import Document, Table, Unreadable
from bianwang.audit.readers import read, text

WIDE = "Total budget of the year 2023 was set at 1,200.50 and of it was spent in all, 98"
"""Fills a line of a page made here."""
Filler = Callable[[docx.document.Document], object]


def texts(document: Document, table: Table) -> list[str]:
    return [document.text[cell.start : cell.end] for cell in table.cells]


def places(table: Table) -> list[tuple[int, int, int, int]]:
    return [(cell.row, cell.column, cell.rows, cell.columns) for cell in table.cells]


def word(fill: Filler) -> bytes:
    made = docx.Document()
    fill(made)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def changed(data: bytes, changes: dict[str, bytes]) -> bytes:
    """The archive with these entries in place of its own, or besides them."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.namelist():
            if entry not in changes:
                target.writestr(entry, source.read(entry))
        for entry, content in changes.items():
            target.writestr(entry, content)
    return stream.getvalue()


def portable(*pages: str) -> bytes:
    """A PDF whose pages have these content streams; F1 is Helvetica, F2 Chinese."""
    kids = " ".join(f"{7 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /UniGB-UTF16-H /DescendantFonts [5 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /SimSun /FontDescriptor 6 0 R"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>",
        "<< /Type /FontDescriptor /FontName /SimSun /Flags 4 /Ascent 880 /Descent -120 /FontBBox [0 -120 1000 880] >>",
    ]
    for number, content in enumerate(pages):
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >>"
            f" /Contents {8 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    out, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    entries = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{entries}"
    size = len(objects) + 1
    return (out + f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{out.index('xref')}\n%%EOF").encode()


def shown(x: float, y: float, line: str) -> str:
    return f"BT /F1 12 Tf {x} {y} Td ({line}) Tj ET\n"


def chinese(x: float, y: float, line: str) -> str:
    return f"BT /F2 12 Tf {x} {y} Td <{line.encode('utf-16-be').hex()}> Tj ET\n"


class TestText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
    def test_encodings(self, encoding: str) -> None:
        written = "一、基本情况\r\n全年预算 1,200.50 万元。\r支出完毕。\n"
        assert read("报告.txt", written.encode(encoding)).text == written.replace("\r\n", "\n").replace("\r", "\n")

    def test_tabs_make_a_table(self) -> None:
        document = text.document("支出表\n项目\t预算\t决算\n基本支出\t 100 \t\n合计\t100\t90\n以上为全部。\n")
        (table,) = document.tables
        assert texts(document, table) == ["项目", "预算", "决算", "基本支出", "100", "", "合计", "100", "90"]
        assert places(table)[3:6] == [(1, 0, 1, 1), (1, 1, 1, 1), (1, 2, 1, 1)]

    def test_bars_make_a_table_and_its_rule_is_no_row(self) -> None:
        written = "| 项目 | 金额 |\n|---|---:|\n| 人员 | 10 |\n\n甲 | 乙 | 丙\n1 | 2 | 3\n"
        document = text.document(written)
        first, second = document.tables
        assert document.text == written
        assert texts(document, first) == ["项目", "金额", "人员", "10"]
        assert [cell.row for cell in first.cells] == [0, 0, 1, 1]
        assert texts(document, second) == ["甲", "乙", "丙", "1", "2", "3"]

    @pytest.mark.parametrize("written", ["\t第一段。\n\t第二段。\n", "项目\t预算\n只有一行。\n", "甲|乙\n丙|丁\n"])
    def test_no_table(self, written: str) -> None:
        assert text.document(written).tables == ()

    @given(st.text(alphabet="甲1 \t|-\n\r　"))
    def test_cells_lie_in_their_lines(self, written: str) -> None:
        document = text.document(written)
        for table in document.tables:
            edges = [edge for cell in table.cells for edge in (cell.start, cell.end)]
            assert edges == sorted(edges)
            assert all(part == part.strip() and "\n" not in part for part in texts(document, table))


class TestHtml:
    def test_lines_as_a_browser_shows_them(self) -> None:
        document = read(
            "a.html",
            "<html><head><title>x</title><style>p{}</style></head><body><h1>一、<b>概况</b></h1>\n"
            "<p>全年  预算\n<span>100</span>"
            "万元<br>其中：</p><!-- 不见 --><script>1</script><p style='display: none'>藏</p><p hidden>藏</p>"
            "<div>甲<div>乙</div>丙&nbsp;丁</div><pre>a\n b</pre></body></html>".encode(),
        )
        assert document.text == "一、概况\n全年 预算 100万元\n其中：\n甲\n乙\n丙\xa0丁\na\nb\n"

    def test_spans(self) -> None:
        document = read(
            "a.htm",
            "<table><caption>支出表</caption><tr><th rowspan=2>项目</th><th colspan='2'>金额</th></tr><tr><th>预算</th>"
            "<th>决算</th></tr><tr><td>基本\n支出</td><td><p>1</p><p>2</p></td><td></td></tr></table>".encode(),
        )
        (table,) = document.tables
        assert document.text == "支出表\n项目\t金额\n预算\t决算\n基本 支出\t1 2\t\n"
        assert texts(document, table) == ["项目", "金额", "预算", "决算", "基本 支出", "1 2", ""]
        assert places(table)[:4] == [(0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1)]

    def test_rowspan_zero_and_nonsense(self) -> None:
        document = read("a.html", b"<table><tr><td rowspan=0>a<td colspan=-3>b<tr><td rowspan=99>c</table>")
        assert places(document.tables[0]) == [(0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)]

    def test_layout_tables_are_paragraphs(self) -> None:
        inner = "<table><tr><td>项目</td><td>金额</td></tr><tr><td>甲</td><td>1</td></tr></table>"
        document = read(
            "a.html",
            f"<table><tr><td>导航</td><td><p>一、概况</p>{inner}<p>完</p></td></tr></table>"
            "<table><tr><td>独栏一</td></tr><tr><td>独栏二</td></tr></table>".encode(),
        )
        assert document.text == "导航\n一、概况\n项目\t金额\n甲\t1\n完\n独栏一\n独栏二\n"
        assert [texts(document, table) for table in document.tables] == [["项目", "金额", "甲", "1"]]

    def test_a_cell_full_of_paragraphs_is_a_part_of_the_page(self) -> None:
        column = "".join(f"<p>第{number}段</p>" for number in range(12))
        assert read("a.html", f"<table><tr><td>侧栏<td>{column}</table>".encode()).tables == ()

    @pytest.mark.parametrize("name", ["a.html", "老系统导出.doc"])
    @pytest.mark.parametrize(("declared", "encoding"), [("gb2312", "gbk"), ("utf-8", "utf-8"), ("utf-8", "gbk")])
    def test_charset(self, name: str, declared: str, encoding: str) -> None:
        markup = f"<html><meta charset={declared}><p>预算㎡金额镕</p></html>"
        assert read(name, markup.encode(encoding)).text == "预算㎡金额镕\n"

    def test_bottomless_markup_is_refused(self) -> None:
        with pytest.raises(Unreadable, match="结构太复杂"):
            read("a.html", b"<div>" * 5000 + b"x")

    def test_huge_spans_are_refused(self) -> None:
        with pytest.raises(Unreadable, match="表格太大"):
            read("a.html", b"<table>" + b"<tr><td colspan=1000>1<td colspan=1000>2" * 2000)


class TestWord:
    def test_order_and_line_breaks(self) -> None:
        def fill(made: docx.document.Document) -> None:
            made.add_paragraph("一、概况")
            table = made.add_table(2, 2)
            for cell, content in zip(table._cells, ("项目", "金额\n（万元）", "甲", ""), strict=True):
                cell.text = content
            made.add_paragraph("上面\n下面\t右面")

        document = read("a.docx", word(fill))
        assert document.text == "一、概况\n项目\t金额 （万元）\n甲\t\n上面\n下面 右面\n"
        assert texts(document, document.tables[0]) == ["项目", "金额 （万元）", "甲", ""]

    def test_merged_cells_are_there_once(self) -> None:
        def fill(made: docx.document.Document) -> None:
            table = made.add_table(3, 3)
            table.cell(0, 0).merge(table.cell(2, 0)).text = "一级"
            table.cell(0, 1).merge(table.cell(0, 2)).text = "金额"
            table.cell(1, 1).merge(table.cell(2, 2)).text = "块"

        (table,) = (document := read("a.docx", word(fill))).tables
        assert texts(document, table) == ["一级", "金额", "块"]
        assert places(table) == [(0, 0, 3, 1), (0, 1, 1, 2), (1, 1, 2, 2)]

    def test_a_table_of_single_cells_is_a_frame(self) -> None:
        document = read("a.docx", word(lambda made: setattr(made.add_table(1, 1).cell(0, 0), "text", "甲\n乙")))
        assert (document.text, document.tables) == ("甲\n乙\n", ())

    def test_changes_are_accepted(self) -> None:
        def fill(made: docx.document.Document) -> None:
            paragraph = made.add_paragraph("共")._p
            for tag, kind, content in (
                ("w:del", "w:delText", "10"),
                ("w:ins", "w:t", "12"),
                ("w:moveFrom", "w:t", "9"),
            ):
                run = f"<{tag} {nsdecls('w')}><w:r><{kind}>{content}</{kind}></w:r></{tag}>"
                paragraph.append(parse_xml(run))
            made.add_paragraph("").add_run("藏").font.hidden = True

        assert read("a.docx", word(fill)).text == "共12\n"

    def test_content_controls_and_text_boxes_are_read(self) -> None:
        def fill(made: docx.document.Document) -> None:
            one = made.add_paragraph("控件内")._p
            made.add_paragraph("框外")._p.append(
                parse_xml(
                    f"<w:r {nsdecls('w')}><w:pict><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p>"
                    "</w:txbxContent></w:pict></w:r>"
                )
            )
            control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
            one.addprevious(control)
            control.append(content)
            content.append(one)

        assert read("a.docx", word(fill)).text == "控件内\n框外\n框内\n"

    def test_automatic_numbers_are_written_out(self) -> None:
        def fill(made: docx.document.Document) -> None:
            numbering = made.part.numbering_part.element
            levels = (("chineseCounting", "%1、"), ("chineseCountingThousand", "（%2）"), ("decimal", "%3."))
            made_levels = "".join(
                f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
                f'<w:lvlText w:val="{shape}"/></w:lvl>'
                for place, (kind, shape) in enumerate(levels)
            )
            space = nsdecls("w")
            numbering.insert(0, parse_xml(f'<w:abstractNum {space} w:abstractNumId="77">{made_levels}</w:abstractNum>'))
            numbering.append(parse_xml(f'<w:num {space} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
            for place, content in ((0, "甲"), (1, "乙"), (1, "丙"), (2, "5 项"), (0, "丁"), (1, "戊")):
                properties = made.add_paragraph(content)._p.get_or_add_pPr().get_or_add_numPr()
                properties.get_or_add_ilvl().set(qn("w:val"), str(place))
                properties.get_or_add_numId().set(qn("w:val"), "77")
            made.add_paragraph("条", style="List Number")
            made.add_paragraph("点", style="List Bullet")

        document = read("a.docx", word(fill))
        assert document.text == "一、甲\n（一）乙\n（二）丙\n1. 5 项\n二、丁\n（一）戊\n1. 条\n点\n"

    @pytest.mark.parametrize(
        ("entry", "content", "reason"),
        [
            ("word/vbaProject.bin", b"x", "宏"),
            ("word/footnotes.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "外部引用"),
            ("word/footnotes.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16"), "外部引用"),
            ("word/media/image1.png", b"\0" * 30_000_000, "压缩比例"),
            ("word/document.xml", b"<w:document", "损坏"),
            ("[Content_Types].xml", b"<Types/>", "不是 Word 文档"),
            ("[Content_Types].xml", b"application/vnd.ms-word.document.macroEnabled.main+xml", "宏"),
        ],
    )
    def test_hostile_archives_are_refused(self, entry: str, content: bytes, reason: str) -> None:
        data = changed(word(lambda made: made.add_paragraph("甲")), {entry: content})
        with pytest.raises(Unreadable, match=reason):
            read("a.docx", data)

    def test_too_many_entries_are_refused(self) -> None:
        data = changed(word(lambda made: made.add_paragraph("甲")), {f"x/{n}.xml": b"" for n in range(2001)})
        with pytest.raises(Unreadable, match="太大"):
            read("a.docx", data)

    def test_lies_about_sizes_are_refused(self) -> None:
        data = changed(word(lambda made: made.add_paragraph("甲")), {"word/footnotes.xml": b" " * 5_000_000})
        place = data.rindex(b"PK\x01\x02", 0, data.rindex(b"word/footnotes.xml"))
        lying = data[: place + 24] + (100).to_bytes(4, "little") + data[place + 28 :]
        with pytest.raises(Unreadable, match="损坏"):
            read("a.docx", lying)


class TestPdf:
    def test_lines_wraps_and_page_numbers(self) -> None:
        lines = (WIDE, "percent.", "Short 1", "Short 2")
        first = "".join(shown(72, 700 - 20 * number, line) for number, line in enumerate(lines))
        second = shown(72, 700, "Next 2") + shown(290, 40, "2")
        document = read("a.pdf", portable(first + shown(290, 40, "- 1 -"), second))
        assert document.text == f"{WIDE} percent.\nShort 1\nShort 2\nNext 2\n"

    def test_chinese_is_joined_without_spaces(self) -> None:
        first, second = "全年预算安排一千二百万元，其中人员经费支出八百万元，公用经费⽀出", "四百万元，执行率 98.5%。"
        lines = (first, second, "二、项目支出情况", "本年没有项目。")
        content = "".join(chinese(96 if n == 0 else 72, 700 - 20 * n, line) for n, line in enumerate(lines))
        joined = (first + second).replace("⽀", "支")
        assert read("a.pdf", portable(content)).text == f"{joined}\n二、项目支出情况\n本年没有项目。\n"

    def test_repeated_headers_go_and_paragraphs_run_over_pages(self) -> None:
        pages = [shown(200, 800, "Report of 2023") + shown(72, 700, WIDE) + shown(290, 40, str(n)) for n in (1, 2, 3)]
        assert read("a.pdf", portable(*pages)).text == " ".join([WIDE] * 3) + "\n"

    def test_ruled_tables(self) -> None:
        lines = "72 600 m 372 600 l S 72 570 m 372 570 l S 172 540 m 372 540 l S 72 510 m 372 510 l S "
        lines += "72 600 m 72 510 l S 172 600 m 172 510 l S 272 570 m 272 510 l S 372 600 m 372 510 l S\n"
        content = "".join(
            shown(x, y, part)
            for x, y, part in (
                (72, 640, "Table of amounts, before"),
                (80, 580, "Item"),
                (180, 580, "Amounts"),
                (80, 535, "Staff"),
                (180, 550, "11"),
                (280, 550, "12"),
                (180, 520, "21"),
                (280, 520, "22"),
                (72, 480, "After"),
            )
        )
        document = read("a.pdf", portable(lines + content))
        (table,) = document.tables
        assert document.text == "Table of amounts, before\nItem\tAmounts\nStaff\t11\t12\n21\t22\nAfter\n"
        assert texts(document, table) == ["Item", "Amounts", "Staff", "11", "12", "21", "22"]
        assert places(table)[:4] == [(0, 0, 1, 1), (0, 1, 1, 2), (1, 0, 2, 1), (1, 1, 1, 1)]

    @pytest.mark.parametrize(
        ("heading", "wanted"), [("Item", "Item\tSum\nA\t1\nB\t2\n"), ("C", "Item\tSum\nA\t1\nC\tSum\nB\t2\n")]
    )
    def test_tables_run_over_pages(self, heading: str, wanted: str) -> None:
        rules = "".join(f"72 {y} m 272 {y} l S " for y in (600, 570, 540))
        rules += "".join(f"{x} 600 m {x} 540 l S " for x in (72, 172, 272)) + "\n"

        def page(*parts: str) -> str:
            spots = ((80, 580), (180, 580), (80, 550), (180, 550))
            return rules + "".join(shown(*spot, part) for spot, part in zip(spots, parts, strict=True))

        before = shown(72, 640, "Table of the amounts") + page("Item", "Sum", "A", "1") + shown(290, 40, "1")
        document = read("a.pdf", portable(before, page(heading, "Sum", "B", "2") + shown(290, 40, "2")))
        assert document.text == "Table of the amounts\n" + wanted
        assert [cell.row for cell in document.tables[0].cells][-2:] == [wanted.count("\n") - 1] * 2

    def test_scans_are_refused(self) -> None:
        with pytest.raises(Unreadable, match=r"“扫描\.pdf”是扫描件.*文字识别"):
            read("扫描.pdf", portable(shown(72, 700, "1")))

    def test_broken_ones_are_refused(self) -> None:
        with pytest.raises(Unreadable, match="损坏"):
            read("a.pdf", b"%PDF-1.7 nothing")


class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "data", "reason"),
        [
            ("空.txt", b"", "是空的"),
            ("空.docx", b" \n", "是空的"),
            ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"另存为 \.docx"),
            ("图.jpg", b"\xff\xd8\xff\xe0", "文字识别"),
            ("a.rtf", b"{\\rtf1", "RTF"),
            ("a.xyz", b"abc", "无法识别"),
            ("a.txt", b"\x81\xff\xfe", "编码"),
            ("a.txt", b"a\0b", "编码"),
            ("a.html", b"<p> </p>", "没有文字"),
            ("a.txt", "甲".encode() * 2_000_001, "200 万字"),
            ("a.docx", b"PK\x03\x04 no archive", "损坏"),
        ],
    )
    def test_one_sentence_names_the_file(self, name: str, data: bytes, reason: str) -> None:
        with pytest.raises(Unreadable, match=reason) as caught:
            read(name, data)
        assert str(caught.value).startswith(f"文件“{name}”")
        assert str(caught.value).count("。") == 1

    def test_big_files(self) -> None:
        with pytest.raises(Unreadable, match="50 MB"):
            read("a.txt", b"1" * (50 * 1024 * 1024 + 1))

    @settings(deadline=None)
    @given(
        st.sampled_from(["x.docx", "x.txt", "x.html", "x"]),
        st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.4\n", b"<html>", b"<table>", b"\xff\xfe"]),
        st.binary(max_size=400),
    )
    def test_any_bytes(self, name: str, head: bytes, data: bytes) -> None:
        self._read_or_refuse(name, head + data)

    @settings(deadline=None, max_examples=60)
    @given(st.data())
    def test_damaged_files(self, data: st.DataObject) -> None:
        whole = data.draw(
            st.sampled_from([word(lambda made: made.add_table(2, 2)), portable(shown(72, 700, "1" * 30))])
        )
        place = data.draw(st.integers(0, len(whole) - 1))
        self._read_or_refuse("x.docx", whole[:place] + data.draw(st.binary(max_size=4)) + whole[place + 2 :])

    @staticmethod
    def _read_or_refuse(name: str, data: bytes) -> None:
        try:
            found = read(name, data)
        except Unreadable:
            return
        assert isinstance(found, Document)
