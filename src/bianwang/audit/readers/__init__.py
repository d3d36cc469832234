"""Makes a `Document` of the bytes of a report: Word, PDF, HTML or plain text.

Readers raise `Unreadable` with what is said of the file (“是空的，…”); `read` puts the file's name before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath
from typing import Final

from bianwang.audit.document import Document, Unreadable

__all__ = ["read"]

_MOST_BYTES: Final = 50 * 1024 * 1024
_LONGEST_NAME: Final = 80
_READABLE: Final = "请用 .docx、.pdf、.html 或 .txt 格式"
# A reader is the module of its name here, imported when the first file needs it.
_READERS: Final = {b"%PDF": "pdf", b"PK\x03\x04": "docx"}
_EXTENSIONS: Final = {".html": "html", ".htm": "html", ".txt": "text", ".md": "text"}
_REFUSED: Final = {
    b"\xd0\xcf\x11\xe0": "是旧版 Office 格式或加了密码，请用 Word 或 WPS 另存为 .docx（不加密）再上传。",
    b"{\\rtf": "是 RTF 格式，请用 Word 或 WPS 另存为 .docx 再上传。",
    b"PK\x05\x06": "是空的压缩包，请上传有内容的 .docx 文件。",
    b"\xff\xd8\xff": "是图片，请先做文字识别，存为 .docx 再上传。",
    b"\x89PNG": "是图片，请先做文字识别，存为 .docx 再上传。",
}
_LOOKS_LIKE_HTML: Final = re.compile(rb"<(?:html|!doctype\s+html|table)\b", re.IGNORECASE)
_LEAD: Final = b"\xef\xbb\xbf \t\r\n\f\v"


def read(name: str, data: bytes) -> Document:
    """The report in a file; `Unreadable` says in one Chinese sentence which file it is and what to do."""
    try:
        reader: Callable[[bytes], Document] = import_module(f"{__name__}.{_reader(name, data)}").read
        document = reader(data)
        if not document.text.strip():
            raise Unreadable("里没有文字，请检查后重新上传。")
    except Unreadable as reason:
        raise Unreadable(f"文件“{_shown(name)}”{reason}") from reason
    return document


def _reader(name: str, data: bytes) -> str:
    if not data.strip(_LEAD):
        raise Unreadable("是空的，请上传有内容的报告。")
    if len(data) > _MOST_BYTES:
        raise Unreadable(f"超过 {_MOST_BYTES // 1024 // 1024} MB，请压缩图片或拆成几份再上传。")
    head = data[:2048].lstrip(_LEAD)
    for magic, reason in _REFUSED.items():
        if head.startswith(magic):
            raise Unreadable(reason)
    by_content = next((reader for magic, reader in _READERS.items() if head.startswith(magic)), None)
    by_name = _EXTENSIONS.get(PurePath(name).suffix.lower())
    if found := by_content or by_name:
        return found
    if _LOOKS_LIKE_HTML.search(head.replace(b"\0", b"")):
        return "html"
    raise Unreadable(f"的格式无法识别或文件已损坏，{_READABLE}重新上传。")


def _shown(name: str) -> str:
    printable = "".join(character if character.isprintable() else " " for character in name).strip()
    return printable if len(printable) <= _LONGEST_NAME else printable[: _LONGEST_NAME - 1] + "…"
