"""Word: the built-in templates, the office's own, and filling them.

Templates are Word files with placeholders (`{{ problems }}`, docxtpl). They come from office staff, so they may only
name blanks and run through lists (`template_rules.py`), and are filled in a sandbox.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from docx import Document as new_word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from jinja2.nodes import Template
from jinja2.sandbox import SandboxedEnvironment

from bianwang.modules.documents import template_rules
from bianwang.modules.documents.contents import OFFICERS, chinese_day, said
from bianwang.modules.documents.models import Document
from bianwang.modules.documents.pack import Kind
from bianwang.platform.files.inspect import check_office
from bianwang.platform.files.storage import path_of

LONGEST_PART = 5 * 1024 * 1024
"""Bytes of one part of a template, unpacked."""
_PARTS = ("word/document", "word/header", "word/footer")
_ALWAYS = ("unit", "enterprise", "number", "day", "kind", OFFICERS)
_SIGNATURES = {
    "officers": "执法人员（签名）：                    ",
    "party": "当事人或其负责人（签名）：                    日期：",
    "approver": "审批意见：                    审批人（签名）：                    日期：",
    "members": "参加人员（签名）：",
}


def render(document: Document) -> bytes:
    """The Word file of a document. Raises ValidationError when its template cannot be filled."""
    kind = document.kind_row
    source = path_of(document.template.digest).read_bytes() if document.template else default(kind)
    return _fill(kind, source, context(document))


def context(document: Document) -> dict[str, Any]:
    """What the placeholders mean."""
    dossier, kind = document.dossier, document.kind_row
    enterprise = dossier.enterprise
    return {
        **said(kind, document.values),
        "kind": kind.name,
        "unit": dossier.unit.name,
        "number": document.number or "",
        "day": chinese_day(document.issued_on),
        "enterprise": {
            name: getattr(enterprise, name) or ""
            for name in ("name", "credit_code", "address", "contact", "contact_phone")
        },
    }


def check(kind: Kind, content: bytes) -> None:
    """Refuse a template that is no plain Word file, names an unknown placeholder, or cannot be filled.

    Raises ValidationError with one Chinese sentence.
    """
    check_office(io.BytesIO(content))
    _check_parts(content)
    try:
        trees = _trees(content)
    except Exception as error:  # docxtpl and lxml raise many kinds for a damaged file
        raise ValidationError({"file": f"模板不能识别：{_words(error)}，请检查花括号是否成对。"}) from error
    names = template_rules.names(trees)
    unknown = names - set(placeholders(kind))
    if unknown:
        known = "、".join(placeholders(kind))
        raise ValidationError(
            {"file": f"模板中的 {'、'.join(sorted(unknown))} 不是“{kind.name}”的栏目，可用的有：{known}。"}
        )
    _fill(kind, content, _sample(kind))


def placeholders(kind: Kind) -> list[str]:
    """Names that a template of a kind may use."""
    return [*_ALWAYS, *(field.code for field in kind.fields)]


@lru_cache(maxsize=64)
def default(kind: Kind) -> bytes:
    """The built-in template, laid out from the kind's data."""
    word = new_word()
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.7)
    _style(word)
    _line(word, "{{ unit }}", size=18, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    _line(word, kind.name, size=22, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    if kind.mark:
        _line(word, "{{ number }}", align=WD_ALIGN_PARAGRAPH.CENTER)
    for text in kind.body:
        if text.startswith("* "):
            _line(word, f"{{%p for row in {text[2:]} %}}")
            _line(word, "{{ loop.index }}. {{ row }}", indent=True)
            _line(word, "{%p endfor %}")
        else:
            _line(word, text, indent=not text.endswith("：") or "：" in text[:-1])
    _line(word, "")
    for signer in kind.signers:
        if signer in _SIGNATURES:
            _line(word, _SIGNATURES[signer])
    if "unit" in kind.signers:
        _line(word, "{{ unit }}（印章）", align=WD_ALIGN_PARAGRAPH.RIGHT)
    _line(word, "{{ day }}", align=WD_ALIGN_PARAGRAPH.RIGHT)
    content = io.BytesIO()
    word.save(content)
    return content.getvalue()


def _trees(content: bytes) -> list[Template]:
    """The template's text, headers and footers as the template language reads them; nothing is worked out."""
    opened = DocxTemplate(io.BytesIO(content))
    opened.init_docx()
    parts = [opened.get_xml()]
    for uri in (opened.HEADER_URI, opened.FOOTER_URI):
        parts += [opened.get_part_xml(part) for _, part in opened.get_headers_footers(uri)]
    return [_environment().parse(opened.patch_xml(part)) for part in parts]


def _check_parts(content: bytes) -> None:
    """Placeholders stand in the text, headers and footers only, and none of these is endless."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():
            if not part.filename.endswith(".xml"):
                continue
            if part.file_size > LONGEST_PART:
                raise ValidationError({"file": "模板的内容过大，请从现行模板修改，不要粘贴大量内容。"})
            if not part.filename.startswith(_PARTS) and re.search(rb"\{[{%#]", archive.read(part)):
                raise ValidationError({"file": "栏目只能写在正文、页眉和页脚里，不能写在脚注、批注和文件属性里。"})


def _fill(kind: Kind, source: bytes, values: Mapping[str, Any]) -> bytes:
    filled = io.BytesIO()
    try:
        template = DocxTemplate(io.BytesIO(source))
        template.render(dict(values), _environment(), autoescape=True)
        template.save(filled)
    except Exception as error:  # as in check
        raise ValidationError({"file": f"“{kind.name}”的模板不能填写：{_words(error)}。"}) from error
    return filled.getvalue()


def _environment() -> SandboxedEnvironment:
    made = SandboxedEnvironment(autoescape=True)
    made.globals.clear()
    return made


def _sample(kind: Kind) -> dict[str, Any]:
    values = {field.code: ["甲", "乙"] if field.type == "list" else "示例" for field in kind.fields}
    enterprise = dict.fromkeys(("name", "credit_code", "address", "contact", "contact_phone"), "示例")
    day = chinese_day(date(2022, 1, 1))
    return {**dict.fromkeys(_ALWAYS, "示例"), **values, "enterprise": enterprise, "day": day}


def _words(error: Exception) -> str:
    return str(error.message if isinstance(error, TemplateError) and error.message else error)[:120]


def _style(word: Any) -> None:
    style = word.styles["Normal"]
    style.font.name, style.font.size = "FangSong", Pt(15)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    style.paragraph_format.line_spacing = 1.5
    style.paragraph_format.space_after = Pt(0)


def _line(word: Any, text: str, *, size: int = 0, bold: bool = False, align: Any = None, indent: bool = False) -> None:
    paragraph = word.add_paragraph()
    run = paragraph.add_run(text)
    run.bold = bold
    if size:
        run.font.size = Pt(size)
        run.font.name = "SimSun"
        run._element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    if align is not None:
        paragraph.alignment = align
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(30)
