"""Spot checks: asked over the platform and by message, answered with one button."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from bianwang.modules.duty.models import Answer, Check, DutyPost
from bianwang.modules.duty.models.people import Role
from bianwang.modules.duty.queries import on_duty
from bianwang.modules.duty.services.asking import ask, stands_for
from bianwang.modules.duty.units import units as units_of
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.services import record
from bianwang.platform.messages import services as messages
from bianwang.platform.messages.models import Message
from bianwang.platform.places.models import Organisation, Party
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.queries import deadline, limit


@transaction.atomic
def check_units(
    by: User, units: Sequence[Party], *, note: str = "", is_drawn: bool = False, is_demo: bool = False
) -> Check:
    """Ask whoever is on duty at these units to answer. Raises PermissionDenied, ValidationError."""
    access.require(by, "duty.check")
    allowed = units_of(by, "duty.check").filter(pk__in=[unit.pk for unit in units])
    asked = {party.pk: party for party in Party.objects.filter(pk__in=allowed.values("pk"))}
    if not units or len(asked) != len({unit.pk for unit in units}):
        raise ValidationError({"units": "请选择要查岗的单位，至少一个。"})
    rule, moment = limit("duty.answer"), now()
    bureau = Party.objects.get(organisation__level=Organisation.Level.BUREAU)
    check = Check(owner=bureau, asked_at=moment, asked_by=by, minutes=int(rule.value))
    check.note, check.is_drawn, check.is_demo = note.strip(), is_drawn, is_demo
    check.save(force_insert=True)
    names = "、".join(unit.name for unit in asked.values())
    record("duty.check", check, owner=check.owner_id, changes={"units": (None, names)})
    for unit in asked.values():
        _ask(Answer(check_round=check, unit=unit, due_at=deadline(rule, moment)))
    return check


def draw_units(by: User, count: int) -> list[Party]:
    """So many units with a duty post, drawn by chance. Raises PermissionDenied, ValidationError."""
    access.require(by, "duty.check")
    keeping = DutyPost.objects.filter(is_active=True).order_by().values("owner")
    pool: list[Party] = list(units_of(by, "duty.check").filter(pk__in=keeping))
    if not 1 <= count <= len(pool):
        raise ValidationError({"count": f"登记了值班岗位的单位有 {len(pool)} 个，请填 1 至 {len(pool)}。"})
    return secrets.SystemRandom().sample(pool, count)


@transaction.atomic
def answer_check(answer: Answer, by: User) -> None:
    """Whoever is on duty says so. Raises PermissionDenied or Http404 (access door), Refused."""
    access.check(by, Answer, answer.pk, "duty.keep")
    if not may_answer(answer, by):
        raise PermissionDenied(f"要由{answer.person or answer.unit}本人应答。")
    moment = now()
    if not Answer.objects.filter(pk=answer.pk, answered_at__isnull=True).update(answered_at=moment, answered_by=by):
        raise Refused("这次查岗已经应答过了。")
    answer.answered_at, answer.answered_by = moment, by
    todo.close_for(answer)
    record("duty.answer", answer, owner=answer.unit_id, changes={"answer": (None, answer.standing[0])})


def may_answer(answer: Answer, user: User) -> bool:
    """Whether it is for this user to answer."""
    return stands_for(user, [answer.person] if answer.person else [], answer.unit_id)


def _ask(answer: Answer) -> None:
    seats = on_duty(answer.unit)
    seat = next((row for row in seats if row.role == Role.OFFICER), seats[0] if seats else None)
    answer.person = seat.person if seat else None
    answer.save(force_insert=True)
    people = [answer.person] if answer.person else []
    minutes = answer.check_round.minutes
    ask(answer, people, f"查岗，请在 {minutes} 分钟内应答", answer.unit_id, answer.due_at, "duty.keep")
    if answer.person is not None:
        messages.send(
            f"duty-check-{answer.pk}",
            Message.Channel.SMS,
            answer.person.phone,
            f"查岗：请{answer.person}在 {minutes} 分钟内登录必安网，在“待办”中点“我在岗”。{answer.check_round.note}",
            owner=answer.check_round.owner,
            about="值班查岗",
        )
