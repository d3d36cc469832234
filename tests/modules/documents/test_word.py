"""Word and PDF: the built-in templates, the office's own, the case file."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document as open_word
from hypothesis import given, settings, strategies as st

from bianwang.modules.documents import services
from bianwang.modules.documents.case_file import case_file_pdf, document_pdf
from bianwang.modules.documents.models import Dossier, Template
from bianwang.modules.documents.pack import Kind, kind, kinds
from bianwang.modules.documents.typesetting import HEAD, compile_pdf, quote, typeset
from bianwang.modules.documents.word import check, default, render
from bianwang.platform.files.inspect import DOCX
from bianwang.platform.files.storage import store
from tests.modules.documents.papers import dossier, drawn, issued, served, signed
from tests.modules.documents.test_documents import TODAY
from tests.modules.hazards.findings import photo
from tests.people import ClientFor, World

pytestmark = pytest.mark.django_db


def word(*lines: str) -> bytes:
    """A Word file with these paragraphs."""
    made, content = open_word(), io.BytesIO()
    for line in lines:
        made.add_paragraph(line)
    made.save(content)
    return content.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """A Word file with one part more."""
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(name, part)
    return made.getvalue()


def uploaded(content: bytes, name: str = "模板.docx") -> Any:
    return store(SimpleUploadedFile(name, content, DOCX))


def text_of(pdf: bytes) -> list[str]:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return [page.extract_text() or "" for page in opened.pages]


@pytest.mark.parametrize("row", kinds(TODAY), ids=lambda row: row.code)
def test_every_kind_has_a_template_that_can_be_filled(row: Kind) -> None:
    check(row, default(row))


def test_the_word_file_says_what_was_written(world: World) -> None:
    order = (issued(world, owner := dossier(world), "record"), issued(world, owner, "order"))[1]
    text = "\n".join(paragraph.text for paragraph in open_word(io.BytesIO(render(order))).paragraphs)
    assert order.number in text
    assert "1. 甲" in text
    assert "2026年1月5日前整改完毕" in text
    assert world.plant.name in text


def test_the_offices_own_template_is_used_from_then_on_and_what_is_issued_stays(world: World) -> None:
    before = issued(world, dossier(world), "notice")
    kept = services.keep(before).digest
    made = services.upload(world.who("head"), "notice", uploaded(word("本局版式", "{{ reason }}")), "换抬头")
    assert (made.version, made.is_active) == (1, True)
    after = issued(world, dossier(world), "notice")
    texts = [open_word(io.BytesIO(render(row))).paragraphs[0].text for row in (after, before)]
    assert texts[0] == "本局版式"
    assert texts[1] == "区应急管理局"
    assert services.keep(before).digest == kept
    second = services.upload(world.who("head"), "notice", uploaded(word("第二版")))
    services.restore(made, world.who("head"))
    assert set(Template.objects.filter(is_active=True)) == {made}
    assert second.version == 2
    with pytest.raises(PermissionDenied):
        services.upload(world.who("enforcement"), "notice", uploaded(word("第三版")))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (word("{{ colour }}"), "colour 不是“行政检查通知书”的栏目"),
        (word("{{ reason"), "模板"),
        (word("{% for row in reason %}"), "模板"),
        (word("{{ reason.__class__.__mro__ }}"), "不能写判断、计算和函数"),
        (word("{{ loop.index }}"), "不能写判断、计算和函数"),
        # Merely compiling it would work it out, for half a minute and a gigabyte.
        (word("{{ 'a' * 999999999 }}"), "不能写判断、计算和函数"),
        (word("{% for a in reason %}{% for b in reason %}{{ b }}{% endfor %}{% endfor %}"), "不能写判断、计算和函数"),
        (word("{% for a in reason if a %}{{ a }}{% endfor %}"), "不能写判断、计算和函数"),
        (word("{{ reason|upper }}"), "不能写判断、计算和函数"),
        (with_part(word("{{ reason }}"), "word/footnotes.xml", b"<w>{{ reason }}</w>"), "不能写在脚注"),
        (b"PK\x03\x04 broken", "损坏"),
    ],
)
def test_a_template_that_would_not_work_is_refused(world: World, content: bytes, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        check(kind("notice", TODAY), content)
    assert words in "；".join(refused.value.messages)


def test_macros_are_refused(world: World) -> None:
    content = io.BytesIO(word("{{ reason }}"))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"macro")
    with pytest.raises(ValidationError, match="宏"):
        uploaded(content.getvalue())


def test_nothing_that_somebody_writes_becomes_a_placeholder_or_a_command(world: World) -> None:
    owner, officer = dossier(world), world.who("enforcement")
    nasty = '{{ 7*7 }} #panic("x") \\ "引号" <b> & $x$ *粗* // `代码`'
    draft = drawn(world, owner, "notice")
    services.change(draft, officer, {**draft.values, "reason": nasty})
    services.issue(draft, officer)
    text = "".join(text_of(document_pdf(draft))).replace("\n", "").replace(" ", "")
    assert nasty.replace(" ", "") in text


@settings(max_examples=12, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Co", "Cn"]), max_size=60))
def test_any_text_is_a_string_and_no_markup(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder: Path = tmp_path_factory.mktemp("typst")
    compile_pdf(f"{HEAD}#let x = {quote(text)}\n#assert(type(x) == str)\n#x", folder)


def test_the_case_file_has_contents_with_the_right_pages_and_leaves_out_what_is_void(world: World) -> None:
    owner = dossier(world)
    void = issued(world, owner, "record")
    services.void(void, world.who("enforcement"), "写错了")
    recheck_last = [served(world, owner, code) for code in ("notice",)]
    record = signed(world, issued(world, owner, "record"))
    order = issued(world, owner, "order")
    drawn(world, owner, "recheck")
    services.add_papers(owner, world.who("enforcement"), [photo()])
    pages = text_of(case_file_pdf(Dossier.objects.get(pk=owner.pk)))
    assert "行政执法案卷" in pages[0]
    assert world.plant.name in pages[0]
    contents = pages[1].replace("\n", "")
    for name in ("行政检查通知书", "现场检查记录", "责令限期整改指令书", "现场.jpg"):
        assert name in contents
    assert void.number not in "".join(pages[:-1])
    assert void.number in pages[-1], "the closing note says which are void"
    assert "整改复查意见书" not in "".join(pages)
    assert recheck_last[0].number in pages[2]
    assert record.number in pages[3]
    assert "签字人：陈安" in pages[3]
    assert order.number in pages[4]
    assert pages[4].rstrip().endswith("3"), "the third page after the contents"
    assert len(pages) == 7


def test_a_pdf_among_the_papers_is_bound_in_page_by_page(world: World, tmp_path: Path) -> None:
    owner, officer = dossier(world), world.who("enforcement")
    letter = compile_pdf(f"{HEAD}#text({quote('来函首页')})\n#pagebreak()\n#text({quote('来函末页')})", tmp_path)
    broken = letter[:200]
    papers = [SimpleUploadedFile("来函.pdf", letter), SimpleUploadedFile("坏.pdf", broken)]
    services.add_papers(owner, officer, [store(paper) for paper in papers])
    pages = text_of(case_file_pdf(owner))
    assert [text in page for text, page in zip(("来函首页", "来函末页", "不能并入本卷"), pages[2:5], strict=True)] == [
        True
    ] * 3
    assert "本卷共 2 件" in pages[-1]


def test_merged_cells_and_full_width_blanks_are_printed_as_in_word() -> None:
    made, content = open_word(), io.BytesIO()
    table = made.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "合并　的格"
    table.cell(1, 0).text, table.cell(1, 1).text = "左", "右"
    made.save(content)
    source = typeset(content.getvalue())
    assert source.count("合并　的格") == 1
    assert "colspan: 2, rowspan: 1" in source
    assert source.count("table.cell") == 3


def test_files_come_through_the_door(world: World, client_for: ClientFor) -> None:
    owner = dossier(world)
    record = issued(world, owner, "record")
    officer, safety = client_for("enforcement"), client_for("safety")
    for name, pk in (("documents:pdf", record.pk), ("documents:word", record.pk), ("documents:case_file", owner.pk)):
        answer = officer.get(reverse(name, args=[pk]))
        assert answer.status_code == 200
        assert answer.content[:4] in (b"%PDF", b"PK\x03\x04")
        assert safety.get(reverse(name, args=[pk])).status_code == 403
    head = client_for("head")
    url = reverse("documents:template", args=["record"])
    given = head.get(reverse("documents:template_word", args=["record"])).content
    answer = head.post(url, {"file": SimpleUploadedFile("新版.docx", given, DOCX), "note": "同内置"})
    assert answer.status_code == 302
    assert "第 1 版" in head.get(url).content.decode()
    wrong = head.post(url, {"file": SimpleUploadedFile("新版.docx", word("{{ nobody }}"), DOCX)})
    assert wrong.status_code == 422
    assert "nobody" in wrong.content.decode()
