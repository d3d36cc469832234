"""Drawing up, issuing, serving, signing and voiding documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from bianwang.modules.documents import queries
from bianwang.modules.documents.contents import clean, differences
from bianwang.modules.documents.models import Document, Dossier, Service, Template
from bianwang.modules.documents.pack import kind as kind_on
from bianwang.modules.documents.services.files import keep
from bianwang.modules.documents.services.numbers import give
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.calendar.queries import add_working_days
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.files.inspect import IMAGES
from bianwang.platform.files.services import attach, prepare
from bianwang.platform.jobs.services import each
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.queries import limit
from bianwang.platform.workflow.services import advance, start

_PUBLIC = Service.Method.PUBLIC
_TO_SOMEBODY = frozenset({Service.Method.DIRECT, Service.Method.POST, Service.Method.ELECTRONIC})


@transaction.atomic
def draw_up(user: User, dossier: Dossier, kind: str, values: Mapping[str, Any]) -> Document:
    """A draft, which may still be incomplete. Raises Refused for a closed gate, ValidationError for a wrong value."""
    access.check(user, Dossier, dossier.pk, "documents.draw_up")
    moment = now()
    row = kind_on(kind, _day(moment))
    if row.stage not in ("both", dossier.kind):
        raise Refused(f"“{row.name}”不属于{dossier.get_kind_display()}。")
    if words := queries.lacks(dossier, kind):
        raise Refused(words)
    document = Document(
        dossier=dossier, kind=kind, values=clean(row, values, _day(moment)), drawn_by=user, drawn_at=moment
    )
    start(document, by=user, verb="documents.draw_up", changes={"kind": (None, row.name)})
    return document


@transaction.atomic
def change(document: Document, user: User, values: Mapping[str, Any]) -> None:
    """Other values of a draft; what is issued is never changed. Raises ValidationError, Conflict."""
    kind = document.kind_row
    found = clean(kind, values, _day(now()))
    # The revision is what two people at once conflict on; the ledger tells each blank.
    fields = {"revision": document.revision + 1}
    advance(document, "change", user, fields=fields, changes=differences(kind, document.values, found))
    Document.objects.filter(pk=document.pk).update(values=found)
    document.values = found


def issue(document: Document, user: User) -> None:
    """Give the number and freeze the document. Raises Refused (gate, blanks, approval), Conflict."""
    moment = now()
    kind, day = document.kind_row, _day(moment)
    with transaction.atomic():
        template = Template.objects.filter(kind=document.kind, is_active=True).first()
        fields = {"issued_by": user, "issued_at": moment, "template": template, **give(document, kind, day.year)}
        due = _end_of(add_working_days(day, kind.serve_within)) if kind.serve_within else None
        advance(document, "issue", user, fields=fields, due_at=due)
    keep(document)


@transaction.atomic
def serve(
    document: Document, user: User, *, method: str, on: date, receiver: str = "", witness: str = "", note: str = ""
) -> None:
    """How it was handed over. Raises ValidationError: before it was issued, in the future, left without a witness."""
    issued = document.issued_on
    if on > _day(now()) or (issued is not None and on < issued):
        raise ValidationError({"on": f"送达日期须在制发日期 {issued} 至今天之间。"})
    if method == Service.Method.LEFT and not witness.strip():
        raise ValidationError({"witness": "留置送达须写明见证人。"})
    if method in _TO_SOMEBODY and not receiver.strip():
        raise ValidationError({"receiver": "请写明收件人。"})
    if method == _PUBLIC and not note.strip():
        raise ValidationError({"note": "公告送达须写明在哪里公告。"})
    served_on = on + timedelta(days=int(limit("documents.notice", on).value)) if method == _PUBLIC else on
    changes = {"method": (None, Service.Method(method).label)}
    advance(document, "serve", user, fields={"served_on": served_on}, changes=changes)
    made = Service(
        document=document,
        method=method,
        receiver=receiver.strip(),
        witness=witness.strip(),
        on=on,
        note=note.strip(),
        by=user,
    )
    made.full_clean()
    made.save(force_insert=True)


@transaction.atomic
def sign(
    document: Document, user: User, *, name: str = "", image: Any = None, refused: bool = False, witness: str = ""
) -> None:
    """The party signed (name and picture), or refused before a witness. Signed once, never changed.

    Raises ValidationError.
    """
    if refused and not witness.strip():
        raise ValidationError({"witness": "当事人拒绝签字的，须有见证人。"})
    if not refused and (not name.strip() or image is None):
        raise ValidationError({"name": "请写明签字人，并由其手写签名或上传签名照片。"})
    picture = prepare(image, user) if isinstance(image, UploadedFile) else image
    if picture is not None and picture.media_type not in IMAGES:
        raise ValidationError({"image": f"“{picture.name}”不是照片，请重新签名或上传签名照片。"})
    fields = {"signed_by": name.strip(), "refused": refused, "witness": witness.strip(), "signed_at": now()}
    advance(document, "sign", user, fields=fields)
    if picture is not None:
        attach(document, picture, user=user, label="签名")


def void(document: Document, user: User, reason: str) -> None:
    """Withdraw it; its number stays with it and is never given again."""
    advance(document, "void", user, reason=reason)


def urge_service() -> None:
    """Job: what was not served in time comes before the heads, once."""
    rows = Document.objects.filter(queries.overdue(), escalated_at=None).select_related("dossier")
    each(rows, _urge)


def _urge(document: Document) -> None:
    advance(document, "escalate", None, fields={"escalated_at": now()}, due_at=document.due_at)
    todo.open_for(
        document,
        title=f"送达逾期，请督促：{document}",
        url=document.get_absolute_url(),
        owner=document.dossier.unit_id,
        permission="documents.approve",
        due_at=document.due_at,
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), SHANGHAI)
