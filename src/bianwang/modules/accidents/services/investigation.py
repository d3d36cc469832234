"""The steps of the inquiry. Who may take which is in the workflow table; what a step brings along is here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.accidents.models import Accident, Check, Extension, Investigation, Member, Sanction
from bianwang.modules.accidents.services import reports
from bianwang.modules.accidents.workflow import FOUR
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now, today
from bianwang.platform.files.services import attach
from bianwang.platform.places.models import Organisation
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow.errors import Conflict, Refused
from bianwang.platform.workflow.queries import deadline, limit
from bianwang.platform.workflow.services import advance

Row = Mapping[str, Any]


@transaction.atomic
def investigate(accident: Accident, user: User, members: Sequence[Row]) -> Investigation:
    """Set up the team: exactly one leader, and further members of other units as needed."""
    if [row["role"] for row in members].count(Member.Role.LEADER) != 1:
        raise ValidationError("调查组须有一名组长。")
    rows = [Member(**row) for row in members]
    for row in rows:
        row.clean_fields(exclude=["investigation"])
    told = {"team": (None, "、".join(map(str, rows)))}
    advance(accident, "investigate", user, changes=told)
    keeper = Organisation.objects.get(level=Organisation.Level.BUREAU)
    made = Investigation.objects.create(accident=accident, keeper=keeper, opened_at=now())
    for row in rows:
        row.investigation = made
        row.save()
    return made


@transaction.atomic
def add_member(accident: Accident, user: User, values: Row) -> Member:
    """One more in the team."""
    row = Member(investigation=accident.investigation, **values)
    row.clean_fields()
    if row.role == Member.Role.LEADER:
        raise ValidationError({"role": "调查组已有组长。"})
    advance(accident, "member", user, changes={"team": (None, str(row))})
    row.save()
    return row


@transaction.atomic
def apply_extension(accident: Accident, user: User, days: int, reason: str) -> Extension:
    """Ask for more days; all together no more than the law allows."""
    most = int(limit("accidents.investigation_extension", accident.day).value)
    granted = sum(accident.extensions.filter(approved=True).values_list("days", flat=True))
    if not 0 < days <= most - granted:
        raise ValidationError({"days": f"调查最多延长 {most} 日，已批准 {granted} 日，请填 1 至 {most - granted}。"})
    advance(accident, "apply", user, reason=reason, changes={"extension": (None, f"{days}日")})
    return Extension.objects.create(
        accident=accident, days=days, reason=reason.strip(), applied_by=user, applied_at=now()
    )


@transaction.atomic
def decide_extension(accident: Accident, user: User, *, approve: bool, opinion: str) -> None:
    """Answer the open application; somebody else than who applied. An approved one moves the time limit."""
    row = accident.extensions.filter(approved__isnull=True).first()
    if approve and row is not None:
        until = accident.investigate_by + timedelta(days=row.days)
        advance(accident, "decide", user, reason=opinion, due_at=until, fields={"investigate_by": until})
    else:
        advance(accident, "decide", user, reason=opinion or "不同意延长")
    claimed = accident.extensions.filter(approved__isnull=True).update(
        approved=approve, decided_by=user, decided_at=now()
    )
    if not claimed:
        raise Conflict("这份延期申请已由他人审批，请刷新后查看。")


@transaction.atomic
def submit(accident: Accident, user: User, values: Row, files: Iterable[Any]) -> None:
    """Hand in the report with the causes; the approval's clock starts (特别重大 has a longer one)."""
    files = list(files)
    investigation = accident.investigation
    if not values["direct_cause"].strip():
        raise ValidationError({"direct_cause": "请写明事故的直接原因。"})
    extreme = accident.grade == Accident.Grade.EXTREME
    row = limit("accidents.approval_extreme" if extreme else "accidents.approval", accident.day)
    moment = now()
    advance(accident, "submit", user, due_at=deadline(row, moment))
    for file in files:
        attach(investigation, file, user=user, label="report")
    if not files and not investigation.submitted_at:
        raise ValidationError({"papers": "请上传事故调查报告。"})
    _set(investigation, **values, submitted_by=user, submitted_at=moment)


