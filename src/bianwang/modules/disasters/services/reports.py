"""Reports are opened with a sheet for every town, summed and filed; then the next one is owed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from bianwang.modules.disasters.findings import findings, summed
from bianwang.modules.disasters.models import Disaster, Report, Sheet, Total
from bianwang.modules.disasters.units import readers, struck
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Organisation
from bianwang.platform.places.queries import bureau
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.queries import deadline, limit

Kind = Report.Kind
LIMITS = {Kind.INITIAL: "disasters.initial", Kind.FOLLOWING: "disasters.following", Kind.FINAL: "disasters.final"}


@transaction.atomic
def open_report(disaster: Disaster, kind: str, since: datetime, by: User | None) -> Report:
    """The next report is owed from a moment on; every town struck is asked for its sheet."""
    due = deadline(limit(LIMITS[Kind(kind)], disaster.day), since)
    last = disaster.reports.aggregate(Max("number"))["number__max"] or 0
    report = Report(disaster=disaster, owner=bureau(), kind=kind, number=last + 1, due_at=due, limit_at=due)
    workflow.start(report, by=by, verb="disasters.report_open")
    ask(report, struck(disaster), by)
    return report


def ask(report: Report, towns: Iterable[Organisation], by: User | None) -> None:
    """Ask towns for their sheets, some time before the bureau has to report."""
    lead = timedelta(minutes=float(limit("disasters.town_lead", report.disaster.day).value))
    for town in towns:
        sheet = Sheet(report=report, unit_id=town.pk, due_at=report.limit_at - lead)
        workflow.start(sheet, by=by, verb="disasters.sheet_ask")


@transaction.atomic
def file_report(report: Report, user: User, narrative: str, *, note: str = "", stable: bool = False) -> None:
    """Report the sum of the towns. `stable`: the disaster changes no more, and the 核报 is owed next.

    Raises Refused with what forbids it, ValidationError where a reason is missing, Conflict.
    """
    access.check(user, Report, report.pk, "disasters.file")
    report = Report.objects.select_for_update().select_related("disaster").get(pk=report.pk)
    found = findings(report)
    hard = [finding.text for finding in found if finding.hard]
    if hard:
        raise Refused(f"还不能上报：{''.join(hard)}")
    if found and not note.strip():
        raise ValidationError({"note": [f"请对下列情况写明说明：{''.join(finding.text for finding in found)}"]})
    if not narrative.strip():
        raise ValidationError({"narrative": "请写明灾情综述。"})
    totals = summed(report)
    fields = {
        "narrative": narrative.strip(),
        "note": note.strip(),
        "filed_by": user,
        "filed_at": now(),
        "is_current": True,
    }
    workflow.advance(report, "file", user, fields=fields)
    Report.objects.filter(disaster=report.disaster, is_current=True).exclude(pk=report.pk).update(is_current=False)
    Total.objects.bulk_create([Total(report=report, code=code, value=value) for code, value in totals.items()])
    for sheet in report.sheets.select_related("report__disaster", "unit"):
        workflow.advance(sheet, "sum" if sheet.state == "filled" else "miss", None)
    _go_on(report, user, stable=stable)


@transaction.atomic
def recheck(disaster: Disaster, user: User, reason: str) -> Report:
    """What was verified proves wrong: a further 核报 is owed, the old one stays. Raises Refused, ValidationError."""
    access.check(user, Disaster, disaster.pk, "disasters.file")
    if not reason.strip():
        raise ValidationError({"reason": "请写明重新核报的理由。"})
    row = Disaster.objects.select_for_update().get(pk=disaster.pk)
    if row.phase != Disaster.Phase.VERIFIED:
        raise Refused(f"“{row}”{row.get_phase_display()}，核定后才能重新核报。")
    _enter(row, Disaster.Phase.STABLE, "disasters.recheck", reason.strip())
    return open_report(row, Kind.FINAL, now(), user)


@transaction.atomic
def add_towns(disaster: Disaster, user: User, towns: Iterable[Organisation]) -> None:
    """Further towns are struck: they read of it, and owe a sheet for the report that is being collected."""
    access.check(user, Disaster, disaster.pk, "disasters.register")
    row = Disaster.objects.select_for_update().get(pk=disaster.pk)
    if not row.is_open:
        raise Refused(f"“{row}”{row.get_phase_display()}，不能再增加镇街。")
    known = set(row.concerned.values_list("pk", flat=True))
    new = [town for town in towns if town.pk not in known]
    if not new:
        raise ValidationError({"towns": "请选择还没有列入的受灾镇街。"})
    row.concerned.add(*readers(new))
    record("disasters.towns", row, owner=None, changes={"towns": (None, "、".join(str(town) for town in new))})
    for report in row.reports.filter(state="collecting").select_related("disaster"):
        ask(report, new, user)


def drop_open(disaster: Disaster) -> None:
    """Nothing is owed any more about what was no disaster."""
    for report in disaster.reports.filter(state="collecting").select_related("disaster"):
        for sheet in report.sheets.select_related("report__disaster", "unit"):
            workflow.advance(sheet, "drop", None)
        workflow.advance(report, "drop", None)


def _go_on(report: Report, user: User, *, stable: bool) -> None:
    """What follows a filed report: the next one, or the end."""
    disaster = report.disaster
    if report.kind == Kind.FINAL:
        _enter(disaster, Disaster.Phase.VERIFIED, "disasters.verify")
    elif stable:
        disaster.stable_at = report.filed_at
        disaster.save(update_fields=["stable_at"])
        _enter(disaster, Disaster.Phase.STABLE, "disasters.stable")
        open_report(disaster, Kind.FINAL, report.filed_at or now(), user)
    else:
        open_report(disaster, Kind.FOLLOWING, report.filed_at or now(), user)


def _enter(disaster: Disaster, phase: str, verb: str, reason: str = "") -> None:
    before = disaster.get_phase_display()
    disaster.phase = phase
    disaster.save(update_fields=["phase"])
    told = {"phase": (before, disaster.get_phase_display())}
    record(verb, disaster, owner=None, changes=told, reason=reason)
