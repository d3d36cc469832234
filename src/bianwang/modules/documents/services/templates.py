"""The office's own Word templates: a next version by upload, an earlier one restored."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from bianwang.modules.documents.models import Template
from bianwang.modules.documents.pack import kind as kind_on
from bianwang.modules.documents.word import check
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.files.inspect import DOCX
from bianwang.platform.files.services import attach
from bianwang.platform.files.storage import Stored, path_of
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Organisation


def upload(user: User, kind: str, stored: Stored, note: str = "") -> Template:
    """Make a checked upload the kind's template from now on; what is issued already keeps its own.

    Raises ValidationError: no Word file, macros, an unknown placeholder, or a template that cannot be filled.
    """
    access.require(user, "documents.templates")
    row = kind_on(kind, today())
    if stored.media_type != DOCX:
        raise ValidationError({"file": f"“{stored.name}”不是 Word 文件（docx），请在 WPS 或 Word 中另存为 docx。"})
    check(row, path_of(stored.digest).read_bytes())
    return _save(user, kind, stored, note)


@transaction.atomic
def restore(template: Template, user: User) -> None:
    """Use an earlier version again. Raises PermissionDenied."""
    access.require(user, "documents.templates")
    Template.objects.filter(kind=template.kind, is_active=True).update(is_active=False)
    Template.objects.filter(pk=template.pk).update(is_active=True)
    record("documents.restore", template, owner=template.owner_id, changes={"is_active": (False, True)})


@transaction.atomic
def _save(user: User, kind: str, stored: Stored, note: str) -> Template:
    rows = Template.objects.filter(kind=kind)
    last = rows.aggregate(last=Max("version"))["last"] or 0
    rows.filter(is_active=True).update(is_active=False)
    bureau: Any = Organisation.objects.get(level=Organisation.Level.BUREAU)
    made = Template(
        owner=bureau,
        kind=kind,
        version=last + 1,
        note=note.strip(),
        digest=stored.digest,
        uploaded_by=user,
        uploaded_at=now(),
    )
    made.full_clean(validate_constraints=False)
    made.save(force_insert=True)
    record("documents.template", made, owner=bureau.pk, changes={"version": (last or None, made.version)})
    attach(made, stored, user=user)
    return made
