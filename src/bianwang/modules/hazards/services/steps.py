"""The steps of a hazard's life. Who may take which is in the workflow table; what a step brings along is here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.hazards.models import Extension, Hazard, Order, Recheck
from bianwang.modules.hazards.services.register import earlier, end_of_day_in
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.files.models import Attachment
from bianwang.platform.files.services import attach
from bianwang.platform.workflow.errors import Conflict, Refused
from bianwang.platform.workflow.queries import limit
from bianwang.platform.workflow.services import advance

FIVE = {
    "responsible": "整改责任",
    "measures": "整改措施",
    "funds": "整改资金",
    "rectify_by": "整改时限",
    "plan": "应急预案",
}
"""五落实."""


@transaction.atomic
def grade(hazard: Hazard, user: User, values: Mapping[str, Any]) -> None:
    """Grade a finding and demand its rectification; on the enforcement track that is an order.

    `values`: grade, criterion, responsible, rectify_by, measures, funds, plan, temporary, clause, suggestion.
    A major hazard needs a criterion and all of 五落实. Raises ValidationError, Refused, Conflict.
    """
    fields = dict(values)
    days = "hazards.rectify_major" if fields.get("grade") == Hazard.Grade.MAJOR else "hazards.rectify_general"
    longest = end_of_day_in(int(limit(days).value))
    fields["rectify_by"] = fields.get("rectify_by") or longest
    _check_grade(fields, longest)
    criterion = fields.get("criterion")
    if criterion is not None:
        hazard_now = Hazard(pk=hazard.pk, owner_id=hazard.owner_id, found_at=hazard.found_at, criterion=criterion)
        hazard_now.category, hazard_now.title = hazard.category, hazard.title
        fields["repeat_of"] = earlier(hazard_now)
    advance(hazard, "grade", user, due_at=fields["rectify_by"], fields=_different(hazard, fields))
    if hazard.track == Hazard.Track.ENFORCEMENT:
        Order.objects.create(
            hazard=hazard,
            officer=user,
            certificate=user.certificate,
            issued_at=now(),
            rectify_by=fields["rectify_by"],
            demand=hazard.suggestion or f"限期整改：{hazard.title}",
        )


def revoke(hazard: Hazard, user: User, reason: str) -> None:
    """Withdraw what was entered by mistake or is no hazard."""
    advance(hazard, "revoke", user, reason=reason)


@transaction.atomic
def submit(hazard: Hazard, user: User, result: str, photos: Iterable[Any] = ()) -> None:
    """Report the rectification with photos from the same point as before."""
    _keep_photos(hazard, user, photos)
    advance(hazard, "submit", user, fields=_rectified(hazard, user, result, now()))


@transaction.atomic
def self_close(hazard: Hazard, user: User, result: str, photos: Iterable[Any] = ()) -> None:
    """An enterprise ends its own minor finding."""
    _keep_photos(hazard, user, photos)
    moment = now()
    fields = _rectified(hazard, user, result, moment)
    advance(hazard, "self_close", user, fields={**fields, "closed_by": user, "closed_at": moment})


@transaction.atomic
def recheck(
    hazard: Hazard, user: User, *, passed: bool, opinion: str, second: User | None = None, again: datetime | None = None
) -> None:
    """Somebody else has looked. On failure the hazard goes back with a new time limit `again` and the count goes up.

    Enforcement rechecks need a second certified officer. Raises ValidationError, Refused, Conflict.
    """
    if hazard.track == Hazard.Track.ENFORCEMENT:
        _check_second(hazard, user, second)
    if passed:
        advance(hazard, "pass", user, reason=opinion)
    else:
        due = again or end_of_day_in(int(limit("hazards.rectify_general").value))
        if due <= now():
            raise ValidationError({"again": "新的整改期限必须晚于今天。"})
        fields = {
            "failures": hazard.failures + 1,
            "rectify_by": due,
            "rectified_at": None,
            "hours_taken": None,
            "rectified_by": None,
            "overdue_at": None,
        }
        advance(hazard, "fail", user, reason=opinion, due_at=due, fields=_different(hazard, fields))
    Recheck.objects.create(hazard=hazard, passed=passed, opinion=opinion, by=user, second=second, at=now())


def close(hazard: Hazard, user: User, reason: str = "") -> None:
    """Strike the hazard off the list."""
    advance(hazard, "close", user, reason=reason, fields={"closed_by": user, "closed_at": now()})


def list_major(hazard: Hazard, user: User, reason: str) -> None:
    """Put a major hazard under listed supervision (挂牌督办)."""
    advance(hazard, "list", user, reason=reason, fields={"listed_at": now()})


@transaction.atomic
def apply_extension(hazard: Hazard, user: User, wanted: datetime, reason: str) -> Extension:
    """Ask for a later time limit before the present one is over."""
    if hazard.rectify_by is not None and wanted <= hazard.rectify_by:
        raise ValidationError({"wanted": f"申请延至的日期必须晚于现期限 {hazard.rectify_day}。"})
    most = int(limit("hazards.extension_count").value)
    if hazard.extensions >= most:
        raise Refused(f"这条隐患已延期 {hazard.extensions} 次，最多可延期 {most} 次。")
    advance(hazard, "apply", user, reason=reason)
    return Extension.objects.create(
        hazard=hazard, wanted=wanted, reason=reason.strip(), applied_by=user, applied_at=now()
    )


@transaction.atomic
def decide_extension(hazard: Hazard, user: User, *, approve: bool, opinion: str) -> None:
    """Answer the open application; an approved one moves the time limit and is counted."""
    row = hazard.extension_rows.filter(approved__isnull=True).first()
    if approve and row is not None:
        fields = {"rectify_by": row.wanted, "extensions": hazard.extensions + 1, "overdue_at": None}
        advance(hazard, "decide", user, reason=opinion, due_at=row.wanted, fields=_different(hazard, fields))
    else:
        advance(hazard, "decide", user, reason=opinion or "不同意延期")
    claimed = hazard.extension_rows.filter(approved__isnull=True).update(
        approved=approve, decided_by=user, decided_at=now(), decision=opinion
    )
    if not claimed:
        raise Conflict("这份延期申请已由他人审批，请刷新后查看。")


def _check_grade(fields: Mapping[str, Any], longest: datetime) -> None:
    errors: dict[str, str] = {}
    if fields.get("grade") not in Hazard.Grade.values:
        errors["grade"] = "请选择级别：一般或重大。"
    if fields["rectify_by"] <= now():
        errors["rectify_by"] = "整改期限必须晚于今天。"
    elif fields["rectify_by"] > longest:
        errors["rectify_by"] = f"整改期限不得晚于 {longest.date()}，确需更长时间请按程序申请延期。"
    if fields.get("grade") == Hazard.Grade.MAJOR:
        if fields.get("criterion") is None:
            errors["criterion"] = "重大隐患必须选择判定依据（重大事故隐患判定标准中的条目）。"
        for name, words in FIVE.items():
            if fields.get(name) in (None, ""):
                errors[name] = f"重大隐患须落实{words}，请填写。"
    elif fields.get("criterion") is not None:
        errors["criterion"] = "选择了重大隐患判定依据，级别应为“重大”。"
    if errors:
        raise ValidationError(errors)


def _check_second(hazard: Hazard, user: User, second: User | None) -> None:
    if second is None or second.pk == user.pk or not second.certificate:
        raise ValidationError({"second": "执法复查须两名持证执法人员，请选择另一名执法人员。"})
    if second.pk == hazard.rectified_by_id or not access.can(second, "hazards.recheck"):
        raise ValidationError({"second": "第二复查人须有复查权限，且不能是提交整改的人。"})


def _keep_photos(hazard: Hazard, user: User, photos: Iterable[Any]) -> None:
    """Save photos after; there must be at least one, of this or an earlier try."""
    access.check(user, Hazard, hazard.pk, "hazards.view")
    for photo in photos:
        attach(hazard, photo, user=user, label="after")
    kept = Attachment.objects.filter(object_type=hazard._meta.label_lower, object_id=hazard.pk, label="after")
    if not kept.exists():
        raise ValidationError({"photos": "请上传整改后的照片，从发现隐患时的同一位置拍摄。"})


def _rectified(hazard: Hazard, user: User, result: str, moment: datetime) -> dict[str, Any]:
    return {
        "result": result.strip(),
        "rectified_by": user,
        "rectified_at": moment,
        "hours_taken": hazard.hours_until(moment),
    }


def _different(hazard: Hazard, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Only the columns that change, so that the ledger tells no more than happened."""
    return {name: value for name, value in fields.items() if getattr(hazard, name) != value}
