"""While the bureau examines: visits on site, times that do not count, extension, handing up, and what is late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q

from bianwang.modules.licensing import pack, running
from bianwang.modules.licensing.models import Application, Pause, SiteVisit
from bianwang.modules.licensing.workflow import PENDING
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.files.services import attach
from bianwang.platform.files.storage import Stored
from bianwang.platform.jobs.services import each
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow.queries import limit
from bianwang.platform.workflow.services import advance


@transaction.atomic
def visit(
    application: Application,
    user: User,
    *,
    on: date,
    officers: Iterable[User],
    findings: str,
    passed: bool,
    papers: Iterable[Stored] = (),
) -> SiteVisit:
    """Enter a visit on site. Raises ValidationError for too few officers or an impossible day."""
    people = list(officers)
    least = int(limit("licensing.officers", application.day).value)
    if len({person.pk for person in people}) < least:
        raise ValidationError({"officers": f"现场核查须有 {least} 名以上工作人员。"})
    if not all(access.can(person, "licensing.review") for person in people):
        raise ValidationError({"officers": "核查人员须有审查许可申请的权限。"})
    if not application.day <= on <= today():
        raise ValidationError({"on": "核查日期不能早于受理日期，也不能晚于今天。"})
    if not findings.strip():
        raise ValidationError({"findings": "请写明核查情况。"})
    told = f"{on} {'符合条件' if passed else '不符合条件'}"
    advance(application, "visit", user, changes={"visits": (None, told)})
    made = SiteVisit.objects.create(application=application, visited_on=on, findings=findings.strip(), passed=passed)
    made.officers.set(people)
    for paper in papers:
        attach(application, paper, user=user, label="现场核查")
    return made


@transaction.atomic
def stop(application: Application, user: User, kind: str, reason: str) -> None:
    """The clock stands still from the end of today. Raises ValidationError for a reason the kind does not know."""
    rules = application.rules
    if kind not in rules.stops:
        raise ValidationError({"kind": f"“{rules.name}”的规定不扣除这段时间。"})
    words = dict(pack.STOPS)[kind]
    advance(application, "stop", user, reason=reason, changes={"pauses": (None, words)})
    Pause.objects.create(application=application, kind=kind, started_on=today(), reason=reason.strip())


@transaction.atomic
def resume(application: Application, user: User, reason: str = "") -> None:
    """The clock goes on tomorrow."""
    application.pauses.filter(ended_on__isnull=True).update(ended_on=today())
    advance(application, "resume", user, reason=reason, due_at=running.due_at(application))


def extend(application: Application, user: User, reason: str) -> None:
    """More days, once, from the head of the bureau (行政许可法第42条); the applicant is told why."""
    days = int(limit("licensing.extend", application.day).value)
    longer = Application(
        pk=application.pk,
        kind=application.kind,
        accepted_on=application.accepted_on,
        limit_days=application.limit_days,
        extended_days=days,
    )
    advance(application, "extend", user, reason=reason, fields={"extended_days": days}, due_at=running.due_at(longer))


def forward(application: Application, user: User, reason: str = "") -> None:
    """Hand it up to the authority that decides; the bureau's own clock ends."""
    spent = running.used(application, today())
    advance(application, "forward", user, reason=reason, fields={"spent_days": spent})


def escalate_late() -> None:
    """Tell whoever decides of what is late, once in every state; the loop calls this."""
    told = Q(escalated_at__isnull=False, escalated_at__gte=F("state_since"))
    each(Application.objects.filter(state__in=PENDING, due_at__lt=now()).exclude(told), _escalate)


@transaction.atomic
def _escalate(application: Application) -> None:
    advance(application, "escalate", None, fields={"escalated_at": now()})
    todo.open_for(
        application,
        title=f"逾期：{application}（{application.state_row.name}）",
        url=application.get_absolute_url(),
        owner=application.owner_id,
        permission="licensing.decide",
        due_at=application.due_at,
    )
