"""Opens a .docx as a stranger's archive: nothing that blows up, runs, or reaches out of it gets through."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Final

from bianwang.audit.document import Unreadable

_MOST_ENTRIES: Final = 2_000
_MOST_BYTES: Final = 200 * 1024 * 1024
_MOST_RATIO: Final = 200
_RATIO_COUNTS_FROM: Final = 10 * 1024 * 1024
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_TYPES: Final = "[Content_Types].xml"
_WORD: Final = b"wordprocessingml.document.main+xml"
_ENTITIES: Final = re.compile(rb"<!(?:doctype|entity)", re.IGNORECASE)
_BROKEN: Final = "已损坏，请用 Word 或 WPS 打开后另存为 .docx 再上传。"


def checked(data: bytes) -> io.BytesIO:
    """The same archive, not compressed, with XML parts only; other parts are there, but empty."""
    clean = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(clean, "w") as target:
            entries = _entries(source)
            parts = {name: _content(source, entry) for name, entry in entries.items()}
            _refuse_kinds(parts)
            for name, content in parts.items():
                target.writestr(name, content)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        raise error if isinstance(error, Unreadable) else Unreadable(_BROKEN) from error
    clean.seek(0)
    return clean


def _entries(source: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    entries = source.infolist()
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _MOST_BYTES:
        raise Unreadable("解压后太大，请删去图片和附件后另存为 .docx 再上传。")
    for entry in entries:
        if entry.file_size > max(_RATIO_COUNTS_FROM, entry.compress_size * _MOST_RATIO):
            raise Unreadable("的压缩比例异常，请用 Word 或 WPS 打开后另存为 .docx 再上传。")
        if entry.flag_bits & 1:
            raise Unreadable("加了密码，请去掉密码后再上传。")
        if entry.filename.lower().endswith("vbaproject.bin"):
            raise Unreadable("带有宏，请另存为不带宏的 .docx 再上传。")
    return {entry.filename: entry for entry in entries}


def _content(source: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Sizes in the archive's directory may be lies, so no more than the size said is ever unpacked."""
    if not entry.filename.lower().endswith((".xml", ".rels")):
        return b""
    if entry.compress_type not in _METHODS:
        raise Unreadable(_BROKEN)
    with source.open(entry) as stream:
        content = stream.read(entry.file_size + 1)
    if _ENTITIES.search(content) or _ENTITIES.search(content.replace(b"\0", b"")):
        raise Unreadable("里有不允许的外部引用（DTD），请用 Word 或 WPS 打开后另存为 .docx 再上传。")
    return content


def _refuse_kinds(parts: dict[str, bytes]) -> None:
    types = parts.get(_TYPES, b"")
    if b"macroenabled" in types.lower():
        raise Unreadable("带有宏，请另存为不带宏的 .docx 再上传。")
    if _WORD not in types:
        raise Unreadable("是压缩包，但不是 Word 文档，请用 Word 或 WPS 另存为 .docx 再上传。")
