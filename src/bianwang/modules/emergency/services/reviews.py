"""Reviews are owed, written, checked and issued; their measures are carried out by units."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.emergency.editing import changed, refuse_stale, told
from bianwang.modules.emergency.models import Event, Measure, Review
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now, today
from bianwang.platform.ledger.services import record
from bianwang.platform.workflow import queries as limits, services as workflow
from bianwang.platform.workflow.errors import Refused

TEXTS = ("course", "cause", "strengths", "weaknesses")
"""What is written by people."""
_END_OF_DAY = time(23, 59, 59)


@transaction.atomic
def owe_review(event: Event) -> Review:
    """The review of an event, owed from now on; one that is being written gets the new time limit."""
    since = event.ended_at or now()
    due = limits.deadline(limits.limit(f"emergency.review.{event.kind}", event.day), since)
    review = Review.objects.filter(event=event).first()
    if review is None:
        review = Review(event=event, due_at=due, is_demo=event.is_demo)
        workflow.start(review, verb="emergency.review_owe")
    elif review.state == "draft" and review.due_at != due:
        workflow.advance(review, "again", None, due_at=due)
    return review


def begin_review(user: User, event: Event) -> Review:
    """Review an event although nobody must: no response was started. Raises PermissionDenied, Http404, Refused."""
    access.check(user, Event, event.pk, "emergency.review")
    if event.state not in ("watching", "closed"):
        raise Refused(f"“{event}”{event.state_row.name}，处置结束后才能总结评估。")
    return owe_review(event)


@transaction.atomic
def write_review(review: Review, user: User, values: Mapping[str, Any], version: int) -> None:
    """Write the texts. Who read an older version is told what stands there now. Raises Stale, Refused, …"""
    access.check(user, Review, review.pk, "emergency.review")
    row = Review.objects.select_for_update(of=("self",)).select_related("event").get(pk=review.pk)
    if row.state != "draft":
        raise Refused(f"“{row}”{row.state_row.name}，不能修改；要改请先退回。")
    refuse_stale(row, values, version, TEXTS)
    changes = changed(row, values, TEXTS)
    if not changes:
        raise ValidationError("没有改动，不必保存。")
    for name, (_, value) in changes.items():
        setattr(row, name, value)
    row.drafted_by, row.version = user, version + 1
    row.clean_fields(exclude={"drafted_by"})
    row.save(update_fields=[*changes, "drafted_by", "version"])
    record("emergency.review_write", row, owner=row.event.owner_id, changes=told(changes))


def check_review(review: Review, user: User, reason: str = "") -> None:
    """Another than the writer has read it. Raises Refused, Conflict."""
    workflow.advance(review, "check", user, reason=reason, fields={"checked_by": user})


@transaction.atomic
def issue_review(review: Review, user: User, reason: str = "") -> None:
    """It goes out, and its measures with it. Raises Refused, Conflict."""
    workflow.advance(
        review, "issue", user, reason=reason, fields={"issued_by": user, "issued_at": now()}, due_at=review.due_at
    )
    for measure in review.measures.filter(state="planned"):
        until = datetime.combine(measure.day, _END_OF_DAY, SHANGHAI).astimezone(UTC)
        workflow.advance(measure, "issue", None, due_at=until)


@transaction.atomic
def plan_measure(user: User, review: Review, values: Mapping[str, Any], *, is_demo: bool = False) -> Measure:
    """What is to be done better, by whom and until when. Raises ValidationError, Refused."""
    access.check(user, Review, review.pk, "emergency.review")
    row = Review.objects.select_for_update(of=("self",)).select_related("event").get(pk=review.pk)
    if row.state != "draft":
        raise Refused(f"“{row}”{row.state_row.name}，不能再加措施；要加请先退回。")
    measure = Measure(review=row, is_demo=is_demo, **values)
    if measure.day < today():
        raise ValidationError({"day": "完成期限不能早于今天。"})
    measure.clean_fields(exclude={"state", "state_since"})
    workflow.start(measure, by=user, verb="emergency.measure", changes={"text": (None, measure.text)})
    return measure


def finish_measure(measure: Measure, user: User, result: str) -> None:
    """The unit has done it. Raises ValidationError, Refused, Conflict."""
    if not result.strip():
        raise ValidationError({"result": "请写明落实情况。"})
    fields = {"result": result.strip(), "done_by": user, "done_at": now()}
    workflow.advance(measure, "finish", user, fields=fields)
