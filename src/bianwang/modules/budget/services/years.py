"""A year is opened, replied to by the finance bureau, settled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.budget.models import Adjustment, BudgetYear, Publication
from bianwang.modules.budget.queries.lines import unexplained
from bianwang.modules.budget.services.publications import expect
from bianwang.modules.budget.services.writing import EDIT, not_ahead, refuse
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.places.models import Party
from bianwang.platform.workflow.services import advance, start


@transaction.atomic
def open_year(user: User, owner: Party, year: int, *, is_demo: bool = False) -> BudgetYear:
    """Begin a unit's budget of a year. Raises PermissionDenied, ValidationError."""
    access.require(user, EDIT)
    if BudgetYear.objects.filter(owner=owner, year=year).exists():
        raise ValidationError({"year": f"{owner.name}{year}年的预算已经登记过，请直接打开。"})
    made = BudgetYear(owner=owner, year=year, is_demo=is_demo)
    start(made, by=user, verb="budget.year", changes={"year": (None, year)})
    return made


@transaction.atomic
def approve(year: BudgetYear, user: User, values: Mapping[str, Any]) -> None:
    """The finance bureau has replied ({approved_on, replied_on, document}); the 20 days of publication begin.

    Raises ValidationError, Refused and what the access door raises.
    """
    _check_reply(values, "approved_on", "replied_on", "document")
    if not year.lines.exists():
        raise ValidationError("还没有预算科目，请先登记或导入科目，再登记批复。")
    advance(year, "approve", user, fields=_fields(values, "approved_on", "replied_on", "document"))
    expect(year, Publication.Kind.BUDGET, year.replied_on, year.document)


@transaction.atomic
def close(year: BudgetYear, user: User, values: Mapping[str, Any]) -> None:
    """The finance bureau has replied to the final account ({final_approved_on, final_replied_on, final_document}).

    Raises ValidationError (a low rate without a reason), Refused (too early) and what the access door raises.
    """
    names = ("final_approved_on", "final_replied_on", "final_document")
    _check_reply(values, *names)
    if words := unexplained(year):
        raise ValidationError(f"执行率偏低还没有说明原因：{'、'.join(words)}，请在它的页面填写“执行偏低原因”。")
    advance(year, "close", user, fields=_fields(values, *names))
    for kind in (Publication.Kind.FINAL, Publication.Kind.PERFORMANCE):
        expect(year, kind, year.final_replied_on, year.final_document)


def reopen(year: BudgetYear, user: User, reason: str) -> None:
    """Back into execution, so that something can be put right."""
    advance(year, "reopen", user, reason=reason)


def redraft(year: BudgetYear, user: User, reason: str) -> None:
    """Back to the draft, so that an opening amount can be put right. Raises ValidationError after adjustments."""
    if Adjustment.objects.filter(line__year=year).exists():
        raise ValidationError("本年度已有预算调整，年初数不能再改；请用一笔预算调整更正。")
    advance(year, "redraft", user, reason=reason)


def _check_reply(values: Mapping[str, Any], approved: str, replied: str, document: str) -> None:
    wrong = not_ahead(values[replied], replied)
    first: date | None = values.get(approved)
    if first and first > values[replied]:
        wrong = {approved: f"批准日期 {first} 不能晚于批复日期 {values[replied]}。"}
    if not values[document].strip():
        wrong = {**wrong, document: "请填写批复文号。"}
    refuse(wrong)


def _fields(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: values.get(name) for name in names}
