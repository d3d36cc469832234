"""Information reports upwards, and the dated numbers of casualties and losses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.emergency.editing import Stale, overtaken
from bianwang.modules.emergency.models import Event, Loss, Report
from bianwang.modules.emergency.workflow.events import LIVE
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.services import record
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.errors import Refused

Kind = Report.Kind
NUMBERS = ("deaths", "injuries", "slight", "evacuated", "area", "loss", "source")
"""What is told of an event's losses."""


@transaction.atomic
def send_report(user: User, event: Event, values: Mapping[str, Any], *, is_demo: bool = False) -> Report:
    """Keep what was reported to whom and when. Raises PermissionDenied, Http404, ValidationError, Refused."""
    row = _locked(user, event, "emergency.report")
    report = Report(event=row, sent_by=user, is_demo=is_demo, **{"sent_at": now(), **values})
    if not row.received_at <= report.sent_at <= now():
        raise ValidationError({"sent_at": "报出时间不能早于接报时间，也不能晚于现在。"})
    _in_order(row, report)
    report.clean_fields(exclude=["event", "sent_by"])
    report.save(force_insert=True)
    told = {"title": (None, report.title), "receiver": (None, report.receiver), "timely": (None, report.standing[0])}
    record("emergency.report", report, owner=row.owner_id, changes=told)
    if report.kind == Kind.FIRST:
        workflow.advance(row, "told", None)
    return report


@transaction.atomic
def enter_loss(
    user: User, event: Event, values: Mapping[str, Any], *, version: int | None = None, is_demo: bool = False
) -> Loss:
    """What is known now of casualties and losses; the latest counts, earlier rows stay.

    `version` is how many rows the writer knew of: whoever was overtaken is told the other's numbers.
    Raises PermissionDenied, Http404, Stale, ValidationError, Refused.
    """
    row = _locked(user, event, "emergency.report")
    if version is not None:
        _refuse_overtaken(row, values, version)
    loss = Loss(event=row, entered_by=user, entered_at=now(), is_demo=is_demo, **values)
    if not row.happened_at <= loss.as_of <= now():
        raise ValidationError({"as_of": "截至时间不能早于发生时间，也不能晚于现在。"})
    loss.clean_fields(exclude=["event", "entered_by"])
    loss.save(force_insert=True)
    changes = {name: (None, str(getattr(loss, name))) for name in NUMBERS}
    record("emergency.loss", loss, owner=row.owner_id, changes=changes)
    return loss


def _refuse_overtaken(event: Event, values: Mapping[str, Any], version: int) -> None:
    known = Loss.objects.filter(event=event).count()
    last = Loss.objects.filter(event=event).order_by("-pk").first()
    if last is not None and known != version:
        raise Stale(overtaken(last, values, NUMBERS), known)


def _locked(user: User, event: Event, permission: str) -> Event:
    """The event, locked so that numbers follow each other, if it is still worked on."""
    access.check(user, Event, event.pk, permission)
    row = Event.objects.select_for_update().get(pk=event.pk)
    if row.state not in LIVE:
        raise Refused(f"“{row}”{row.state_row.name}，不能再报送。")
    return row


def _in_order(event: Event, report: Report) -> None:
    """One 初报 first, 续报 with their numbers, one 终报 last."""
    written = list(Report.objects.filter(event=event).exclude(kind=Kind.PHONE).values_list("kind", flat=True))
    if report.kind == Kind.PHONE:
        told = Report.objects.filter(event=event, kind=Kind.PHONE).exists()
        report.due_at = None if told else event.phone_due
        return
    if Kind.FINAL in written:
        raise ValidationError({"kind": "终报已经报出，不能再报。"})
    if report.kind == Kind.FIRST:
        if written:
            raise ValidationError({"kind": "初报已经报出，请选续报或终报。"})
        report.due_at = event.written_due
    elif Kind.FIRST not in written:
        raise ValidationError({"kind": "还没有初报，请先报初报。"})
    if report.kind == Kind.FURTHER:
        report.number = written.count(Kind.FURTHER) + 1
