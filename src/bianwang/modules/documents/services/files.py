"""The Word file of an issued document: made once, from the template and the values it was issued with."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from bianwang.modules.documents.models import Document
from bianwang.modules.documents.word import render
from bianwang.platform.files.inspect import DOCX
from bianwang.platform.files.models import Attachment
from bianwang.platform.files.services import attach
from bianwang.platform.files.storage import path_of, store

LABEL = "正本"


def keep(document: Document) -> Attachment:
    """The kept file, made when it is not there yet: a crash after issuing loses nothing."""
    kept = Attachment.objects.filter(object_type=document._meta.label_lower, object_id=document.pk, label=LABEL).first()
    if kept is not None and path_of(kept.digest).exists():
        return kept
    assert document.issued_by is not None  # noqa: S101
    stored = store(SimpleUploadedFile(f"{document}.docx", render(document), DOCX))
    return attach(document, stored, user=document.issued_by, label=LABEL)
