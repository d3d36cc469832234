"""Video check-ins, key periods and their daily reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.committee.models import Call, CheckIn, KeyPeriod, ZeroReport
from bianwang.modules.committee.services.writing import create, members_only
from bianwang.modules.committee.units import answers_for
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now, today
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Party
from bianwang.platform.places.queries import bureau
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow.errors import Conflict
from bianwang.platform.workflow.queries import limit

LONGEST = 60
"""A key period of more days is a mistake; it also bounds how many reports are owed."""


@transaction.atomic
def call_units(user: User, values: Mapping[str, Any], units: Iterable[Party], *, is_demo: bool = False) -> CheckIn:
    """Enter a check-in and whom it calls; `values` are columns. Raises PermissionDenied, ValidationError."""
    access.require(user, "committee.assign")
    called = members_only(units, "units")
    check = CheckIn(owner=bureau(), made_by=user, is_demo=is_demo, **values)
    check.late_after = int(limit("committee.late", check.called_at.astimezone(SHANGHAI).date()).value)
    check.clean_fields()
    create(check, "committee.check_in", units="、".join(unit.name for unit in called))
    Call.objects.bulk_create([Call(check_in=check, unit=unit) for unit in called])
    return check


def result_of(minutes: int | None, late_after: int) -> str:
    """How a unit did that answered after so many minutes (None: not at all).

    >>> [result_of(minutes, 5) for minutes in (0, 5, 6, None)]
    ['online', 'online', 'late', 'absent']
    """
    if minutes is None:
        return Call.Result.ABSENT.value
    return (Call.Result.LATE if minutes > late_after else Call.Result.ONLINE).value


@transaction.atomic
def record_calls(check: CheckIn, user: User, found: Mapping[int, tuple[int | None, str]]) -> None:
    """Enter who answered after how many minutes (None: not at all) and what was wrong, by unit.

    Raises PermissionDenied or Http404 (access door), ValidationError.
    """
    access.check(user, CheckIn, check.pk, "committee.assign")
    rows = {row.unit_id: row for row in check.calls.select_related("unit")}
    if set(found) - set(rows):
        raise ValidationError("应答情况与被调度的单位不符，请刷新后重填。")
    told = {}
    for unit, (minutes, issue) in found.items():
        row = rows[unit]
        before = row.get_result_display()
        result = result_of(minutes, check.late_after)
        if (row.result, row.minutes, row.issue) != (result, minutes, issue):
            row.result, row.minutes, row.issue = result, minutes, issue
            told[row.unit.name] = (before or None, f"{row.get_result_display()} {issue}".strip())
    Call.objects.bulk_update(rows.values(), ["result", "minutes", "issue"])
    if told:
        record("committee.calls", check, owner=check.owner_id, changes=told)


@transaction.atomic
def open_period(user: User, values: Mapping[str, Any], units: Iterable[Party], *, is_demo: bool = False) -> KeyPeriod:
    """Enter a key period; every unit owes a report for each day. Raises PermissionDenied, ValidationError."""
    access.require(user, "committee.assign")
    asked = members_only(units, "units")
    period = KeyPeriod(owner=bureau(), made_by=user, is_demo=is_demo, **values)
    days = (period.last_day - period.first_day).days + 1
    if days < 1:
        raise ValidationError({"last_day": "结束日期不能早于开始日期。"})
    if days > LONGEST:
        raise ValidationError({"last_day": f"重要节点最长 {LONGEST} 日，现为 {days} 日，请分段登记。"})
    period.clean_fields()
    create(period, "committee.period", units="、".join(unit.name for unit in asked))
    rows = []
    for number in range(days):
        day = period.first_day + timedelta(days=number)
        due = datetime.combine(day, period.due_time, SHANGHAI)
        rows += [ZeroReport(period=period, unit=unit, day=day, due_at=due) for unit in asked]
    ZeroReport.objects.bulk_create(rows, batch_size=500)
    return period


@transaction.atomic
def report_day(row: ZeroReport, user: User, outcome: str, text: str = "") -> None:
    """The unit reports its day, once; after the hour it counts as late.

    Raises PermissionDenied or Http404 (access door), ValidationError, Conflict.
    """
    access.check(user, ZeroReport, row.pk, "committee.answer")
    if not answers_for(user, row.unit_id):
        raise ValidationError(f"只能由{row.unit}的人员报送。")
    if row.day > today():
        raise ValidationError(f"{row.day} 还没有到，不能提前报送。")
    if outcome not in ZeroReport.Outcome.values:
        raise ValidationError({"outcome": "请选择当日情况。"})
    if outcome == ZeroReport.Outcome.EVENT and not text.strip():
        raise ValidationError({"text": "有情况的，请写明是什么情况、怎样处置。"})
    values = {"outcome": outcome, "text": text.strip(), "reported_by": user, "reported_at": now()}
    if not ZeroReport.objects.filter(pk=row.pk, reported_at__isnull=True).update(**values):
        raise Conflict(f"“{row}”已经报送。")
    for name, value in values.items():
        setattr(row, name, value)
    todo.close_for(row)
    record("committee.zero_report", row, owner=row.unit_id, changes={"outcome": (None, row.get_outcome_display())})
