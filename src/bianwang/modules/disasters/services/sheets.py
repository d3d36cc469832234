"""Towns fill in their sheets; the bureau sends one back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.disasters.checking import Finding, IndicatorSet, broken, misfit, show
from bianwang.modules.disasters.models import Figure, Report, Sheet
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.workflow.services import advance

Given = Mapping[str, Decimal | None]


@transaction.atomic
def fill(
    sheet: Sheet,
    user: User,
    given: Given,
    *,
    step: str = "fill",
    blank_is_zero: bool = False,
    note: str = "",
    reason: str = "",
) -> None:
    """Enter or correct a town's figures. What is left blank is refused, or zero when the town says so.

    `step` is `fill` or `change` for the town, `enter` for the bureau, whom the town has told by phone.

    Raises ValidationError that names the figures, Refused, Conflict, and what the access door raises.
    """
    # Nobody files the report while its figures change.
    sheet.report = Report.objects.select_for_update().select_related("disaster").get(pk=sheet.report_id)
    rules = sheet.report.rules
    figures = complete(given, rules, blank_is_zero=blank_is_zero)
    check_figures(figures, rules, note)
    before = {row.code: row.value for row in sheet.figures.all()}
    told = {
        rules.indicator(code).plain: (show(before[code]) if code in before else None, show(value))
        for code, value in figures.items()
        if before.get(code, Decimal(0)) != value
    }
    is_zero = not any(figures.values())
    fields = {"is_zero": is_zero, "note": note.strip(), "filled_by": user, "filled_at": now()}
    if is_zero:
        told["figures"] = (None, "零报告")
    advance(sheet, step, user, reason=reason, fields=fields, changes=told)
    sheet.figures.all().delete()
    Figure.objects.bulk_create([Figure(sheet=sheet, code=code, value=value) for code, value in figures.items()])


@transaction.atomic
def send_back(sheet: Sheet, user: User, reason: str) -> None:
    """The town has to look at its figures again, before the report is due."""
    advance(sheet, "return", user, reason=reason, due_at=sheet.report.limit_at)


def check_figures(given: Given, rules: IndicatorSet, note: str) -> None:
    """The relations between a town's figures. Raises ValidationError at the figures, or at the note that is missing."""
    figures = complete(given, rules, blank_is_zero=False)
    found = broken(figures, rules)
    if hard := [finding for finding in found if finding.hard]:
        raise ValidationError(by_field(hard))
    if found and not note.strip():
        texts = "".join(finding.text for finding in found)
        raise ValidationError({"note": [f"请写明下列情况的说明：{texts}"]})


def complete(given: Given, rules: IndicatorSet, *, blank_is_zero: bool) -> dict[str, Decimal]:
    """Every indicator with a value of the right form. Raises ValidationError at the fields."""
    figures: dict[str, Decimal] = {}
    errors: dict[str, str] = {}
    for row in rules.indicators:
        value = given.get(row.code)
        if value is None and not blank_is_zero:
            errors[row.code] = "没有填写；确实没有的请填 0，或勾选“未填的都是 0”。"
            continue
        figures[row.code] = Decimal(value or 0)
        if wrong := misfit(figures[row.code], row):
            errors[row.code] = wrong
    if unknown := set(given) - {row.code for row in rules.indicators}:
        errors[min(unknown)] = "这套指标里没有这一项。"
    if errors:
        raise ValidationError(errors)
    return figures


def by_field(found: list[Finding]) -> dict[str, list[str]]:
    """Sentences at the indicators that they are about."""
    errors: dict[str, list[str]] = {}
    for finding in found:
        errors.setdefault(finding.code, []).append(finding.text)
    return errors