@transaction.atomic
def send_back(accident: Accident, user: User, reason: str) -> None:
    """The report is not good enough; the investigation's own time limit counts again."""
    advance(accident, "return", user, reason=reason, due_at=accident.investigate_by)


@transaction.atomic
def approve(accident: Accident, user: User, *, approval: str, authority: str, on: date) -> None:
    """Enter the approval of the report."""
    submitted = accident.investigation.submitted_at
    first = submitted.astimezone(SHANGHAI).date() if submitted else accident.day
    if not first <= on <= today():
        raise ValidationError({"on": f"批复日期不能早于提交调查报告（{first}），也不能晚于今天。"})
    advance(accident, "approve", user, changes={"approval": (None, approval)})
    moment = datetime.combine(on, time(), SHANGHAI)
    _set(accident.investigation, approval=approval.strip(), approved_by=authority.strip(), approved_at=moment)


@transaction.atomic
def check(accident: Accident, user: User, item: str, evidence: str, files: Iterable[Any] = ()) -> Check:
    """Strike one of 四不放过 off, with a text or a file that shows it."""
    files, investigation = list(files), accident.investigation
    if item not in FOUR:
        raise ValidationError({"item": "请选择四不放过中的一项。"})
    if not evidence.strip() and not files:
        raise ValidationError({"evidence": "请写明依据，或上传佐证文件。"})
    if investigation.checks.filter(item=item).exists():
        raise Refused(f"“{FOUR[item]}”已经销项。")
    if item == "people" and investigation.sanctions.filter(done_on__isnull=True).exists():
        raise Refused("责任追究还没有全部办结，不能对“责任人员未处理不放过”销项。")
    advance(accident, "check", user, changes={"check": (None, FOUR[item])})
    for file in files:
        attach(investigation, file, user=user, label=f"check-{item}")
    return Check.objects.create(
        investigation=investigation, item=item, evidence=evidence.strip(), files=len(files), by=user, at=now()
    )


@transaction.atomic
def sanction(accident: Accident, user: User, values: Row) -> Sanction:
    """Enter what somebody has to answer for; whoever investigates gets a to-do until it is done."""
    row = Sanction(investigation=accident.investigation, **values)
    row.clean_fields(exclude=["result", "done_on"])
    advance(accident, "sanction", user, changes={"sanction": (None, str(row))})
    row.save()
    todo.open_for(
        row,
        title=f"责任追究：{row}",
        url=accident.get_absolute_url(),
        owner=row.investigation.keeper_id,
        permission="accidents.investigate",
        due_at=datetime.combine(row.due_on, time(23, 59, 59), SHANGHAI),
    )
    return row


@transaction.atomic
def settle(accident: Accident, user: User, row: Sanction, *, done_on: date, result: str) -> None:
    """It has been done."""
    if done_on > today():
        raise ValidationError({"done_on": "办结日期不能晚于今天。"})
    advance(accident, "settle", user, changes={"sanction": (str(row), result)})
    mine = Sanction.objects.filter(pk=row.pk, investigation__accident=accident, done_on__isnull=True)
    if not mine.update(done_on=done_on, result=result.strip()):
        raise Conflict("这项责任追究已由他人办结，请刷新后查看。")
    todo.close_for(row)


def close(accident: Accident, user: User, reason: str = "") -> None:
    """All four are done, everybody has answered."""
    advance(accident, "close", user, reason=reason, fields={"closed_at": now()})


@transaction.atomic
def file_away(accident: Accident, user: User, reason: str) -> None:
    """It was no accident at work: nothing to investigate here."""
    advance(accident, "file", user, reason=reason, fields={"closed_at": now()})
    reports.drop(accident)


def _set(investigation: Investigation, **values: Any) -> None:
    for name, value in values.items():
        setattr(investigation, name, value)
    investigation.clean_fields(exclude=[field.name for field in Investigation._meta.fields if field.name not in values])
    investigation.save()
