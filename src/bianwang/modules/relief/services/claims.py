"""Households enter the books and move on; the numbers of a household never leave `secrets`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bianwang.modules.relief.amounts import COUNTED, Measure, due
from bianwang.modules.relief.models import Claim, Person, Programme
from bianwang.modules.relief.persons import Person as Human
from bianwang.modules.relief.services import secrets
from bianwang.modules.relief.services.writing import end_of, last_day, take_numbers
from bianwang.modules.relief.workflow import LIVE
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.personal import masked_account, masked_id, masked_phone
from bianwang.platform.places.models import Organisation, Party
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.services import advance, start

TWICE = "该身份证号码在本项目或同一损失的救助中已有申请，不能重复申请；有疑问请联系村（社）或镇街核对。"


@dataclass(frozen=True)
class Household:
    """What is reported; numbers are checked already (`platform/personal.py`)."""

    people: Sequence[Human] = field(repr=False)
    """The head first."""
    phone: str = field(repr=False)
    account: str = field(repr=False)
    situation: str
    rooms: int = 0
    days: int = 0


@transaction.atomic
def report(user: User, programme: Programme, village: Party, household: Household, *, is_demo: bool = False) -> Claim:
    """The village enters a household. Raises PermissionDenied, ValidationError."""
    access.require(user, "relief.report")
    if not access.scope_of(user, "relief.report").includes(village.pk):
        raise ValidationError({"owner": "只能登记本村（社）或本镇街辖区内的农户。"})
    level = Organisation.objects.filter(pk=village.pk).values_list("level", flat=True).first()
    if level != Organisation.Level.VILLAGE:
        raise ValidationError({"owner": "请选择农户所在的村（社）。"})
    return enter(programme, village, household, by=user, is_demo=is_demo)


@transaction.atomic
def enter(
    programme: Programme,
    village: Party,
    household: Household,
    *,
    by: User | None,
    number: str = "",
    until: date | None = None,
    is_demo: bool = False,
) -> Claim:
    """Write the claim with its people. The caller has checked who may, and that it is a village's.

    Who writes many gives their numbers and the last day of the vote (`until`), which are the same work for all.
    Raises ValidationError; whoever stands in another claim for the loss is refused by the database itself.
    """
    _check(programme, household)
    keys = secrets.once_keys(household.people, programme.loss)
    head, moment = household.people[0], now()
    claim = Claim(
        number=number or take_numbers("claim")[0],
        programme=programme,
        owner=village,
        source=Claim.Source.VILLAGE if by else Claim.Source.SELF,
        head=head.name,
        id_mask=masked_id(head.id_number),
        phone_mask=masked_phone(household.phone),
        account_mask=masked_account(household.account),
        persons=len(household.people),
        rooms=household.rooms,
        days=household.days,
        situation=household.situation.strip(),
        reported_at=moment,
        reported_by=by,
        due_at=end_of(until or last_day("relief.assess", today())),
        is_demo=is_demo,
    )
    claim.amount = amount_of(claim)
    claim.clean_fields(exclude=["state", "state_since"])
    told = {"programme": (None, programme.name), "persons": (None, claim.persons), "amount": (None, claim.amount)}
    try:
        with transaction.atomic():
            start(claim, by=by, verb="relief.report", changes=told)
            Person.objects.bulk_create(
                Person(
                    claim=claim,
                    name=human.name,
                    id_mask=masked_id(human.id_number),
                    digest=secrets.digest("person", human.id_number),
                    once=key,
                    is_head=human is head,
                )
                for key, human in keys.items()
            )
    except IntegrityError as error:
        raise ValidationError(TWICE) from error
    numbers = secrets.Numbers(claim.number, household.phone, household.account, tuple(household.people))
    secrets.sealed(claim, numbers).save(force_insert=True)
    return claim


def refuse_twice(keys: Sequence[str]) -> None:
    """Raises ValidationError where help for the loss stands already."""
    if Person.objects.filter(once__in=keys).exists():
        raise ValidationError(TWICE)


def amount_of(claim: Claim) -> Any:
    """What the policy of the programme gives. Raises ValidationError where that is nothing."""
    try:
        found = due(claim.programme.policy.rate, claim.measure)
    except Refused as error:
        raise ValidationError(str(error)) from error
    if found <= 0:
        field_name = COUNTED.get(claim.programme.policy.per)
        words = {"rooms": "请填写受损房屋间数。", "days": "请填写救助天数。"}
        raise ValidationError({field_name: words[field_name]} if field_name else "救助金额为零，请核对。")
    return found


def submit(claim: Claim, user: User, reason: str = "") -> None:
    """After the public notice, to the town."""
    advance(claim, "submit", user, reason=reason, fields={"escalation": 0})


def check(claim: Claim, user: User, reason: str = "") -> None:
    """The town finds it right."""
    advance(claim, "check", user, reason=reason, fields={"escalation": 0})


def amend(claim: Claim, user: User, values: Mapping[str, int], reason: str) -> None:
    """The town puts rooms or days right, whichever is counted; the amount follows."""
    wanted = copy(claim)
    counted = [name for name in COUNTED.values() if name in values]
    new = {name: values[name] for name in counted if values[name] != getattr(claim, name)}
    if not new:
        raise ValidationError("没有改动，不必更正。")
    for name, value in new.items():
        setattr(wanted, name, value)
    advance(claim, "amend", user, reason=reason, fields={**new, "amount": amount_of(wanted)})


def give_back(claim: Claim, user: User, reason: str) -> None:
    """The town wants another meeting."""
    advance(claim, "return", user, reason=reason, fields={"meeting": None, "votes": None, "escalation": 0})


def approve(claim: Claim, user: User, reason: str = "") -> None:
    """The bureau grants it; from today the time to pay runs."""
    day = today()
    pay_by = last_day("relief.pay", day)
    funded = claim.programme.allotments.filter(day__lte=day).exists()
    fields = {
        "decided_on": day,
        "pay_by": pay_by,
        "funded_pay_by": last_day("relief.pay_arrival", day) if funded else None,
        "escalation": 0,
    }
    advance(claim, "approve", user, reason=reason, fields=fields, due_at=end_of(pay_by))


def send_back(claim: Claim, user: User, reason: str) -> None:
    """The bureau wants the town to look again."""
    advance(claim, "send_back", user, reason=reason, fields={"escalation": 0})


def refuse(claim: Claim, user: User, reason: str) -> None:
    """The town finds that nothing is due."""
    _end(claim, "refuse", user, reason)


def reject(claim: Claim, user: User, reason: str) -> None:
    """The bureau finds that nothing is due."""
    _end(claim, "reject", user, reason)


def sustain(claim: Claim, user: User, reason: str) -> None:
    """An objection was right: nothing is due."""
    _end(claim, "sustain", user, reason)


def fail(claim: Claim, user: User, reason: str, fields: Mapping[str, Any]) -> None:
    """The village voted against it."""
    _end(claim, "fail", user, reason, fields)


def withdraw(claim: Claim, user: User, reason: str) -> None:
    """The household does not want it any more."""
    _end(claim, "withdraw", user, reason)


@transaction.atomic
def change_account(claim: Claim, user: User, account: str, reason: str) -> None:
    """Another account, also after the bank gave the money back."""
    mask = masked_account(account)
    advance(claim, "account", user, reason=reason, fields={"account_mask": mask, "bounced": ""})
    secrets.replace_account(claim, account)


def confirm(claim: Claim, user: User, reason: str = "") -> None:
    """The household has its money."""
    advance(claim, "confirm", user, reason=reason, fields={"escalation": 0})


@transaction.atomic
def reopen(claim: Claim, reason: str) -> None:
    """An appeal was right: the town looks at it again, and the household's right to this help is taken up anew."""
    household = secrets.opened(claim)
    if claim.state not in LIVE:
        keys = secrets.once_keys(household.people, claim.programme.loss)
        refuse_twice(list(keys))
        for key, human in keys.items():
            digest = secrets.digest("person", human.id_number)
            Person.objects.filter(claim=claim, digest=digest).update(once=key)
    fields = {"decided_on": None, "pay_by": None, "funded_pay_by": None, "escalation": 0}
    advance(claim, "reopen", None, reason=reason, fields=fields, due_at=end_of(last_day("relief.check", today())))


@transaction.atomic
def _end(claim: Claim, step: str, user: User, reason: str, fields: Mapping[str, Any] | None = None) -> None:
    """It stands no longer, so the people may claim again."""
    advance(claim, step, user, reason=reason, fields=fields)
    Person.objects.filter(claim=claim).update(once=None)


def _check(programme: Programme, household: Household) -> None:
    if not programme.is_open:
        raise ValidationError({"programme": f"“{programme}”已停止受理，不能再登记。"})
    numbers = [human.id_number for human in household.people]
    if len(set(numbers)) != len(numbers):
        raise ValidationError({"members": "同一个身份证号码在本户出现了两次，请核对。"})


def measure_error(programme: Programme, persons: int, rooms: int, days: int) -> str:
    """Why the policy would give nothing, in words, or ''; the check of a sheet asks before anything is written."""
    rate = programme.policy.rate
    if due(rate, Measure(persons, rooms, days)) > 0:
        return ""
    return "请填写受损房屋间数。" if rate.per == "room" else "请填写救助天数。"
