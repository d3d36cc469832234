"""Who reported or petitioned: sealed when it is written, and every reading told to the ledger.

The ledger never learns more than that there is something; nothing of it may stand in what others read of a call.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404

from bianwang.modules.outreach.models import Call, Identity, Petition, Petitioner
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.config import ConfigError
from bianwang.platform.crypto import seal, unseal
from bianwang.platform.ledger.services import record
from bianwang.platform.personal import account, id_number, telephone
from bianwang.platform.workflow import services as workflow

TOLD = {"identity": (None, "已加密登记")}
"""All that the ledger says."""

Subject = Call | Petition
_STORES: dict[type[Subject], tuple[type[Identity] | type[Petitioner], str]] = {
    Call: (Identity, "call"),
    Petition: (Petitioner, "petition"),
}
"""Where who stands behind it is kept, and by which column."""

_READERS = {"phone": telephone, "id_number": id_number, "account": account}


class Person(msgspec.Struct, frozen=True):
    """Somebody who reported; for joint reporters the first who signed."""

    name: str = ""
    phone: str = ""
    id_number: str = ""
    account: str = ""

    def __bool__(self) -> bool:
        return any((self.name, self.phone, self.id_number, self.account))

    def __repr__(self) -> str:
        """Nothing, so that no log or page of an error tells."""
        return "Person(…)"


class _Sealed(msgspec.Struct, frozen=True):
    """A person bound to one call or petition, so that texts cannot be exchanged between rows."""

    person: Person
    call: int = 0
    petition: int = 0


@transaction.atomic
def save_identity(subject: Subject, user: User, person: Person) -> None:
    """Enter or replace who reported. Raises ValidationError, and what the workflow raises."""
    if not person:
        raise ValidationError("请至少填写一项举报人信息。")
    check(person, subject.texts)
    workflow.advance(subject, "identity", user, changes=TOLD)
    put_away(subject, person)


@transaction.atomic
def read_identity(user: User, subject: Subject, reason: str) -> Person:
    """Who reported, for a stated reason. The ledger row stands before anything is opened.

    Raises PermissionDenied or Http404 (access door), ValidationError without a reason.
    """
    store, column = _STORES[type(subject)]
    access.check(user, type(subject), subject.pk, "outreach.identity")
    if len(reason.strip()) < 4:
        raise ValidationError({"reason": "请写明查看举报人身份的理由。"})
    rows = access.visible(user, store, "outreach.identity").select_related(column)
    row = rows.filter(**{column: subject}).first()
    if row is None:
        raise Http404("没有登记举报人或信访人信息。")
    record("outreach.identity_read", row, owner=None, reason=reason.strip())
    try:
        found = msgspec.json.decode(unseal(bytes(row.sealed)), type=_Sealed)
    except ConfigError as error:
        raise ValidationError(str(error)) from error
    if getattr(found, column) != subject.pk:
        raise ValidationError("身份信息与这一件不符，数据可能被改动过，请联系系统管理员。")
    return found.person


def put_away(subject: Subject, person: Person) -> None:
    """Seal it; the caller has checked it and told the ledger."""
    store, column = _STORES[type(subject)]
    sealed = seal(msgspec.json.encode(_Sealed(person, **{column: subject.pk})))
    fresh = {"sealed": sealed, "sealed_at": now()}
    named: dict[str, Any] = {column: subject}
    store._default_manager.update_or_create(defaults=fresh, **named)


def is_named(subject: Subject) -> bool:
    """Whether it is known who stands behind it."""
    store, column = _STORES[type(subject)]
    return store._default_manager.filter(**{column: subject}).exists()


def check(person: Person, texts: Iterable[str]) -> None:
    """Values of the right form that stand in none of the texts which others read. Raises ValidationError."""
    for name, read in _READERS.items():
        try:
            if value := getattr(person, name):
                read(value)
        except ValueError as error:
            raise ValidationError({name: str(error)}) from None
    told = "\n".join(texts)
    secrets = (person.name if len(person.name) > 1 else "", person.phone, person.id_number, person.account)
    if any(value and value in told for value in secrets):
        raise ValidationError("反映内容、地点、核查情况和答复里不能出现举报人的姓名、电话等信息，请先改写。")
