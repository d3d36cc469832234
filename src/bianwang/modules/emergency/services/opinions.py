"""Public opinion is noted, judged again as it goes on, and answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.emergency.editing import changed, refuse_stale, told
from bianwang.modules.emergency.models import Event, Opinion
from bianwang.modules.emergency.pack.opinions import form_choices, platform_choices
from bianwang.modules.emergency.publicity import answer_due
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.services import record
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.errors import Refused

JUDGED = ("platform", "url", "summary", "heat", "trend", "truth", "responsible")
"""What is judged again as talk goes on."""


@transaction.atomic
def note_opinion(user: User, event: Event, values: Mapping[str, Any], *, is_demo: bool = False) -> Opinion:
    """Keep what is said where about an event. Raises PermissionDenied, Http404, ValidationError, Refused."""
    access.check(user, Event, event.pk, "emergency.opinion")
    if event.state in {"merged", "revoked"}:
        raise Refused(f"“{event}”{event.state_row.name}，请在主事件中登记舆情。")
    opinion = Opinion(event=event, entered_by=user, is_demo=is_demo, **{"seen_at": now(), **values})
    if opinion.seen_at > now():
        raise ValidationError({"seen_at": "发现时间不能晚于现在。"})
    opinion.due_at = answer_due(event)
    _check(opinion)
    workflow.start(opinion, by=user, verb="emergency.opinion", changes={"summary": (None, opinion.summary)})
    return opinion


@transaction.atomic
def judge_opinion(opinion: Opinion, user: User, values: Mapping[str, Any], version: int) -> None:
    """Judge it again. Who read an older version is told what stands there now. Raises Stale, ValidationError, …"""
    access.check(user, Opinion, opinion.pk, "emergency.opinion")
    row = Opinion.objects.select_for_update(of=("self",)).select_related("event").get(pk=opinion.pk)
    refuse_stale(row, values, version, JUDGED)
    changes = changed(row, values, JUDGED)
    if not changes:
        raise ValidationError("没有改动，不必保存。")
    for name, (_, value) in changes.items():
        setattr(row, name, value)
    row.version = version + 1
    _check(row)
    row.save(update_fields=[*changes, "version"])
    record("emergency.opinion_judge", row, owner=row.event.owner_id, changes=told(changes))


def answer_opinion(opinion: Opinion, user: User, form: str, answer: str, answered_at: datetime | None = None) -> None:
    """What was answered, how and when. Raises ValidationError, Refused, Conflict."""
    moment = answered_at or now()
    if not opinion.seen_at <= moment <= now():
        raise ValidationError({"answered_at": "回应时间不能早于发现时间，也不能晚于现在。"})
    if form not in dict(form_choices()):
        raise ValidationError({"form": "请选择回应方式。"})
    fields = {"form": form, "answer": answer.strip(), "answered_at": moment, "answered_by": user}
    workflow.advance(opinion, "answer", user, fields=fields)


def _check(opinion: Opinion) -> None:
    if opinion.platform not in dict(platform_choices()):
        raise ValidationError({"platform": "请选择来源平台。"})
    opinion.clean_fields(exclude={"state", "state_since"})
