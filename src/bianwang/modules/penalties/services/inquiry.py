"""Evidence with its gates, the devices that may give some, and measures of compulsion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from bianwang.modules.penalties import guards, timing
from bianwang.modules.penalties.models import Case, Evidence, Measure, Source
from bianwang.modules.penalties.services.steps import checked_day, settle, take, written
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.files import services as files
from bianwang.platform.files.storage import Stored
from bianwang.platform.workflow.queries import deadline, limit
from bianwang.platform.workflow.services import advance, start

_EVIDENCE_UNSET = (
    "state", "state_since", "due_at", "examined_by", "examined_at", "shown_by", "shown_at", "source", "alarm",
)  # fmt: skip
_SOURCE_UNSET = (
    "state", "state_since", "due_at", "device", "camera", "legal_by", "legal_on", "technical_by", "technical_on",
    "published_by", "published_on", "retired_on",
)  # fmt: skip


@transaction.atomic
def add_evidence(case: Case, user: User, values: Mapping[str, Any], uploads: Sequence[Stored] = ()) -> Evidence:
    """Enter a piece of evidence. A device's record is refused unless the device may give evidence (art. 41)."""
    row = Evidence(case=case, collected_by=user, **values)
    if row.taken_at > now():
        raise ValidationError({"taken_at": "取得时间不能晚于现在。"})
    if row.origin == Evidence.Origin.DEVICE:
        if found := guards.source_on(row.source, row.taken_at):
            raise ValidationError({"source": found})
    elif row.source is not None or row.alarm is not None:
        raise ValidationError({"origin": "取证设备和告警只用于监测设备或摄像机的记录，请改选来源。"})
    _same_party(case, row)
    if row.origin == Evidence.Origin.RECORDER and not (uploads or row.digest):
        raise ValidationError({"digest": "执法记录仪的资料须上传文件，或者填写原始文件的SM3校验值。"})
    row.number = (case.evidence.aggregate(last=Max("number"))["last"] or 0) + 1
    row.clean_fields(exclude=_EVIDENCE_UNSET)

    def keep() -> None:
        start(row, by=user, verb="penalties.evidence_add", changes={"title": (None, row.title)})
        for upload in uploads:
            files.attach(row, upload, user=user)

    take(case, "evidence", user, changes={"evidence": (None, f"证据{row.number} {row.title}")}, make=keep)
    return row


def examine(row: Evidence, user: User, reason: str = "") -> None:
    """A person has looked at it: true, lawful, relevant."""
    advance(row, "examine", user, reason=reason, fields={"examined_by": user, "examined_at": now()})


def show(row: Evidence, user: User, to: str) -> None:
    """It was shown to the other side, who said something or nothing."""
    words = written(to, "shown_to", "请写明向谁出示、对方有何意见。")
    advance(row, "show", user, fields={"shown_by": user, "shown_at": now(), "shown_to": words})


def admit(row: Evidence, user: User, reason: str = "") -> None:
    """It counts."""
    advance(row, "admit", user, reason=reason)


def exclude(row: Evidence, user: User, reason: str) -> None:
    """It does not count."""
    advance(row, "exclude", user, reason=reason)


@transaction.atomic
def register_source(user: User, values: Mapping[str, Any]) -> Source:
    """Enter a device whose records may become evidence. Raises PermissionDenied, ValidationError."""
    access.require(user, "penalties.technical")
    row = Source(**values)
    if (row.device is None) == (row.camera is None):
        raise ValidationError("请选择一台监测设备或者一台摄像机。")
    unit = row.device or row.camera
    if unit is not None and unit.owner_id != row.owner_id:
        raise ValidationError("所选设备不属于该单位，请重新选择。")
    row.clean_fields(exclude=_SOURCE_UNSET)
    start(row, by=user, verb="penalties.source")
    return row


def legal_source(row: Source, user: User, reason: str = "") -> None:
    """Its use is lawful."""
    advance(row, "legal", user, reason=reason, fields={"legal_by": user, "legal_on": today()})


def technical_source(row: Source, user: User, reason: str = "") -> None:
    """It measures up to its standard and stands where it should."""
    advance(row, "technical", user, reason=reason, fields={"technical_by": user, "technical_on": today()})


def publish_source(row: Source, user: User, published_at: str, day: date | None = None) -> None:
    """Its place was made known to the public."""
    place = written(published_at, "published_at", "请写明在哪里公布，例如门户网站的栏目或者网址。")
    on = checked_day(day, "day")
    advance(row, "publish", user, fields={"published_by": user, "published_on": on, "published_at": place})


def retire_source(row: Source, user: User, reason: str) -> None:
    """Its later records are no evidence."""
    advance(row, "retire", user, reason=reason, fields={"retired_on": today()})


@transaction.atomic
def ask_measure(case: Case, user: User, values: Mapping[str, Any]) -> Measure:
    """Ask for sealing, seizing or preserving; in an emergency it was done already and the papers follow."""
    row = Measure(case=case, asked_by=user, **values)
    if row.emergency:
        row.started_on = checked_day(row.started_on, "started_on")
        row.due_at = deadline(limit("penalties.seize_papers", row.started_on), now())
    else:
        row.started_on = None
    row.clean_fields(exclude=["state", "state_since", "started_on", "approved_by", "decided_on"])

    def keep() -> None:
        start(row, by=user, verb="penalties.measure_ask", changes={"kind": (None, row.get_kind_display())})

    take(case, "measure", user, changes={"measure": (None, row.get_kind_display())}, make=keep)
    return row


@transaction.atomic
def approve_measure(row: Measure, user: User, reason: str = "") -> None:
    """It is in force from its first day."""
    row.started_on, since = row.started_on or today(), row.started_on
    due = timing.seizure_due(row)
    started, row.started_on = row.started_on, since
    fields = {"approved_by": user, "started_on": started}
    advance(row, "approve", user, reason=reason, fields=fields, due_at=timing.end_of(due) if due else None)
    settle(row.case)


def refuse_measure(row: Measure, user: User, reason: str) -> None:
    """It is not approved; what was done in an emergency ends."""
    advance(row, "refuse", user, reason=reason)


@transaction.atomic
def extend_measure(row: Measure, user: User, reason: str) -> None:
    """As many days again, once."""
    last = timing.seizure_due(row)
    more = int(limit("penalties.seize_extension", row.started_on).value)
    due = timing.end_of(last + timedelta(days=more)) if last else None
    advance(row, "extend", user, reason=reason, fields={"extended": True}, due_at=due)
    settle(row.case)


@transaction.atomic
def decide_measure(row: Measure, user: User, outcome: str, reason: str = "") -> None:
    """What becomes of the things."""
    if outcome not in Measure.Outcome.values:
        raise ValidationError({"outcome": "请选择处理决定。"})
    if outcome == Measure.Outcome.SEIZE and row.kind != Measure.Kind.PRESERVE:
        raise ValidationError({"outcome": "只有先行登记保存可以转为查封、扣押。"})
    fields = {"outcome": outcome, "decided_on": today()}
    advance(row, "decide", user, reason=reason, fields=fields)
    settle(row.case)


def _same_party(case: Case, row: Evidence) -> None:
    """What a device recorded was recorded at the enterprise of the case."""
    if row.source is not None and row.source.owner_id != case.enterprise_id:
        raise ValidationError({"source": "取证设备不在涉案单位，请重新选择。"})
    if row.alarm is not None and row.alarm.owner_id != case.enterprise_id:
        raise ValidationError({"alarm": "告警不是涉案单位的，请重新选择。"})
