"""What the tests of documents start from: certified officers, a dossier, filled-in documents."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from bianwang.modules.documents import services
from bianwang.modules.documents.models import Document, Dossier, Template
from bianwang.modules.documents.pack import Kind, kind
from bianwang.modules.documents.word import default
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.files.inspect import DOCX
from bianwang.platform.files.storage import store
from tests.modules.hazards.findings import photo
from tests.people import World


def dossier(world: World, stage: str = "inspection", who: str = "enforcement") -> Dossier:
    """A dossier of the bureau about the plant; two officers hold certificates."""
    for key in ("enforcement", "enforcement2"):
        officer = world.who(key)
        officer.certificate = f"渝B{officer.pk:07}"
        officer.save()
    day = now().astimezone(SHANGHAI).date()
    return services.open_dossier(world.who(who), world.bureau, world.plant, stage, "青杠机械厂检查", day)


def filled(world: World, row: Kind) -> dict[str, Any]:
    """Something in every blank."""
    examples = {"date": "2026-01-05", "datetime": "2026-01-05T09:30", "money": "1000.5", "list": "甲\n乙"}
    values: dict[str, Any] = {
        field.code: field.choices[0] if field.type == "choice" else examples.get(field.type, "如实填写")
        for field in row.fields
    }
    if row.officers:
        values["officers"] = [world.who(key).certificate for key in ("enforcement", "enforcement2")]
    return values


def drawn(world: World, owner: Dossier, code: str, who: str = "enforcement") -> Document:
    """A complete draft."""
    today = now().astimezone(SHANGHAI).date()
    return services.draw_up(world.who(who), owner, code, filled(world, kind(code, today)))


def issued(world: World, owner: Dossier, code: str) -> Document:
    """Drawn up by the officer, issued by him or, where it needs approval, by his head."""
    document = drawn(world, owner, code)
    services.issue(document, world.who("head" if document.kind_row.approval else "enforcement"))
    return document


def served(world: World, owner: Dossier, code: str) -> Document:
    """Issued and handed over today."""
    document = issued(world, owner, code)
    today = now().astimezone(SHANGHAI).date()
    services.serve(document, world.who("enforcement"), method="direct", on=today, receiver="陈安")
    return document


def signed(world: World, document: Document) -> Document:
    """With the party's signature."""
    services.sign(document, world.who("enforcement"), name="陈安", image=photo())
    return document


def template(world: World) -> Template:
    """A first version of the office's own template of the notice."""
    content = store(SimpleUploadedFile("模板.docx", default(kind("notice", date(2026, 1, 1))), DOCX))
    return services.upload(world.who("head"), "notice", content)
