"""What every writer of the module does: hold the year, save a row, tell the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model

from bianwang.modules.budget.models import BudgetYear, Line, Project
from bianwang.platform import access
from bianwang.platform.access import owner_of
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.ledger.services import record

M = TypeVar("M", bound=Model)
EDIT = "budget.edit"


def hold(user: User, year: BudgetYear, what: str, *rows: Line | Project | None) -> BudgetYear:
    """A year that money is about to move in, locked so that two who write at once see each other's rows.

    `rows` were read before: what they were given at first is read again under the lock.
    Raises PermissionDenied or Http404 (access door), ValidationError for a settled year.
    """
    access.check(user, BudgetYear, year.pk, EDIT)
    held = BudgetYear.objects.select_for_update().get(pk=year.pk)
    if held.state == "closed":
        raise ValidationError(f"{held.year}年已登记决算，不能再{what}；确需更正的，请先在年度页面“退回执行中”。")
    for row in rows:
        if row is not None and row.pk:
            row.refresh_from_db(fields=["opening", "carried_in"] if isinstance(row, Line) else ["opening"])
    return held


def save(obj: Model, verb: str, values: Mapping[str, Any], *, reason: str = "") -> bool:
    """Set columns, check, save and tell what changed; False where nothing did. Raises ValidationError."""
    is_new = obj.pk is None
    before = {name: None if is_new else getattr(obj, name) for name in values}
    for name, value in values.items():
        setattr(obj, name, value)
    obj.full_clean()
    changes = {
        name: (_plain(before[name]), _plain(getattr(obj, name)))
        for name in values
        if is_new or before[name] != getattr(obj, name)
    }
    if not changes:
        return False
    obj.save(force_insert=is_new)
    record(verb, obj, owner=owner_of(obj), changes=changes, reason=reason)
    return True


def inside_year(year: BudgetYear, day: date, name: str) -> dict[str, str]:
    """A fault where a day is not one of the year's, or has not come."""
    if day.year != year.year:
        return {name: f"日期应在{year.year}年内，不能是 {day}。"}
    return not_ahead(day, name)


def not_ahead(day: date, name: str) -> dict[str, str]:
    """A fault where a day has not come."""
    return {name: f"日期不能晚于今天（{today()}）。"} if day > today() else {}


def refuse(wrong: Mapping[str, str]) -> None:
    """ValidationError where something is wrong."""
    if wrong:
        raise ValidationError(dict(wrong))


def yuan(value: Decimal) -> str:
    """Money in a sentence."""
    return f"{value:,.2f} 元"


def _plain(value: Any) -> Any:
    """What the ledger keeps of a value: related objects by their name."""
    return value if isinstance(value, str | int | bool | None) else str(value)
