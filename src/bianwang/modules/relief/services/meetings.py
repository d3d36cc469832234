"""The village votes, publishes, hears objections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.relief.models import Claim, Meeting, Objection, Programme
from bianwang.modules.relief.services import claims as claim_services
from bianwang.modules.relief.services.writing import end_of, last_day, take_numbers
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.files.services import attach
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Party
from bianwang.platform.workflow.queries import limit
from bianwang.platform.workflow.services import advance

COLUMNS = ("held_on", "place", "host", "attendees", "voters", "notice_place")


@transaction.atomic
def hold(
    user: User,
    programme: Programme,
    village: Party,
    values: Mapping[str, Any],
    votes: Mapping[Claim, int],
    files: Iterable[Any] = (),
    *,
    since: date | None = None,
    is_demo: bool = False,
) -> Meeting:
    """Enter a meeting with the votes for each household; those that passed are on public notice from today.

    `since` is for what is entered afterwards: the day on which the notice was put up.

    Raises PermissionDenied, ValidationError, Refused.
    """
    access.require(user, "relief.assess")
    day = today()
    meeting = Meeting(
        owner=village,
        programme=programme,
        number=take_numbers("meeting")[0],
        notice_from=since or day,
        notice_to=last_day("relief.notice", since or day),
        made_by=user,
        made_at=now(),
        is_demo=is_demo,
        **{name: values[name] for name in COLUMNS},
    )
    _check(meeting, votes, day)
    meeting.full_clean()
    meeting.save(force_insert=True)
    told = {"held_on": meeting.held_on, "voters": meeting.voters, "notice_to": meeting.notice_to}
    record("relief.meeting", meeting, owner=village, changes={name: (None, value) for name, value in told.items()})
    for file in files:
        attach(meeting, file, user=user, label="会议记录")
    needed = limit("relief.vote", meeting.held_on).value * meeting.voters
    for claim, yes in votes.items():
        fields = {"meeting": meeting, "votes": yes, "escalation": 0}
        if yes > needed:
            due = end_of(last_day("relief.submit", meeting.notice_to))
            advance(claim, "pass", user, fields=fields, due_at=due)
        else:
            words = f"到会 {meeting.voters} 人，同意 {yes} 票，未通过评议"
            claim_services.fail(claim, user, words, {"meeting": meeting, "votes": yes})
    return meeting


@transaction.atomic
def note_objection(claim: Claim, user: User, text: str) -> Objection:
    """Somebody objects while the notice hangs."""
    found = access.get(user, Claim, claim.pk, "relief.assess", related=("owner", "meeting"))
    if found.state != "public":
        raise ValidationError("只有公示中的申请可以登记异议。")
    row = Objection(claim=found, text=text.strip(), noted_at=now())
    row.clean_fields(exclude=["settled_at"])
    row.save(force_insert=True)
    record("relief.objection", row, owner=found.owner_id, changes={"text": (None, row.text)})
    return row


@transaction.atomic
def settle_objections(claim: Claim, user: User, finding: str, *, is_right: bool) -> None:
    """What came of the open objections; if they were right, the household gets nothing."""
    access.check(user, Claim, claim.pk, "relief.assess")
    rows = list(claim.objections.filter(settled_at__isnull=True))
    if not rows:
        raise ValidationError("没有待处理的异议。")
    if not finding.strip():
        raise ValidationError({"finding": "请写明调查和处理结果。"})
    for row in rows:
        row.finding, row.settled_at = finding.strip(), now()
        row.save(update_fields=["finding", "settled_at"])
        told = {"finding": (None, row.finding), "sustained": (None, "成立" if is_right else "不成立")}
        record("relief.objection_settle", row, owner=claim.owner_id, changes=told)
    if is_right:
        claim_services.sustain(claim, user, finding)


def _check(meeting: Meeting, votes: Mapping[Claim, int], day: date) -> None:
    least = int(limit("relief.voters", day).value)
    if meeting.held_on > day:
        raise ValidationError({"held_on": "评议日期不能晚于今天。"})
    if meeting.voters < least:
        raise ValidationError({"voters": f"到会人数不能少于 {least} 人。"})
    if not votes:
        raise ValidationError("请至少填写一户的同意票数。")
    for claim, yes in votes.items():
        if yes > meeting.voters:
            raise ValidationError(f"{claim.head}户的同意票 {yes} 多于到会人数 {meeting.voters}。")
        if claim.owner_id != meeting.owner_id or claim.programme_id != meeting.programme_id:
            raise ValidationError(f"{claim.number} 不属于本村（社）的这个项目。")
