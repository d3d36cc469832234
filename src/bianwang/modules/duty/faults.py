"""What is wrong with a roster: gaps, a leader missing, somebody twice at the same hours."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from bianwang.modules.duty.models import Roster, Seat, Shift
from bianwang.modules.duty.turns import Turn, clashes
from bianwang.platform.clock import SHANGHAI, today


def faults(roster: Roster) -> list[str]:
    """One sentence for everything that keeps a roster from being published, in the order of the days."""
    shifts = list(roster.shifts.prefetch_related("seats__person"))
    found = [text for shift in shifts for text in shift_faults(shift)]
    return [*_gap_before(roster), *found, *_clashes(roster)]


def shift_faults(shift: Shift) -> list[str]:
    """What one shift lacks (prefetch `seats__person`)."""
    seats = list(shift.seats.all())
    officers = sum(seat.role == "officer" for seat in seats)
    found = []
    if shift.needs_leader and not any(seat.role == "leader" for seat in seats):
        found.append(f"{shift.day} {shift.name}没有带班领导。")
    if officers < shift.officers:
        found.append(f"{shift.day} {shift.name}需要 {shift.officers} 名值班人员，只排了 {officers} 名。")
    return found


def clash_with(person: int, shift: Shift, *, without: tuple[int, ...] = ()) -> Seat | None:
    """Another seat of the person at the same hours, on any roster that is not discarded."""
    return (
        Seat.objects.filter(person=person, shift__starts_at__lt=shift.ends_at, shift__ends_at__gt=shift.starts_at)
        .exclude(Q(shift__roster__state="discarded") | Q(pk__in=without) | Q(shift=shift))
        .select_related("shift__post__owner", "person")
        .order_by("shift__starts_at", "pk")
        .first()
    )


def _clashes(roster: Roster) -> list[str]:
    """Twice at the same hours, here or beside another roster that is not discarded; two queries for all days."""
    mine = list(Seat.objects.filter(shift__roster=roster).select_related("shift", "person"))
    if not mine:
        return []
    first, last = min(seat.shift.starts_at for seat in mine), max(seat.shift.ends_at for seat in mine)
    others = (
        Seat.objects.filter(person__in={seat.person_id for seat in mine})
        .filter(shift__starts_at__lt=last, shift__ends_at__gt=first)
        .exclude(Q(shift__roster__state="discarded") | Q(shift__roster=roster))
        .select_related("shift", "person")
    )
    rows = [*mine, *others]
    names = {seat.person_id: seat.person.name for seat in rows}
    turns = [Turn(seat.person_id, seat.shift.starts_at, seat.shift.ends_at) for seat in rows]
    return [f"{names[one.person]}在 {_words(one)} 和 {_words(two)} 两个班次同时在岗。" for one, two in clashes(turns)]


def _gap_before(roster: Roster) -> list[str]:
    """Days between the last published roster and this one that are still to come and nobody has planned."""
    before = roster.post.rosters.filter(state="published", last_day__lt=roster.first_day).order_by("-last_day").first()
    present = today()
    if before is None or max(before.last_day + timedelta(days=1), present) >= roster.first_day:
        return []
    missing = before.last_day + timedelta(days=1)
    return [f"{missing} 起到 {roster.first_day} 前没有排班，请先补排这几日。"]


def _words(turn: Turn) -> str:
    return f"{turn.starts.astimezone(SHANGHAI):%m-%d %H:%M}"
