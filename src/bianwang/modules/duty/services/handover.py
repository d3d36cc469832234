"""Hand-overs and the duty log: what goes on is carried from shift to shift until it is ticked off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from bianwang.modules.duty.models import DutyPost, Handover, LogEntry, Matter, Person, Seat, Shift
from bianwang.modules.duty.models.people import Role
from bianwang.modules.duty.pack import kind_choices
from bianwang.modules.duty.services.asking import ask, stands_for
from bianwang.modules.duty.services.writing import create
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.jobs.services import each
from bianwang.platform.ledger.services import record
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.queries import deadline, limit
from bianwang.platform.workflow.services import advance, start

_AT_ONCE = 100


def open_handovers() -> None:
    """Ask the people of every shift that is about to end, or has ended, to hand over; the loop calls this.

    Shifts that were over when their roster was published owe nothing: nobody could have been asked.
    """
    lead = timedelta(minutes=float(limit("duty.handover_lead").value))
    rows = Shift.objects.filter(
        roster__state="published",
        ends_at__lte=now() + lead,
        ends_at__gt=F("roster__published_at"),
        handover__isnull=True,
    )
    each(list(rows.select_related("post__owner").order_by("ends_at")[:_AT_ONCE]), _open)


def escalate_handovers() -> None:
    """Tell the leader once when nobody has handed over or signed in time; the loop calls this."""
    rows = Handover.objects.filter(state__in=("owed", "written"), due_at__lt=now(), is_escalated=False)
    each(list(rows.select_related("shift__post__owner").order_by("due_at")[:_AT_ONCE]), _escalate)


@transaction.atomic
def hand_over(handover: Handover, by: User, summary: str, texts: Sequence[str] = ()) -> None:
    """The outgoing write what happened and what goes on; every open matter of the post is handed on.

    Raises PermissionDenied or Http404 (access door), Refused, ValidationError.
    """
    shift = handover.shift
    if not stands_for(by, people_of(shift), shift.post.owner_id):
        raise Refused("要由本班值班人员交班。")
    values = {"summary": summary.strip(), "written_by": by, "written_at": now()}
    due = deadline(limit("duty.handover"), max(now(), shift.ends_at))
    advance(handover, "write", by, fields=values, due_at=due)
    for text in texts:
        open_matter(shift.post, by, text)
    handover.matters.set(Matter.objects.filter(post=shift.post, closed_at__isnull=True))
    ask(handover, incoming(shift), f"接班：{handover}", shift.post.owner_id, due, "duty.keep")


@transaction.atomic
def take_over(handover: Handover, by: User, reason: str = "") -> None:
    """The incoming sign for what was handed over. Raises as `hand_over`."""
    if not stands_for(by, incoming(handover.shift), handover.shift.post.owner_id):
        raise Refused("要由下一班值班人员接班。")
    advance(handover, "sign", by, reason=reason, fields={"signed_by": by, "signed_at": now()})


@transaction.atomic
def open_matter(post: DutyPost, by: User, text: str, *, is_demo: bool = False) -> Matter:
    """Note something that goes on. Raises PermissionDenied or Http404 (access door), ValidationError."""
    access.check(by, DutyPost, post.pk, "duty.keep")
    matter = Matter(post=post, text=text.strip(), opened_by=by, opened_at=now(), is_demo=is_demo)
    matter.clean_fields()
    create(matter, "duty.matter", text=matter.text)
    return matter


@transaction.atomic
def close_matter(matter: Matter, by: User, outcome: str) -> None:
    """Tick it off, with what became of it. Raises as `open_matter`, Refused."""
    access.check(by, Matter, matter.pk, "duty.keep")
    if not outcome.strip():
        raise ValidationError({"outcome": "请写明办理结果。"})
    values: dict[str, Any] = {"closed_by": by, "closed_at": now(), "outcome": outcome.strip()}
    if not Matter.objects.filter(pk=matter.pk, closed_at__isnull=True).update(**values):
        raise Refused("这件事已经办结。")
    record("duty.matter_close", matter, owner=matter.post.owner_id, changes={"outcome": (None, values["outcome"])})


@transaction.atomic
def write_log(
    by: User,
    post: DutyPost,
    kind: str,
    happened_at: datetime,
    text: str,
    *,
    corrects: LogEntry | None = None,
    is_demo: bool = False,
) -> LogEntry:
    """Enter a line of the log, or a correction of one; only whoever is on duty at the post.

    Raises PermissionDenied or Http404 (access door), Refused, ValidationError.
    """
    access.check(by, DutyPost, post.pk, "duty.keep")
    if corrects is None and not stands_for(by, _present(post), post.owner_id):
        raise Refused("您现在不在这个岗位值班，不能记日志；需要补记请由在班人员登记。")
    if corrects is not None and corrects.made_by_id != by.pk:
        raise Refused(f"只能由记录人{corrects.made_by}更正这一条。")
    if kind not in dict(kind_choices(today())):
        raise ValidationError({"kind": "请选择类别。"})
    if happened_at > now():
        raise ValidationError({"happened_at": "发生时间不能晚于现在。"})
    entry = LogEntry(post=post, kind=kind, happened_at=happened_at, text=text.strip(), corrects=corrects)
    entry.made_by, entry.made_at, entry.is_demo = by, now(), is_demo
    entry.clean_fields()
    create(entry, "duty.log_correct" if corrects else "duty.log", text=entry.text)
    return entry


def people_of(shift: Shift) -> list[Person]:
    """The officers of a shift, or its leader where there are none."""
    seats = sorted(shift.seats.select_related("person__user"), key=lambda seat: seat.pk)
    officers = [seat.person for seat in seats if seat.role == Role.OFFICER]
    return officers or [seat.person for seat in seats]


def incoming(shift: Shift) -> list[Person]:
    """Who comes after a shift at the same post."""
    after = shift.post.shifts.filter(roster__state="published", starts_at=shift.ends_at).first()
    return people_of(after) if after else []


def _present(post: DutyPost) -> list[Person]:
    """Who is on duty at a post, and who just was: the last lines are written while handing over."""
    grace = timedelta(minutes=float(limit("duty.handover").value))
    seats = Seat.objects.filter(
        shift__post=post,
        shift__roster__state="published",
        shift__starts_at__lte=now(),
        shift__ends_at__gt=now() - grace,
    )
    return [seat.person for seat in seats.select_related("person")]


@transaction.atomic
def _open(shift: Shift) -> None:
    handover = Handover(shift=shift, due_at=deadline(limit("duty.handover"), shift.ends_at))
    start(handover, verb="duty.handover_owed")
    ask(handover, people_of(shift), f"交班：{handover}", shift.post.owner_id, shift.ends_at, "duty.keep")


@transaction.atomic
def _escalate(handover: Handover) -> None:
    """To the leader who takes over, or whoever approves at the unit."""
    advance(handover, "escalate", None, fields={"is_escalated": True})
    shift = handover.shift
    after = Seat.objects.filter(
        shift__post=shift.post, shift__roster__state="published", shift__starts_at=shift.ends_at, role=Role.LEADER
    )
    leaders = [seat.person for seat in after.select_related("person__user") if seat.person.user_id]
    title = f"超过时限未交接：{handover}"
    ask(handover, leaders, title, shift.post.owner_id, handover.due_at or now(), "duty.approve")
