"""PDF of one document, and the whole case file: cover, contents with page numbers, documents, papers."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pdfplumber

from bianwang.modules.documents.contents import chinese_day
from bianwang.modules.documents.models import Document, Dossier, Service
from bianwang.modules.documents.services.files import LABEL, keep
from bianwang.modules.documents.typesetting import HEAD, compile_pdf, quote, typeset
from bianwang.modules.documents.word import render
from bianwang.modules.documents.workflow import LIVE
from bianwang.platform.clock import SHANGHAI
from bianwang.platform.files.inspect import IMAGES, PDF
from bianwang.platform.files.models import Attachment
from bianwang.platform.files.storage import path_of

MOST_PAGES = 200
"""Pages of one PDF that is bound into a case file."""
_SUFFIX = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", PDF: ".pdf"}


def document_pdf(document: Document) -> bytes:
    """One document with its signature; a draft is marked as one."""
    with tempfile.TemporaryDirectory() as folder:
        return compile_pdf(HEAD + _OF_ALL + _mark(document) + _document(document, Path(folder)), Path(folder))


def case_file_pdf(dossier: Dossier) -> bytes:
    """The case file in its standard order; drafts and void documents stay out."""
    rows = dossier.documents.filter(state__in=LIVE).select_related("template", "dossier__unit", "dossier__enterprise")
    ordered = sorted(rows, key=lambda row: (row.kind_row.order, row.issued_at, row.pk))
    papers = list(_papers(dossier))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        parts = [HEAD, _cover(dossier), _contents(ordered, papers), _NUMBERED]
        for number, document in enumerate(ordered, 1):
            parts.append(f"{_break(number)}#metadata(none) <part-{number}>\n{_document(document, root)}")
        for number, paper in enumerate(papers, len(ordered) + 1):
            parts.append(f"{_break(number)}#metadata(none) <part-{number}>\n{_paper(paper, root)}")
        parts.append(_closing(dossier, len(ordered) + len(papers)))
        return compile_pdf("\n".join(parts), root)


_OF_ALL = """#set page(footer: context align(center)[#counter(page).display("1 / 1", both: true)])
"""
_NUMBERED = """#counter(page).update(1)
#set page(footer: context align(center)[#counter(page).display()])
"""


def _cover(dossier: Dossier) -> str:
    lines = [
        ("案卷类别", dossier.get_kind_display()),
        ("案卷名称", dossier.title),
        ("当事人", dossier.enterprise.name),
        ("统一社会信用代码", dossier.enterprise.credit_code),
        ("执法单位", dossier.unit.name),
        ("立卷日期", chinese_day(dossier.opened_on)),
    ]
    cells = ", ".join(f"[#{quote(name)}], [#{quote(value)}]" for name, value in lines)
    return (
        f"#v(4cm)\n#align(center)[#text(size: 18pt, {quote(dossier.unit.name)})]\n"
        f'#align(center)[#text(size: 26pt, "行政执法案卷")]\n#v(2cm)\n'
        f"#table(columns: (4cm, 1fr), stroke: 0.5pt, inset: 10pt, {cells})\n#pagebreak()\n"
    )


def _contents(documents: list[Document], papers: list[Attachment]) -> str:
    rows = [(str(row.kind_row.name), row.number or "", chinese_day(row.issued_on)) for row in documents]
    rows += [(row.name, "", chinese_day(row.added_at.astimezone(SHANGHAI).date())) for row in papers]
    cells = ["[序号], [文书（材料）名称], [文号], [日期], [页码]"]
    for number, row in enumerate(rows, 1):
        texts = ", ".join(f"[#{quote(text)}]" for text in row)
        cells.append(f"[{number}], {texts}, [#context counter(page).at(<part-{number}>).first()]")
    table = f"#table(columns: (auto, 1fr, auto, auto, auto), stroke: 0.5pt, inset: 6pt, {', '.join(cells)})"
    return f'#align(center)[#text(size: 18pt, "卷内文件目录")]\n#v(0.5cm)\n#text(size: 10pt)[{table}]\n#pagebreak()\n'


def _break(number: int) -> str:
    return "" if number == 1 else "#pagebreak()\n"


def _document(document: Document, root: Path) -> str:
    word = path_of(keep(document).digest).read_bytes() if document.issued_at else render(document)
    return typeset(word) + "\n".join(_marks(document, root))


def _mark(document: Document) -> str:
    words = {"draft": "草稿", "void": "作废"}.get(document.state)
    if words is None:
        return ""
    return f"#set page(background: rotate(-35deg, text(120pt, fill: luma(88%), {quote(words)})))\n"


def _marks(document: Document, root: Path) -> Iterator[str]:
    """Who signed or refused, and how it was served."""
    if document.signed_at:
        day = chinese_day(document.signed_at.astimezone(SHANGHAI).date())
        words = f"拒绝签字，见证人：{document.witness}" if document.refused else f"签字人：{document.signed_by}"
        yield f"\n#v(0.5cm)\n#text(size: 11pt, {quote(f'{words}　{day}')})\n"
        for picture in _attached(document, "签名"):
            yield f"#image({quote(_copy(picture, root))}, height: 2cm)\n"
    service = Service.objects.filter(document=document).first()
    if service:
        words = f"{service.get_method_display()}　{chinese_day(service.on)}　收件人：{service.receiver or '无'}"
        words += f"　见证人：{service.witness}" if service.witness else ""
        words += f"　{service.note}" if service.note else ""
        if document.served_on != service.on:
            words += f"　视为送达：{chinese_day(document.served_on)}"
        yield f"#text(size: 11pt, {quote(words)})\n"


def _papers(dossier: Dossier) -> Iterator[Attachment]:
    rows = Attachment.objects.filter(object_type=dossier._meta.label_lower, object_id=dossier.pk)
    yield from rows.order_by("added_at", "pk")


def _attached(document: Document, label: str) -> list[Attachment]:
    rows = Attachment.objects.filter(object_type=document._meta.label_lower, object_id=document.pk, label=label)
    return [row for row in rows.exclude(label=LABEL) if row.media_type in IMAGES]


def _paper(paper: Attachment, root: Path) -> str:
    title = f"#text(size: 12pt, {quote(paper.name)})\n\n"
    if paper.media_type in IMAGES:
        return (
            f'{title}#align(center)[#image({quote(_copy(paper, root))}, width: 100%, height: 20cm, fit: "contain")]\n'
        )
    if paper.media_type == PDF and (pages := _pages(paper)):
        name = quote(_copy(paper, root))
        shown = [f'#align(center)[#image({name}, page: {n}, width: 100%, height: 22cm, fit: "contain")]' for n in pages]
        return title + "\n#pagebreak()\n".join(shown) + "\n"
    return f"{title}#text(size: 11pt, {quote('本材料为电子文件，不能并入本卷，原件另存于平台附件。')})\n"


def _pages(paper: Attachment) -> range:
    """The pages of a PDF; none of one that is damaged, locked or very long."""
    try:
        with pdfplumber.open(path_of(paper.digest)) as opened:
            count = len(opened.pages)
    except Exception:  # pdfminer raises many kinds
        return range(0)
    return range(1, count + 1) if count <= MOST_PAGES else range(0)


def _closing(dossier: Dossier, count: int) -> str:
    """备考表: how many pieces, and which numbers are void."""
    void = dossier.documents.filter(state="void").exclude(number=None).select_related("dossier").order_by("pk")
    lines = [
        f"本卷共 {count} 件。",
        f"已作废的文书：{'、'.join(map(str, void)) or '无'}。",
        "立卷人：　　　　　　　　检查人：　　　　　　　　日期：",
    ]
    texts = "\n\n".join(f"#text(size: 12pt, {quote(line)})" for line in lines)
    return f'#pagebreak(weak: true)\n#align(center)[#text(size: 18pt, "卷内备考表")]\n#v(0.5cm)\n{texts}\n'


def _copy(paper: Attachment, root: Path) -> str:
    name = f"{paper.digest}{_SUFFIX[paper.media_type]}"
    if not (root / name).exists():
        shutil.copyfile(path_of(paper.digest), root / name)
    return f"/{name}"
