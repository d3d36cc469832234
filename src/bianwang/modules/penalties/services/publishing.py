"""行政执法公示: a decision is published with persons masked, taken down, or ended after 信用修复."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

from bianwang.modules.penalties.models import Case, Publication
from bianwang.modules.penalties.pack import version
from bianwang.modules.penalties.services.steps import take, written
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.personal import masked_name
from bianwang.platform.places.models import Enterprise
from bianwang.platform.workflow.services import advance, start

_PERSONAL = re.compile(r"1[3-9]\d{9}|\d{17}[\dXx]")


def publish(case: Case, user: User, *, document: str, facts: str) -> Publication:
    """Publish a penalty. Raises ValidationError when the text names the person or tells personal numbers."""
    text = written(facts, "facts", "请写明公示的违法事实。")
    if _PERSONAL.search(text):
        raise ValidationError({"facts": "公示内容不能含有手机号码、身份证号码，请先删去。"})
    if case.respondent and case.respondent in text:
        raise ValidationError({"facts": f"公示内容不能出现当事人姓名，请写作“{masked_name(case.respondent, '某')}”。"})
    code = Enterprise.objects.filter(pk=case.enterprise_id).values_list("credit_code", flat=True).first()
    if case.decided_on is None:
        raise ValidationError("还没有作出处罚决定，不能公示。")
    row = Publication(
        case_id=case.pk,
        respondent=masked_name(case.respondent, "某") if case.respondent else case.enterprise.name,
        credit_code="" if case.respondent else code or "",
        document=written(document, "document", "请填写处罚决定书文号。"),
        facts=text,
        basis=str(version(case.conduct, case.version)),
        decision=decision_words(case),
        decided_on=case.decided_on,
        published_on=today(),
        published_by=user,
    )
    row.clean_fields(exclude=["state", "state_since", "due_at", "ended_on"])

    def keep() -> None:
        row.case = case
        start(row, by=user, verb="penalties.publication")

    take(case, "publish", user, changes={"publication": (None, row.document)}, make=keep)
    return row


def unpublish(row: Publication, user: User, reason: str) -> None:
    """Take it down: the decision was changed, revoked or wrong."""
    advance(row, "unpublish", user, reason=reason, fields={"ended_on": today()})


def repair(row: Publication, user: User, reason: str) -> None:
    """信用修复: it no longer needs to be shown."""
    advance(row, "repair", user, reason=reason, fields={"ended_on": today()})


def decision_words(case: Case) -> str:
    """What was imposed."""
    if not case.kinds:
        return "不予处罚"
    told = [case.kinds.replace("罚款", f"罚款{case.fine:,}元")] if case.fine else [case.kinds]
    if case.confiscated:
        told = [words.replace("没收违法所得", f"没收违法所得{case.confiscated:,}元") for words in told]
    return "".join(told)
