"""The report chain: who owes which report until when, and what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from bianwang.modules.accidents.models import Accident, Report
from bianwang.modules.accidents.pack import Level, pack
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow.errors import Conflict
from bianwang.platform.workflow.queries import deadline, limit
from bianwang.platform.workflow.services import advance

Kind = Report.Kind


@transaction.atomic
def send(accident: Accident, user: User, *, at: datetime, text: str, owed: Report | None = None, **free: Any) -> Report:
    """Enter a report that was made: the one that was owed, or a further one (`free`: kind, sender, receiver).

    The next level's clock starts. Raises ValidationError, Refused, Conflict.
    """
    if not accident.occurred_at <= at <= now():
        raise ValidationError({"at": "报告时间不能早于事故发生，也不能晚于现在。"})
    if not text.strip():
        raise ValidationError({"text": "请写明报告内容。"})
    report = owed or _new(accident, free)
    advance(accident, "report", user, changes={"report": (None, f"{report}")})
    values = {"at": at, "text": text.strip(), "by": user}
    if owed is None:
        for name, value in values.items():
            setattr(report, name, value)
        report.save(force_insert=True)
    elif not Report.objects.filter(pk=report.pk, accident=accident, at__isnull=True).update(**values):
        raise Conflict(f"{report}已由他人登记，请刷新后查看。")
    report.refresh_from_db()
    todo.close_for(report)
    if not accident.state_row.final:
        owe(accident)
    return report


def owe(accident: Accident, since: datetime | None = None) -> None:
    """Open the first reports of every level whose clock has started, not before `since`."""
    known = {(row.sender, row.receiver) for row in accident.reports.filter(kind=Kind.INITIAL)}
    for level in pack().levels:
        if accident.grade > level.grade or (level.sender, level.receiver) in known:
            continue
        start = _start(accident, level)
        if start is not None:
            start = max(start, since) if since else start
            _open(accident, Kind.INITIAL, level, deadline(limit(level.limit, accident.day), start))


def owe_supplements(accident: Accident) -> None:
    """The bureau's addressees have been told other figures: each is owed a supplement, once."""
    rows = list(accident.reports.all())
    for level in pack().levels:
        mine = [row for row in rows if (row.sender, row.receiver) == (level.sender, level.receiver)]
        if level.sender == pack().bureau and mine and all(row.at for row in mine):
            _open(accident, Kind.FOLLOWING, level, accident.supplement_by)


def enterprise_reported(accident: Accident, user: User) -> None:
    """The accident became known by the unit's own report."""
    row = accident.reports.filter(receiver=pack().bureau, at__isnull=True).first()
    if row is not None:
        Report.objects.filter(pk=row.pk).update(at=accident.received_at, text="随登记收到事故单位报告。", by=user)
        todo.close_for(row)


def drop(accident: Accident) -> None:
    """Nothing is owed about what was no accident of ours."""
    for row in accident.reports.filter(at__isnull=True):
        todo.close_for(row)


def supplement_limit(kind: str, *, is_traffic: bool) -> str:
    """The code of the time limit within which changed figures count."""
    short = is_traffic or any(row.short for row in pack().kinds if row.code == kind)
    return "accidents.supplement_short" if short else "accidents.supplement"


def _start(accident: Accident, level: Level) -> datetime | None:
    """When the sender of a level knew of the accident."""
    if level == pack().levels[0]:
        return accident.known_at or accident.occurred_at
    if level.sender == pack().bureau:
        return accident.received_at
    sent = accident.reports.filter(receiver=level.sender, at__isnull=False)
    first: datetime | None = sent.order_by("at").values_list("at", flat=True).first()
    return first


def _open(accident: Accident, kind: str, level: Level, due: datetime) -> None:
    given = {"kind": kind, "sender": level.sender, "receiver": level.receiver}
    report = _new(accident, given)
    report.due_at = due
    report.save(force_insert=True)
    todo.open_for(
        report,
        title=f"{report.get_kind_display()}（{level.sender}报{level.receiver}）：{accident}",
        url=accident.get_absolute_url(),
        owner=accident.owner_id,
        permission="accidents.report",
        due_at=due,
    )


def _new(accident: Accident, values: Mapping[str, Any]) -> Report:
    last = accident.reports.aggregate(Max("number"))["number__max"] or 0
    report = Report(accident=accident, number=last + 1, **values)
    report.clean_fields(exclude=["text", "due_at", "at", "by"])
    return report
