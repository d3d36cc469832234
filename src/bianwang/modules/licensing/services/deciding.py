"""The decision, and what it does to the licence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.licensing import running
from bianwang.modules.licensing.models import Application, Licence
from bianwang.modules.licensing.validity import end_of_validity
from bianwang.modules.licensing.workflow import not_visited
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.services import advance, start

Decision = Application.Decision


@transaction.atomic
def decide(application: Application, user: User, *, granted: bool, reason: str, paper: Mapping[str, Any]) -> None:
    """Grant or refuse; what is granted shows at once in the register of licences.

    `paper` gives `number` and `valid_from` where they are needed. Raises ValidationError, Refused without a visit
    on site, and what the workflow raises.
    """
    if not granted and not reason.strip():
        raise ValidationError({"reason": "不予许可须说明理由，并告知申请人复议和诉讼的权利。"})
    if granted and (refusal := not_visited(application)):
        raise Refused(refusal)
    spent = application.spent_days
    fields: dict[str, Any] = {
        "decision": Decision.GRANTED if granted else Decision.REFUSED,
        "decision_reason": reason.strip(),
        "decided_on": today(),
        "decided_by": user,
        "spent_days": running.used(application, today()) if spent is None else spent,
    }
    if granted and application.action == "new":
        fields["licence"] = _issue(application, user, paper)
    advance(application, "decide", user, reason=reason, fields=fields)
    if granted and application.action != "new":
        _apply(application, paper)


def _issue(application: Application, user: User, paper: Mapping[str, Any]) -> Licence:
    number = str(paper.get("number") or "").strip()
    if not number:
        raise ValidationError({"number": "请填写证书编号。"})
    if Licence.objects.filter(kind=application.kind, number=number).exists():
        raise ValidationError({"number": f"编号“{number}”的{application.kind_name}已经登记，请核对。"})
    valid_from, valid_to = _validity(application, paper)
    licence = Licence(
        owner_id=application.owner_id,
        kind=application.kind,
        number=number,
        scope=application.scope,
        issued_by=application.rules.decided_by,
        issued_on=today(),
        valid_from=valid_from,
        valid_to=valid_to,
        due_at=running.end_of(valid_to) if valid_to else None,
        is_demo=application.is_demo,
    )
    licence.clean_fields(exclude=["state", "state_since"])
    told = {"number": (None, number), "valid_to": (None, str(valid_to or ""))}
    start(licence, by=user, verb="licensing.issue", changes=told)
    return licence


def _apply(application: Application, paper: Mapping[str, Any]) -> None:
    """Bring the licence in line with what was granted."""
    licence = application.licence
    if licence is None:
        raise ValidationError("这件申请没有对应的证照。")
    fields: dict[str, Any] = {}
    due_at = licence.due_at
    if application.action == "renew":
        valid_from, valid_to = _validity(application, paper)
        due_at = running.end_of(valid_to) if valid_to else None
        fields = {"valid_from": valid_from, "valid_to": valid_to, "reminded": None}
    elif application.action == "change":
        fields = {"scope": application.scope}
    advance(licence, application.action, None, reason=application.number, fields=fields, due_at=due_at)
    if application.action == "renew":
        todo.close_for(licence)


def _validity(application: Application, paper: Mapping[str, Any]) -> tuple[date, date | None]:
    """From the given day, at most as long as the kind allows. Raises ValidationError."""
    first = paper.get("valid_from") or today()
    years = application.rules.validity_years
    if not years:
        return first, None
    longest = end_of_validity(first, years)
    last = paper.get("valid_to") or longest
    if not first < last <= longest:
        raise ValidationError({"valid_to": f"有效期最长 {years} 年，截止日期应在 {first} 之后、不晚于 {longest}。"})
    return first, last
