"""What people hand in: a file or a text, read into a document before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from bianwang.audit.document import Document, Unreadable
from bianwang.audit.readers import read, text as plain
from bianwang.platform.accounts.models import User
from bianwang.platform.files import services as files
from bianwang.platform.files.storage import Stored, clean_name

MOST_BYTES = 20 * 1024 * 1024
MOST_TEXT = 300_000
"""Characters that one page shows and a person can go through."""


@dataclass(frozen=True)
class Source:
    """A report that was read; `file` is the original on disk, None for a text."""

    document: Document
    file: Stored | None = None


def from_upload(upload: UploadedFile[Any], user: User) -> Source:
    """Check, store and read a file. Raises ValidationError with one Chinese sentence."""
    name = clean_name(str(upload.name or ""))
    if (upload.size or 0) > MOST_BYTES:
        limit = MOST_BYTES // 1024 // 1024
        raise ValidationError(f"文件“{name}”超过 {limit} MB，请压缩图片或拆成几份再上传。")
    stored = files.prepare(upload, user)
    upload.seek(0)
    try:
        document = read(name, upload.read())
    except Unreadable as error:
        raise ValidationError(str(error)) from error
    return Source(_limited(document), stored)


def from_text(text: str) -> Source:
    """Read a pasted or edited text. Raises ValidationError with one Chinese sentence."""
    if not text.strip():
        raise ValidationError("没有文字，请粘贴报告的正文。")
    try:
        return Source(_limited(plain.document(text)))
    except Unreadable as error:
        raise ValidationError(f"报告{error}") from error


def _limited(document: Document) -> Document:
    if len(document.text) > MOST_TEXT:
        raise ValidationError(f"报告超过 {MOST_TEXT // 10_000} 万字，请拆成几份分别核对。")
    return document
