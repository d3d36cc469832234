"""Posts, people and rosters that tests start from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import time_machine

from bianwang.modules.duty import services
from bianwang.modules.duty.models import (
    Check,
    Contact,
    ContactGroup,
    DutyPost,
    GroupMessage,
    Handover,
    Person,
    Recipient,
    Roster,
    Seat,
    Swap,
)
from bianwang.platform.clock import SHANGHAI, now, today
from bianwang.platform.places.models import Party
from tests.people import World


def posted(world: World, unit: Party | None = None, **values: Any) -> DutyPost:
    """A post of the bureau (or of a unit): a leader and one officer around the clock."""
    columns = {"name": "总值班室", "scheme": "whole_day", "officers": 1, "needs_leader": True, "phone": "023-41420000"}
    return services.create_post(world.who("head"), unit or world.bureau, {**columns, **values})


def person(world: World, name: str, unit: Party | None = None, **values: Any) -> Person:
    """Somebody of the bureau (or of a unit) who takes turns."""
    found = Person.objects.filter(owner=unit or world.bureau, name=name).first()
    columns = {"name": name, "phone": "13812345678", "can_lead": True, **values}
    return found or services.create_person(world.who("head"), unit or world.bureau, columns)


def drafted(world: World, post: DutyPost, first: date | None = None, days: int = 3) -> Roster:
    """An empty roster from today."""
    day = first or today()
    return services.draft_roster(world.who("head"), post, day, day + timedelta(days=days - 1))


def seated(world: World, roster: Roster, leader: Person, officers: Sequence[Person]) -> Roster:
    """Everybody in every shift of a roster."""
    for shift in roster.shifts.select_related("post__owner", "roster__post"):
        services.assign(shift, world.who("head"), leader, officers)
    return roster


def published(world: World, first: date | None = None, days: int = 3, unit: Party | None = None) -> Roster:
    """A published roster from yesterday: the leader and the duty officer of the bureau (or people of a unit)."""
    unit = unit or world.bureau
    post = DutyPost.objects.filter(owner=unit).first() or posted(world, unit)
    own = unit.pk == world.bureau.pk
    leader = person(world, "陈局长", unit, user=world.who("leader") if own else None)
    officer = person(world, "王值班", unit, user=world.who("duty") if own else None)
    roster = drafted(world, post, first or today() - timedelta(days=1), days)
    seated(world, roster, leader, [officer])
    begin = datetime.combine(roster.first_day, time(), SHANGHAI)
    # Before its first shift, as it should be.
    with time_machine.travel(min(begin, now()), tick=False):
        services.publish(roster, world.who("head"))
    return roster


def seat_of(roster: Roster, name: str, day: date) -> Seat:
    """Somebody's seat on a day."""
    rows = Seat.objects.select_related("person__user", "shift__post__owner", "shift__roster")
    return rows.get(shift__roster=roster, shift__day=day, person__name=name)


def swapped(world: World, day: date | None = None) -> Swap:
    """The duty officer asks an enforcement officer to take tomorrow's turn."""
    roster = published(world, days=4)
    taker = person(world, "李执法", user=world.who("enforcement"), can_lead=False)
    seat = seat_of(roster, "王值班", day or today() + timedelta(days=1))
    return services.ask_swap(seat, world.who("duty"), taker, "外出培训")


def owed(world: World, unit: Party | None = None, first: date | None = None) -> Handover:
    """The hand-over of the first shift of a roster (from yesterday)."""
    roster = published(world, first=first, unit=unit)
    services.open_handovers()
    ended = Handover.objects.filter(shift__roster=roster).select_related("shift__post__owner", "shift__roster")
    return ended.earliest("shift__ends_at")


def checked(world: World, *units: Party) -> Check:
    """A spot check of some units (default: the first town)."""
    return services.check_units(world.who("duty"), units or [world.town])


def grouped(world: World, name: str = "镇街值班") -> ContactGroup:
    """A group that the bureau keeps."""
    found = ContactGroup.objects.filter(name=name).first()
    return found or services.create_group(world.who("duty"), name)


def contact(world: World, name: str, unit: Party | None = None, **values: Any) -> Contact:
    """Somebody of the first town (or of a unit) in the group."""
    numbers = values.pop("numbers", ["13800001111"])
    columns = {"name": name, "title": "干部", **values}
    return services.create_contact(world.who("duty"), unit or world.town, columns, numbers, [grouped(world)])


def draft(key: str = "k1", **values: Any) -> services.Draft:
    """Something to send: flash, ten minutes."""
    return services.Draft(**{"key": key, "title": "紧急集合", "text": "请到指挥中心", "urgency": "flash", **values})


def messaged(world: World, *contacts: Contact, **values: Any) -> GroupMessage:
    """A message of the bureau to somebody of the first town, who has an account."""
    people = contacts or (contact(world, "赵镇街", user=world.who("town")),)
    return services.send_message(world.who("duty"), draft(**values), people)


def told(message: GroupMessage, name: str) -> Recipient:
    """One person's row, as it is now."""
    return message.recipients.select_related("message__owner", "contact", "root", "sms").get(name=name)
