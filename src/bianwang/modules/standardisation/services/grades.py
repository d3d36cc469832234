"""Grades: an application becomes a certificate, or a certificate that exists is entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from bianwang.modules.standardisation import pack
from bianwang.modules.standardisation.models import Grade, SelfRating
from bianwang.modules.standardisation.services.standing import settle
from bianwang.modules.standardisation.validity import add_months, last_day
from bianwang.modules.standardisation.workflow import OPEN
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.calendar.queries import add_working_days
from bianwang.platform.clock import SHANGHAI, today
from bianwang.platform.places.models import Enterprise
from bianwang.platform.workflow.errors import Refused, UnknownLimit
from bianwang.platform.workflow.services import advance, start


@transaction.atomic
def apply(user: User, rating: SelfRating, level: str, *, is_demo: bool = False) -> Grade:
    """Apply for a grade on the strength of a submitted self-rating. Raises ValidationError, Refused, Http404."""
    access.check(user, SelfRating, rating.pk, "standardisation.rate")
    day = today()
    rule = pack.level(level, day)
    _check_application(rating, rule, day)
    grade = Grade(
        owner_id=rating.owner_id,
        level=level,
        rating=rating,
        authority=rule.authority,
        applied_by=user,
        applied_on=day,
        is_demo=is_demo,
    )
    start(grade, by=user, verb="standardisation.apply", changes={"level": (None, rule.name)})
    return grade


def withdraw(grade: Grade, user: User, reason: str) -> None:
    """The enterprise does not want it any more."""
    advance(grade, "withdraw", user, reason=reason)


def arrange(grade: Grade, user: User, reviewers: str) -> None:
    """Say who goes and looks."""
    if not reviewers.strip():
        raise ValidationError({"reviewers": "请写明评审组成员或评审单位。"})
    advance(grade, "arrange", user, fields={"reviewers": reviewers.strip()})


def review(grade: Grade, user: User, *, day: date, score: Decimal, opinion: str) -> None:
    """Enter what the review found; from the line on, the public is told for some working days."""
    if grade.applied_on and not grade.applied_on <= day <= today():
        raise ValidationError({"review_on": f"评审日期应在申请之日（{grade.applied_on}）到今天之间。"})
    rule = pack.level(grade.level, day)
    if not 0 <= score <= 100:
        raise ValidationError({"review_score": "评审得分应在 0 到 100 之间。"})
    if score < rule.line:
        words = f"评审得分 {score} 低于{rule.name}的 {rule.line} 分，请选“不予定级”。"
        raise ValidationError({"review_score": words})
    if not opinion.strip():
        raise ValidationError({"review_opinion": "请写明评审结论。"})
    first = today()
    until = add_working_days(first, pack.procedure(first).notice_days)
    fields = {
        "review_on": day,
        "review_score": score,
        "review_opinion": opinion.strip(),
        "notice_from": first,
        "notice_until": until,
    }
    advance(grade, "review", user, fields=fields, due_at=_end_of(until))


@transaction.atomic
def conclude(grade: Grade, user: User, certificate: str) -> None:
    """Give the grade from today on; an older certificate of the enterprise is replaced."""
    certificate = certificate.strip()
    if not certificate:
        raise ValidationError({"certificate": "请填写证书编号。"})
    if Grade.objects.filter(certificate=certificate).exists():
        raise ValidationError({"certificate": f"证书编号“{certificate}”已经用过，请核对。"})
    day = today()
    if Grade.objects.filter(owner_id=grade.owner_id, graded_on=day).exists():
        raise Refused("这家企业今天已经登记过一次定级，请核对后明天再办。")
    until = last_day(day, pack.level(grade.level, day).years)
    fields = {"certificate": certificate, "graded_on": day, "valid_until": until}
    advance(grade, "conclude", user, fields=fields, due_at=_end_of(until))
    settle(grade.owner_id, day)


def refuse(grade: Grade, user: User, reason: str) -> None:
    """No grade; another application may follow."""
    advance(grade, "refuse", user, reason=reason)


@transaction.atomic
def revoke(grade: Grade, user: User, ground: str, reason: str) -> None:
    """Take a grade back on a ground of the district pack; the enterprise has none from today on."""
    day = today()
    if ground not in {row.code for row in pack.grounds(day)}:
        raise ValidationError({"ground": "请选择撤销情形。"})
    advance(grade, "revoke", user, reason=reason, fields={"ground": ground, "ended_on": day})
    settle(grade.owner_id, day)


@transaction.atomic
def record_existing(user: User, owner: Enterprise, values: Mapping[str, Any], *, is_demo: bool = False) -> Grade:
    """Enter a certificate that exists: `level`, `certificate`, `graded_on`, and `valid_until` and `authority` if given.

    One that is no longer valid is kept for the figures of earlier years. Raises ValidationError, Http404.
    """
    access.check(user, Enterprise, owner.pk, "standardisation.import")
    if wrong := existing_faults(owner, values):
        raise ValidationError(wrong)
    rule, until = pack.level(values["level"], values["graded_on"]), valid_until(values)
    made = Grade(
        owner=owner,
        level=values["level"],
        certificate=values["certificate"],
        graded_on=values["graded_on"],
        valid_until=until,
        authority=values.get("authority") or rule.authority,
        is_imported=True,
        is_demo=is_demo,
    )
    told = {"certificate": (None, made.certificate), "graded_on": (None, made.graded_on)}
    start(made, by=user, verb="standardisation.record", changes=told)
    advance(made, "record", user, due_at=_end_of(until))
    if until < today():
        advance(made, "expire", None)
    settle(owner.pk, today())
    return made


def valid_until(values: Mapping[str, Any]) -> date:
    """The last day of a certificate: as it says, or by the rules of its day."""
    graded: date = values["graded_on"]
    return values.get("valid_until") or last_day(graded, pack.level(values["level"], graded).years)


def existing_faults(owner: Enterprise, values: Mapping[str, Any]) -> dict[str, str]:
    """What speaks against a certificate that is to be entered, by column."""
    graded, certificate = values["graded_on"], values["certificate"]
    alike = Grade.objects.filter(Q(certificate=certificate) | Q(owner=owner, graded_on=graded))
    rows = list(alike.select_related("owner"))
    same = next((row for row in rows if row.certificate == certificate), None)
    if same is not None and same.owner_id != owner.pk:
        return {"certificate": f"证书编号“{certificate}”已登记为{same.owner.name}的证书，请核对。"}
    if graded > today():
        return {"graded_on": f"定级日期 {graded} 在今天之后，请核对。"}
    try:
        rule = pack.level(values["level"], graded)
    except UnknownLimit as error:
        return {"graded_on": str(error)}
    longest = last_day(graded, rule.years)
    if not graded <= valid_until(values) <= longest:
        return {"valid_until": f"有效期应在 {graded} 到 {longest} 之间（{rule.years} 年），请核对。"}
    if same is not None:
        new = (values["level"], graded, valid_until(values))
        old = (same.level, same.graded_on, same.valid_until)
        return {} if new == old else {"certificate": f"证书“{certificate}”已登记，内容不同，不能用导入改动，请核对。"}
    if rows:
        return {"graded_on": f"{owner.name}在 {graded} 已有一次定级，请核对。"}
    return {}


@transaction.atomic
def import_rows(user: User, rows: Iterable[tuple[Enterprise, Mapping[str, Any]]]) -> None:
    """Enter certificates from an Excel list; one that stands already is left as it is."""
    for owner, values in rows:
        if not Grade.objects.filter(certificate=values["certificate"]).exists():
            record_existing(user, owner, values)


def _check_application(rating: SelfRating, rule: pack.Level, day: date) -> None:
    """Raises ValidationError or Refused where the application cannot be made."""
    if not rule.here:
        words = f"{rule.name}由{rule.authority}定级，请向其申请；取得证书后请区局登记。"
        raise ValidationError({"level": words})
    procedure = pack.procedure(day)
    if rating.state != "submitted" or rating.submitted_on is None:
        raise Refused("自评还没有提交，不能申请定级。")
    if add_months(rating.submitted_on, procedure.rating_months) < day:
        raise Refused(f"自评提交已超过 {procedure.rating_months} 个月，请先完成新一年的自评。")
    if rating.total < rule.line:
        raise ValidationError({"level": f"自评得分 {rating.total} 低于{rule.name}的 {rule.line} 分，不能申请。"})
    if Grade.objects.filter(owner_id=rating.owner_id, state__in=OPEN).exists():
        raise Refused("这家企业已有一份定级申请在办，请等它办结。")
    revoked = Grade.objects.filter(owner_id=rating.owner_id, ended_on__isnull=False).order_by("-ended_on").first()
    if revoked is not None and revoked.ended_on is not None:
        again = add_months(revoked.ended_on, procedure.reapply_months)
        if day < again:
            raise Refused(f"等级于 {revoked.ended_on} 被撤销，{again} 起才能再申请。")


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), SHANGHAI).astimezone(UTC)
