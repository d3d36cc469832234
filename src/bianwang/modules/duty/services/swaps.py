"""A swap is asked by one, accepted by the other and approved by a third; only then the seats change."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.duty.faults import clash_with
from bianwang.modules.duty.models import Person, Seat, Swap
from bianwang.modules.duty.models.people import Role
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.services import record
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.services import advance, start


@transaction.atomic
def ask_swap(
    seat: Seat, by: User, taker: Person, reason: str, *, back: Seat | None = None, is_demo: bool = False
) -> Swap:
    """Ask a colleague to take one's turn.

    Raises PermissionDenied or Http404 (access door), Refused, ValidationError.
    """
    access.check(by, Seat, seat.pk, "duty.keep")
    if seat.person.user_id != by.pk:
        raise Refused(f"只能由{seat.person}本人提出换班。")
    if taker.user is None:
        raise ValidationError({"taker": f"{taker}没有登记平台账号，不能在平台上同意换班。"})
    if Swap.objects.filter(seat=seat, state__in=("asked", "accepted")).exists():
        raise Refused("这一班已经在申请换班，请等它办完或先撤回。")
    swap = Swap(
        seat=seat, giver=seat.person, taker=taker, back=back, asked_by=by, reason=reason.strip(), is_demo=is_demo
    )
    swap.asked_at = now()
    _check(swap)
    start(swap, by=by, verb="duty.swap_ask", reason=swap.reason)
    todo.open_for(
        swap,
        title=f"换班：{swap}",
        url=swap.get_absolute_url(),
        owner=seat.shift.post.owner_id,
        permission="duty.keep",
        due_at=seat.shift.starts_at,
        assignee=taker.user,
    )
    return swap


@transaction.atomic
def accept_swap(swap: Swap, by: User, reason: str = "") -> None:
    """The colleague agrees."""
    _check(swap)
    advance(swap, "accept", by, reason=reason)


@transaction.atomic
def approve_swap(swap: Swap, by: User, reason: str = "") -> None:
    """The head agrees: the seats change hands, in the ledger of both shifts. Raises as `advance`, Refused."""
    _check(swap)
    advance(swap, "approve", by, reason=reason)
    _hand(swap.seat, swap.giver, swap.taker)
    if swap.back is not None:
        _hand(swap.back, swap.taker, swap.giver)


def _hand(seat: Seat, old: Person, new: Person) -> None:
    if Seat.objects.filter(pk=seat.pk, person=old).update(person=new) != 1:
        raise Refused(f"{seat.shift}已不是{old}值班，不能按这份申请换班。")
    seat.person = new
    record("duty.swap_seat", seat.shift, owner=seat.shift.post.owner_id, changes={"person": (old.name, new.name)})


def _check(swap: Swap) -> None:
    """Whether both may take each other's turn, now as when it was asked."""
    own = (swap.seat.pk, swap.back.pk) if swap.back else (swap.seat.pk,)
    pairs = [(swap.seat, swap.giver, swap.taker)]
    if swap.back is not None:
        pairs.append((swap.back, swap.taker, swap.giver))
    for seat, old, new in pairs:
        shift = seat.shift
        if shift.roster.state != "published" or shift.starts_at <= now():
            raise Refused(f"{shift}没有发布或已经开始，不能换班。")
        if seat.person_id != old.pk:
            raise Refused(f"{shift}不是{old}值班，不能换班。")
        if new.owner_id != shift.post.owner_id or not new.is_active:
            raise Refused(f"{new}不是{shift.post.owner}在用的值班人员，不能换班。")
        if seat.role == Role.LEADER and not new.can_lead:
            raise Refused(f"{new}没有登记为可带班，不能替带班领导的班。")
        if shift.seats.filter(person=new).exclude(pk__in=own).exists():
            raise Refused(f"{new}本来就在 {shift} 值班，请换人。")
        if other := clash_with(new.pk, shift, without=own):
            raise Refused(f"{new}同一时间已排在“{other.shift}”，请换人。")
