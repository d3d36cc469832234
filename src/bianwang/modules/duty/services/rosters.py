"""Rosters are drafted, filled by hand, by rotation or from Excel, and published once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.duty import pack
from bianwang.modules.duty.faults import clash_with, faults
from bianwang.modules.duty.models import DutyPost, Person, Roster, RotationPlace, Seat, Shift
from bianwang.modules.duty.models.people import Role
from bianwang.modules.duty.turns import deal, spans
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.calendar.queries import is_working_day
from bianwang.platform.clock import now
from bianwang.platform.ledger.services import record
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.services import advance, start

LONGEST = 62
"""A roster of more days is a mistake; it also bounds what is written at once."""


@transaction.atomic
def draft_roster(by: User, post: DutyPost, first: date, last: date, *, is_demo: bool = False) -> Roster:
    """Begin a roster with its empty shifts. Raises PermissionDenied or Http404 (access door), ValidationError."""
    post = access.get(by, DutyPost, post.pk, "duty.roster", related=("owner",))
    if not post.is_active:
        raise ValidationError({"post": f"{post}已停用，不能排班。"})
    if last < first:
        raise ValidationError({"last_day": "结束日期不能早于开始日期。"})
    if (last - first).days >= LONGEST:
        raise ValidationError({"last_day": f"一张值班表最多 {LONGEST} 日，请分开编制。"})
    other = post.rosters.exclude(state="discarded").filter(first_day__lte=last, last_day__gte=first).first()
    if other is not None:
        raise ValidationError({"first_day": f"这些日期已有值班表“{other}”，请修改它，或作废后重新编制。"})
    roster = Roster(post=post, first_day=first, last_day=last, made_by=by, is_demo=is_demo)
    start(roster, by=by, verb="duty.draft")
    Shift.objects.bulk_create(_shifts(roster))
    return roster


@transaction.atomic
def fill_by_rotation(roster: Roster, by: User) -> int:
    """Fill the shifts that nobody was put into by the order of turns; returns how many seats were filled.

    Raises PermissionDenied or Http404 (access door), Refused, ValidationError.
    """
    _editable(roster, by)
    filled = sum(
        _deal(roster, role, is_rest=is_rest) for role in (Role.LEADER, Role.OFFICER) for is_rest in (False, True)
    )
    if not filled:
        raise ValidationError("没有可以轮换的空班次；请先在岗位中写好轮换名单，或班次都已排好。")
    record("duty.fill", roster, owner=roster.post.owner_id, changes={"seats": (None, filled)})
    return filled


@transaction.atomic
def assign(shift: Shift, by: User, leader: Person | None, officers: Sequence[Person]) -> None:
    """Say who is on duty in one shift of a draft. Raises as `fill_by_rotation`."""
    _editable(shift.roster, by)
    wanted = {person.pk: (person, Role.OFFICER) for person in officers}
    if leader is not None:
        if leader.pk in wanted:
            raise ValidationError({"officers": f"{leader.name}不能在同一班既带班又值班。"})
        if not leader.can_lead:
            raise ValidationError({"leader": f"{leader.name}没有登记为可带班，请先在值班人员中改正。"})
        wanted[leader.pk] = (leader, Role.LEADER)
    for person, role in wanted.values():
        field = "leader" if role == Role.LEADER else "officers"
        if person.owner_id != shift.post.owner_id or not person.is_active:
            raise ValidationError({field: f"{person.name}不是{shift.post.owner}在用的值班人员。"})
        if other := clash_with(person.pk, shift):
            raise ValidationError({field: f"{person.name}同一时间已排在“{other.shift}”，请换人。"})
    before = _words(shift)
    shift.seats.all().delete()
    Seat.objects.bulk_create(Seat(shift=shift, person=person, role=role) for person, role in wanted.values())
    if (after := _words(shift)) != before:
        record("duty.assign", shift, owner=shift.post.owner_id, changes={"people": (before or None, after or None)})


@transaction.atomic
def publish(roster: Roster, by: User, reason: str = "", *, at: datetime | None = None) -> None:
    """Publish a roster that has no fault; `at` is when it was, for one that was kept elsewhere. Raises as `advance`."""
    _editable(roster, by)
    if found := faults(roster):
        raise Refused(f"值班表有 {len(found)} 处要改：{found[0]}")
    advance(roster, "publish", by, reason=reason, fields={"published_at": at or now()})


def discard(roster: Roster, by: User, reason: str) -> None:
    """Give up a draft; its days can be planned anew."""
    advance(roster, "discard", by, reason=reason)


def _shifts(roster: Roster) -> list[Shift]:
    post = roster.post
    rest: dict[date, bool] = {}
    made = []
    for span in spans(roster.first_day, roster.last_day, pack.scheme(post.scheme, roster.first_day).times()):
        if span.day not in rest:
            rest[span.day] = not is_working_day(span.day)
        made.append(
            Shift(
                roster=roster,
                post=post,
                day=span.day,
                name=span.times.name,
                starts_at=span.starts,
                ends_at=span.ends,
                is_rest=rest[span.day],
                officers=post.officers,
                needs_leader=post.needs_leader,
            )
        )
    return made


def _deal(roster: Roster, role: str, *, is_rest: bool) -> int:
    """Seat people of one order of turns in the shifts of their kind of days that have nobody of this role."""
    places = RotationPlace.objects.filter(post=roster.post, role=role, is_rest=is_rest).order_by("position")
    order = [place.person for place in places.select_related("person") if place.person.is_active]
    empty = roster.shifts.filter(is_rest=is_rest).exclude(
        pk__in=Seat.objects.filter(shift__roster=roster, role=role).values("shift")
    )
    shifts = [shift for shift in empty.order_by("starts_at") if role == Role.OFFICER or shift.needs_leader]
    if not order or not shifts:
        return 0
    counts = [shift.officers if role == Role.OFFICER else 1 for shift in shifts]
    try:
        dealt = deal(order, _last_turn(roster, role, order, is_rest=is_rest), counts)
    except ValueError as error:
        raise ValidationError(f"{'休息日' if is_rest else '工作日'}{error}，请先补充轮换名单。") from error
    seats = [
        Seat(shift=shift, person=person, role=role)
        for shift, people in zip(shifts, dealt, strict=True)
        for person in people
    ]
    taken = set(Seat.objects.filter(shift__roster=roster).values_list("shift", "person"))
    twice = next((seat for seat in seats if (seat.shift_id, seat.person_id) in taken), None)
    if twice is not None:
        raise ValidationError(
            f"{twice.person}在 {twice.shift.day} {twice.shift.name}既轮到带班又轮到值班，请改轮换名单。"
        )
    Seat.objects.bulk_create(seats)
    return len(seats)


def _last_turn(roster: Roster, role: str, order: Sequence[Person], *, is_rest: bool) -> int:
    """The place in the order of whoever had the last turn before this roster; -1: nobody had one."""
    last = (
        Seat.objects.filter(shift__post=roster.post, shift__day__lt=roster.first_day, shift__is_rest=is_rest, role=role)
        .exclude(shift__roster__state="discarded")
        .order_by("-shift__starts_at", "-pk")
        .first()
    )
    places = {person.pk: number for number, person in enumerate(order)}
    return places.get(last.person_id, -1) if last else -1


def _words(shift: Shift) -> str:
    rows = shift.seats.select_related("person").order_by("role", "pk")
    return "、".join(f"{seat.person.name}（{seat.get_role_display()}）" for seat in rows)


def _editable(roster: Roster, by: User) -> None:
    access.check(by, Roster, roster.pk, "duty.roster")
    if not Roster.objects.filter(pk=roster.pk, state="draft").exists():
        raise Refused(f"值班表“{roster}”已发布或作废，不能再改；发布后换人请用“换班”。")
