"""Posts, the people who man them, and the order of turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.duty.models import DutyPost, Person, RotationPlace
from bianwang.modules.duty.models.people import Role
from bianwang.modules.duty.services.writing import change, create
from bianwang.modules.duty.units import units
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Party

POST_COLUMNS = ("name", "scheme", "officers", "needs_leader", "phone", "is_active")
PERSON_COLUMNS = ("name", "title", "phone", "can_lead", "user", "is_active")


@transaction.atomic
def create_post(by: User, unit: Party, values: Mapping[str, Any], *, is_demo: bool = False) -> DutyPost:
    """Set up a post of a unit. Raises PermissionDenied, ValidationError."""
    post = DutyPost(owner=_unit(by, unit), is_demo=is_demo, **_only(values, POST_COLUMNS))
    post.full_clean()
    create(post, "duty.post", name=post.name)
    return post


@transaction.atomic
def change_post(post: DutyPost, by: User, values: Mapping[str, Any]) -> None:
    """Change a post; rosters that exist keep what they were made with. Raises as `create_post`."""
    access.check(by, DutyPost, post.pk, "duty.roster")
    change(post, _only(values, POST_COLUMNS), "duty.post_change")


@transaction.atomic
def create_person(by: User, unit: Party, values: Mapping[str, Any], *, is_demo: bool = False) -> Person:
    """Enter somebody who takes turns. Raises PermissionDenied, ValidationError."""
    person = Person(owner=_unit(by, unit), is_demo=is_demo, **_only(values, PERSON_COLUMNS))
    _check_account(person)
    person.full_clean()
    create(person, "duty.person", name=person.name, phone=person.phone)
    return person


@transaction.atomic
def change_person(person: Person, by: User, values: Mapping[str, Any]) -> None:
    """Change what is kept of a person. Raises as `create_person`."""
    access.check(by, Person, person.pk, "duty.roster")
    change(person, _only(values, PERSON_COLUMNS), "duty.person_change")
    _check_account(person)


@transaction.atomic
def set_rotation(post: DutyPost, by: User, role: str, *, is_rest: bool, people: Sequence[Person]) -> None:
    """Say in which order people take turns; a later roster goes on after the last one's last turn.

    Raises PermissionDenied or Http404 (access door), ValidationError.
    """
    access.check(by, DutyPost, post.pk, "duty.roster")
    _check_order(post, role, people)
    places = RotationPlace.objects.filter(post=post, role=role, is_rest=is_rest)
    before = "、".join(place.person.name for place in places.select_related("person").order_by("position"))
    places.delete()
    RotationPlace.objects.bulk_create(
        RotationPlace(post=post, role=role, is_rest=is_rest, position=number, person=person)
        for number, person in enumerate(people)
    )
    title = f"{'休息日' if is_rest else '工作日'}{Role(role).label}轮换"
    after = "、".join(person.name for person in people)
    record("duty.rotation", post, owner=post.owner_id, changes={title: (before or None, after)})


def _check_order(post: DutyPost, role: str, people: Sequence[Person]) -> None:
    if len({person.pk for person in people}) != len(people):
        raise ValidationError({"names": "轮换名单中有人写了两次，每人只写一次。"})
    strange = next((person for person in people if person.owner_id != post.owner_id or not person.is_active), None)
    if strange is not None:
        raise ValidationError({"names": f"{strange.name}不是本单位在用的值班人员。"})
    follower = next((person for person in people if role == Role.LEADER and not person.can_lead), None)
    if follower is not None:
        raise ValidationError({"names": f"{follower.name}没有登记为可带班，请先在值班人员中改正。"})


def _unit(by: User, unit: Party) -> Party:
    access.require(by, "duty.roster")
    if not units(by, "duty.roster").filter(pk=unit.pk).exists():
        raise ValidationError({"unit": f"{unit}不在您可以排班的单位之内。"})
    return Party.objects.get(pk=unit.pk)


def _check_account(person: Person) -> None:
    """The account must be one of the unit, or of one of its offices."""
    if person.user is None:
        return
    places = Party.objects.filter(pk=person.owner_id) | Party.objects.filter(organisation__parent=person.owner_id)
    if not person.user.posts.filter(party__in=places.values("pk")).exists():
        raise ValidationError({"account": f"账号“{person.user.username}”不是{person.owner}的人员，请核对。"})


def _only(values: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}
