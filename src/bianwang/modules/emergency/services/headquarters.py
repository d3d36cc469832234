"""Members of headquarters take their seats, are put right and leave; who sat there before stays written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.emergency.models import Member
from bianwang.modules.emergency.pack.events import headquarters_choices
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.ledger.services import record
from bianwang.platform.places.queries import bureau

MEMBER_COLUMNS = ("role", "unit", "name", "title", "phone", "user", "valid_from", "valid_to")
_SECRET = frozenset({"phone"})


@transaction.atomic
def add_member(user: User, headquarters: str, values: Mapping[str, Any], *, is_demo: bool = False) -> Member:
    """Somebody takes a seat. Raises PermissionDenied, ValidationError."""
    access.require(user, "emergency.prepare")
    member = Member(owner=bureau(), headquarters=headquarters, is_demo=is_demo, **values)
    _from_account(member)
    _check(member)
    member.save(force_insert=True)
    told = {name: (None, _plain(member, name)) for name in MEMBER_COLUMNS}
    record("emergency.member_add", member, owner=member.owner_id, changes=told, secret=_SECRET)
    return member


@transaction.atomic
def change_member(member: Member, user: User, values: Mapping[str, Any], reason: str) -> None:
    """Put right what was entered, or write the last day. Raises PermissionDenied, Http404, ValidationError."""
    access.check(user, Member, member.pk, "emergency.prepare")
    row = Member.objects.select_for_update().get(pk=member.pk)
    before = {name: _plain(row, name) for name in MEMBER_COLUMNS}
    for name, value in values.items():
        setattr(row, name, value)
    _check(row)
    told = {name: (before[name], _plain(row, name)) for name in MEMBER_COLUMNS if before[name] != _plain(row, name)}
    if not told:
        return
    row.save(update_fields=list(told))
    record("emergency.member_change", row, owner=row.owner_id, changes=told, reason=reason.strip(), secret=_SECRET)


@transaction.atomic
def import_members(user: User, rows: list[dict[str, Any]]) -> None:
    """One piece of an Excel list: known by headquarters, role, unit and name, so that a second time changes it."""
    for row in rows:
        key = {name: row[name] for name in ("headquarters", "role", "unit", "name")}
        known = Member.objects.filter(**key, owner=bureau(), valid_to__isnull=True).first()
        if known:
            change_member(known, user, {name: row[name] for name in ("title", "phone", "valid_to")}, "Excel 导入")
        else:
            add_member(user, row["headquarters"], {n: v for n, v in row.items() if n != "headquarters"})


def _from_account(member: Member) -> None:
    """Whoever has an account need not be written out again."""
    if member.user:
        member.name = member.name or member.user.name
        member.phone = member.phone or member.user.phone


def _check(member: Member) -> None:
    if member.headquarters not in dict(headquarters_choices()):
        raise ValidationError({"headquarters": "没有这个指挥部，请按地区包中的名称填写。"})
    if member.role in {Member.Role.CHIEF, Member.Role.DEPUTY, Member.Role.LIAISON} and not member.name:
        raise ValidationError({"name": f"{member.get_role_display()}须写明姓名。"})
    if member.valid_to and member.valid_to < member.valid_from:
        raise ValidationError({"valid_to": "止期不能早于起期。"})
    member.clean_fields()


def _plain(member: Member, name: str) -> str | None:
    value = getattr(member, name)
    return None if value in (None, "") else str(value)
