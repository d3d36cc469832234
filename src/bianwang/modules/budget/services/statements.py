"""Totals that a paper prints."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from bianwang.modules.budget.models import BudgetYear, Statement
from bianwang.modules.budget.printed import is_number
from bianwang.modules.budget.queries.statements import total_of
from bianwang.modules.budget.services.writing import EDIT, refuse, save, yuan
from bianwang.platform import access
from bianwang.platform.accounts.models import User


@transaction.atomic
def state_total(user: User, year: BudgetYear, values: Mapping[str, Any]) -> Statement:
    """Enter a printed total ({kind, printed, unit, paper, explanation}), or put the one of its kind right.

    A total that differs from that of the lines by more than rounding can explain is refused with the difference;
    with an explanation it is kept beside it. Raises ValidationError and what the access door raises.
    """
    access.check(user, BudgetYear, year.pk, EDIT)
    if not is_number(values["printed"]):
        refuse({"printed": f"“{values['printed']}”不是数字，请照印出的样子填，如 4140.58，不带单位。"})
    row = Statement.objects.filter(year=year, kind=values["kind"]).first() or Statement(year=year)
    found, count = total_of(year, values["kind"])
    draft = Statement(printed=values["printed"], unit=values["unit"])
    difference = draft.amount - found
    if abs(difference) > draft.tolerance(count) and not (values.get("explanation") or "").strip():
        refuse({"printed": _words(draft, found, difference, draft.tolerance(count))})
    columns = {**values, "printed": values["printed"].strip().replace(",", "")}
    save(row, "budget.statement", columns)
    return row


def _words(row: Statement, found: Decimal, difference: Decimal, tolerance: Decimal) -> str:
    more = "多" if difference > 0 else "少"
    return (
        f"印出的 {row.printed} {row.get_unit_display()}比各科目之和 {yuan(found)}{more} {yuan(abs(difference))}，"
        f"超过四舍五入可能的 {yuan(tolerance)}；请核对，确以文件为准的填写“差异说明”。"
    )
