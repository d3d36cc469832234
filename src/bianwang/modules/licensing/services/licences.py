"""The register of licences: imported, watched until they run out, revoked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.licensing import running
from bianwang.modules.licensing.models import Licence
from bianwang.modules.licensing.pack import pack
from bianwang.modules.licensing.validity import months_before, stage
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.jobs.services import each
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow.services import advance, start

HOLDERS = ("licensing.apply", "licensing.register")
"""Who is told before a licence runs out: its holder, and the office that watches."""


@transaction.atomic
def import_licences(user: User, rows: Sequence[Mapping[str, Any]]) -> None:
    """Enter or bring up to date licences that exist; a row is known by kind and number.

    Raises PermissionDenied without the permission, ValidationError for a licence of another holder.
    """
    access.require(user, "licensing.register")
    for row in rows:
        known = Licence.objects.filter(kind=row["kind"], number=row["number"]).first()
        if known is None:
            _enter(user, row)
        else:
            _update(known, row)


def revoke(licence: Licence, user: User, reason: str) -> None:
    """Taken away as a penalty; the reason names the decision."""
    advance(licence, "revoke", user, reason=reason)


def keep_licences() -> None:
    """Announce the end of licences and let them run out; the loop calls this."""
    present = today()
    valid = Licence.objects.filter(state="valid", valid_to__isnull=False)
    each(valid.filter(valid_to__lt=present), _expire)
    months = max((month for kind in pack().kinds for month in kind.remind_months), default=0)
    each(valid.filter(valid_to__gte=present, valid_to__lte=months_before(present, -months)), _remind)


def _enter(user: User, row: Mapping[str, Any]) -> None:
    licence = Licence(**row, due_at=running.end_of(row["valid_to"]) if row.get("valid_to") else None)
    licence.clean_fields(exclude=["state", "state_since"])
    told = {"number": (None, licence.number), "valid_to": (None, str(licence.valid_to or ""))}
    start(licence, by=user, verb="licensing.import", changes=told)


def _update(licence: Licence, row: Mapping[str, Any]) -> None:
    if licence.owner_id != row["owner"].pk:
        raise ValidationError(f"“{licence}”已登记在另一家单位名下，请核对编号。")
    names = ("scope", "issued_by", "issued_on", "valid_from", "valid_to")
    new = {name: row[name] for name in names if row.get(name) is not None and row[name] != getattr(licence, name)}
    if not new:
        return
    if licence.state not in {"valid", "expired"}:
        raise ValidationError(f"“{licence}”{licence.state_row.name}，不能再导入，请从表格中删去。")
    last = new.get("valid_to", licence.valid_to)
    is_back = licence.state == "expired" and last is not None and last >= today()
    step = "renew" if is_back else "correct"
    if "valid_to" in new:
        new["reminded"] = None
        todo.close_for(licence)
    advance(licence, step, None, fields=new, due_at=running.end_of(last) if last else None, reason="批量导入")


def _expire(licence: Licence) -> None:
    advance(licence, "expire", None)


@transaction.atomic
def _remind(licence: Licence) -> None:
    """One reminder for each number of months that is reached."""
    months = _months(licence)
    reached = stage(today(), licence.valid_to, months) if licence.valid_to else None
    if reached is None or (licence.reminded is not None and licence.reminded <= reached):
        return
    is_first = licence.reminded is None
    advance(licence, "remind", None, fields={"reminded": reached})
    if is_first:
        for permission in HOLDERS:
            todo.open_for(
                licence,
                title=f"{licence} 将于 {licence.valid_to} 到期",
                url=licence.get_absolute_url(),
                owner=licence.owner_id,
                permission=permission,
                due_at=licence.due_at,
            )


def _months(licence: Licence) -> tuple[int, ...]:
    """The months of the newest rules of the kind."""
    rows = [row for row in pack().kinds if row.code == licence.kind]
    return max(rows, key=lambda row: row.valid_from).remind_months if rows else ()
