"""An application from the counter to the acceptance, and from the decision to its delivery."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from bianwang.modules.licensing import pack, running
from bianwang.modules.licensing.models import Application, Licence, Series
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.files.services import attach
from bianwang.platform.files.storage import Stored
from bianwang.platform.places.models import Party
from bianwang.platform.workflow.queries import deadline, limit
from bianwang.platform.workflow.services import advance, start

_COLUMNS = ("kind", "action", "licence", "scope", "submitted_on", "is_demo")
_PREFIX = "许可"


@transaction.atomic
def submit(user: User, owner: Party, values: Mapping[str, Any], papers: Iterable[Stored] = ()) -> Application:
    """Enter an application; the time for accepting it starts with the day its papers came.

    Raises PermissionDenied or Http404 (access door), ValidationError.
    """
    owner = access.get(user, Party, owner.pk, "licensing.apply")
    given = {name: value for name, value in values.items() if name in _COLUMNS}
    application = Application(owner=owner, registered_by=user, **{"submitted_on": today(), **given})
    if application.submitted_on > today():
        raise ValidationError({"submitted_on": "收到材料日期不能晚于今天。"})
    _check_matter(application, user)
    application.due_at = deadline(
        limit("licensing.accept", application.submitted_on), running.end_of(application.submitted_on)
    )
    application.number = _take(application.submitted_on.year)
    application.clean_fields(exclude=["state", "state_since"])
    start(
        application,
        by=user,
        verb="licensing.submit",
        changes={"kind": (None, application.kind_name), "scope": (None, application.scope)},
    )
    for paper in papers:
        attach(application, paper, user=user, label="申请材料")
    return application


def accept(application: Application, user: User, reason: str = "") -> None:
    """The statutory clock starts, with the day the papers came where nobody answered in time (行政许可法第32条)."""
    on_time = application.due_at is None or now() <= application.due_at
    day = today() if on_time else application.submitted_on
    days = pack.kind(application.kind, day).days
    until = running.due_at(Application(pk=application.pk, kind=application.kind, accepted_on=day, limit_days=days))
    fields = {"accepted_on": day, "limit_days": days}
    advance(application, "accept", user, reason=reason, fields=fields, due_at=until)


def ask_correction(application: Application, user: User, missing: Iterable[str], reason: str) -> None:
    """Tell the applicant once and completely what is missing. Raises ValidationError, and what the workflow raises."""
    missing = list(missing)
    advance(
        application,
        "correct",
        user,
        reason=reason,
        fields={"corrected": True},
        changes={"materials": (None, "、".join(missing))} if missing else {},
    )


@transaction.atomic
def resubmit(application: Application, user: User, papers: Iterable[Stored] = ()) -> None:
    """The missing papers are there: the time for accepting runs anew from today."""
    advance(application, "resubmit", user, fields={"submitted_on": today()})
    for paper in papers:
        attach(application, paper, user=user, label="补正材料")


def reject(application: Application, user: User, reason: str) -> None:
    """Do not take it on, with the reason."""
    advance(application, "reject", user, reason=reason)


def recall(application: Application, user: User, reason: str) -> None:
    """The applicant takes it back."""
    advance(application, "recall", user, reason=reason)


def deliver(application: Application, user: User, on: date, how: str) -> None:
    """The decision is in the applicant's hands. Raises ValidationError for an impossible day."""
    if not how.strip():
        raise ValidationError({"how": "请填写送达方式。"})
    if on > today() or (application.decided_on is not None and on < application.decided_on):
        raise ValidationError({"on": "送达日期不能早于决定日期，也不能晚于今天。"})
    advance(application, "deliver", user, fields={"delivered_on": on, "delivered_how": how.strip()})


def _check_matter(application: Application, user: User) -> None:
    """The kind allows the action, and the licence it is about is the applicant's, of that kind and in force."""
    rules = pack.kind(application.kind, application.submitted_on)
    words = application.get_action_display()
    if application.action not in rules.actions:
        raise ValidationError({"action": f"“{rules.name}”不办理{words}，可办理：{_actions(rules)}。"})
    if application.action == "withdraw":
        access.require(user, "licensing.accept")
    licence = application.licence
    if application.action == "new":
        if licence is not None:
            raise ValidationError({"licence": "首次申请不选证照；对已有证照请选择延期、变更等类型。"})
        if not application.scope.strip():
            raise ValidationError({"scope": "请写明申请的许可范围。"})
        return
    if licence is None:
        raise ValidationError({"licence": f"请选择要{words}的证照。"})
    if (licence.owner_id, licence.kind) != (application.owner_id, application.kind):
        raise ValidationError({"licence": f"证照“{licence}”不是该单位的{rules.name}，请重新选择。"})
    allowed = {"valid", "expired"} if application.action in {"cancel", "withdraw"} else {"valid"}
    if licence.state not in allowed:
        raise ValidationError({"licence": f"证照“{licence}”{licence.state_row.name}，不能办理{words}，请重新申请。"})
    if application.action == "change" and not application.scope.strip():
        raise ValidationError({"scope": "请写明变更后的许可范围。"})
    if _open_twin(licence):
        raise ValidationError({"licence": f"证照“{licence}”已有在办的申请，请先办结或撤回。"})


def _open_twin(licence: Licence) -> bool:
    return licence.applications.exclude(state__in=("delivered", "rejected", "recalled")).exists()


def _actions(rules: pack.Kind) -> str:
    return "、".join(words for code, words in pack.ACTIONS if code in rules.actions)


def _take(year: int) -> str:
    """The next number of a year, given again if the caller's transaction fails."""
    if not Series.objects.filter(year=year).update(last=F("last") + 1):
        Series.objects.get_or_create(year=year)
        Series.objects.filter(year=year).update(last=F("last") + 1)
    return f"{_PREFIX}〔{year}〕{Series.objects.get(year=year).last}"
