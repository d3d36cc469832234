"""The contact list: groups, people, their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.duty.models import Contact, ContactGroup, ContactNumber
from bianwang.modules.duty.services.writing import SECRET, change, create
from bianwang.modules.duty.units import own_unit
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Party

CONTACT_COLUMNS = ("name", "title", "position", "substitute", "user", "is_active")
LONGEST_TREE = 20
"""People of one branch of the call tree."""


@transaction.atomic
def create_group(by: User, name: str, position: int = 1, *, is_demo: bool = False) -> ContactGroup:
    """A group kept by the user's own unit. Raises PermissionDenied, ValidationError."""
    access.require(by, "duty.contacts")
    group = ContactGroup(owner=own_unit(by, "duty.contacts"), name=name.strip(), position=position, is_demo=is_demo)
    group.full_clean()
    create(group, "duty.group", name=group.name)
    return group


@transaction.atomic
def change_group(group: ContactGroup, by: User, name: str, position: int) -> None:
    """Rename or move a group. Raises PermissionDenied or Http404 (access door), ValidationError."""
    access.check(by, ContactGroup, group.pk, "duty.contacts")
    change(group, {"name": name.strip(), "position": position}, "duty.group_change")


@transaction.atomic
def create_contact(
    by: User,
    unit: Party,
    values: Mapping[str, Any],
    numbers: Sequence[str],
    groups: Sequence[ContactGroup],
    *,
    is_demo: bool = False,
) -> Contact:
    """Enter somebody. Raises PermissionDenied, ValidationError."""
    access.require(by, "duty.contacts")
    if not access.scope_of(by, "duty.contacts").includes(unit.pk):
        raise ValidationError({"unit": f"{unit}不在您的管辖范围内，请核对单位名称。"})
    contact = Contact(owner_id=unit.pk, is_demo=is_demo, **_only(values))
    _check(contact)
    contact.full_clean()
    create(contact, "duty.contact", name=contact.name)
    _set_numbers(contact, numbers)
    _set_groups(contact, by, groups)
    return contact


@transaction.atomic
def change_contact(
    contact: Contact, by: User, values: Mapping[str, Any], numbers: Sequence[str], groups: Sequence[ContactGroup]
) -> None:
    """Change what is kept of somebody; groups of units out of the user's scope stay as they are.

    Raises PermissionDenied or Http404 (access door), ValidationError.
    """
    access.check(by, Contact, contact.pk, "duty.contacts")
    change(contact, _only(values), "duty.contact_change")
    _check(contact)
    _set_numbers(contact, numbers)
    _set_groups(contact, by, groups)


def _check(contact: Contact) -> None:
    """The call tree must come to an end, and an account must be one of the unit or of its offices."""
    seen, following = {contact.pk}, contact.substitute
    while following is not None and len(seen) <= LONGEST_TREE:
        if following.pk in seen:
            raise ValidationError({"substitute": f"{contact.name}的替补又回到{following.name}，呼叫树不能成环。"})
        seen.add(following.pk)
        following = following.substitute
    if following is not None:
        raise ValidationError({"substitute": f"替补最多 {LONGEST_TREE} 级，请缩短呼叫树。"})
    if contact.user is None:
        return
    places = Party.objects.filter(pk=contact.owner_id) | Party.objects.filter(organisation__parent=contact.owner_id)
    if not contact.user.posts.filter(party__in=places.values("pk")).exists():
        raise ValidationError({"account": f"账号“{contact.user.username}”不是{contact.owner}的人员，请核对。"})


def _set_numbers(contact: Contact, numbers: Sequence[str]) -> None:
    wanted = list(dict.fromkeys(number.strip() for number in numbers if number.strip()))
    if not wanted:
        raise ValidationError({"numbers": "请至少填一个电话。"})
    present = list(contact.numbers.values_list("number", flat=True))
    if wanted == present:
        return
    contact.numbers.all().delete()
    rows = [ContactNumber(contact=contact, position=place, number=number) for place, number in enumerate(wanted, 1)]
    ContactNumber.objects.bulk_create(rows)
    changes = {"phone": ("、".join(present) or None, "、".join(wanted))}
    record("duty.contact_numbers", contact, owner=contact.owner_id, changes=changes, secret=SECRET)


def _set_groups(contact: Contact, by: User, groups: Sequence[ContactGroup]) -> None:
    mine = set(access.visible(by, ContactGroup, "duty.contacts").values_list("pk", flat=True))
    wanted = {group.pk: group for group in groups}
    if not wanted.keys() <= mine:
        raise ValidationError({"groups": "所选分组不由您的单位维护，请重新选择。"})
    present = {group.pk: group for group in contact.groups.all()}
    kept = {key: group for key, group in present.items() if key not in mine}
    if kept.keys() | wanted.keys() == present.keys():
        return
    contact.groups.set([*kept.values(), *wanted.values()])
    before, after = ("、".join(group.name for group in rows.values()) for rows in (present, kept | wanted))
    record("duty.contact_groups", contact, owner=contact.owner_id, changes={"groups": (before or None, after or None)})


def _only(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in CONTACT_COLUMNS if name in values}
